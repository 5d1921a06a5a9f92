"""Finds the devices that an agent is to serve: those it was told, or all that adb has."""

import asyncio
from collections.abc import Sequence

from qgjob.agent.device.adb import AdbDevice
from qgjob.agent.device.adb_tool import AdbTool
from qgjob.core.errors import ConfigurationError, InfrastructureError

APPEAR_TIMEOUT_S = 5.0
"""How long a server that has just started may take to see what is plugged in."""
_POLL_S = 0.25


async def find_devices(adb: AdbTool, wanted: Sequence[str]) -> list[AdbDevice]:
    """Return these devices, connected, or all that are online when none is named.

    Raises ConfigurationError that says which is not there and what adb has instead.
    """
    if not wanted:
        return [AdbDevice(serial, adb) for serial in await all_online(adb)]
    devices = [AdbDevice(serial, adb) for serial in dict.fromkeys(wanted)]
    await _wait_for_cables(adb, devices)
    connected = await asyncio.gather(*(device.connect() for device in devices), return_exceptions=True)
    for outcome in connected:
        if isinstance(outcome, InfrastructureError):
            raise ConfigurationError(f"{outcome.message} adb has: {', '.join(await adb.online()) or 'no device'}.")
        if isinstance(outcome, BaseException):
            raise outcome
    return devices


async def all_online(adb: AdbTool) -> Sequence[str]:
    """Return the serials of all that is online. Raises ConfigurationError when nothing is, a few seconds later."""
    serials: Sequence[str] = ()
    try:
        async with asyncio.timeout(APPEAR_TIMEOUT_S):
            while not (serials := await adb.online()):  # noqa: ASYNC110 - adb tells nobody
                await asyncio.sleep(_POLL_S)
    except TimeoutError:
        raise ConfigurationError(
            "adb has no device online: plug one in and allow debugging, start an emulator, or name a network device "
            "with --device HOST:PORT."
        ) from None
    return serials


async def _wait_for_cables(adb: AdbTool, devices: Sequence[AdbDevice]) -> None:
    """Wait for those that adb cannot be told to connect to; a wrong serial is then told in seconds."""
    missing = {device.serial for device in devices if not device.is_on_network}
    try:
        async with asyncio.timeout(APPEAR_TIMEOUT_S):
            while missing := missing - set(await adb.online()):  # noqa: ASYNC110 - adb tells nobody
                await asyncio.sleep(_POLL_S)
    except TimeoutError:
        raise ConfigurationError(
            f"There is no device {', '.join(sorted(missing))}. adb has: {', '.join(await adb.online()) or 'no device'}."
        ) from None
