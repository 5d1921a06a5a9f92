"""What stands in adb's place where all devices are fakes: nothing that could die."""

_NO_PORT = 0


class NoAdb:
    """The way to fake devices, which is always there."""

    port = _NO_PORT
    deaths = 0

    async def ensure(self) -> None:
        """Do nothing."""

    async def answers(self) -> bool:
        """Say yes."""
        return True
