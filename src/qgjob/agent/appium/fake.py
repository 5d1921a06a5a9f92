"""No Appium at all: fake runs open no sessions."""

_DISCARD_PORT = 9


class NoAppium:
    """What stands beneath the gateway of an agent with fake devices: nothing that answers."""

    async def port(self) -> int:
        """Return a port at which nobody listens."""
        return _DISCARD_PORT

    def log_end(self) -> int:
        """Return the end of a log that is always empty."""
        return 0

    def device_log(self, _serial: str, *, since: int) -> bytes:  # noqa: ARG002  # as the real one is called
        """Return nothing."""
        return b""
