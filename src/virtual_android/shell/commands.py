"""The table of all shell commands of the device."""

from collections.abc import Mapping

from virtual_android.device import Device
from virtual_android.events import EventKind
from virtual_android.shell.activity_commands import am
from virtual_android.shell.dumpsys import dumpsys
from virtual_android.shell.file_commands import FILE_COMMANDS
from virtual_android.shell.io import Args, Command, ShellIO, answering
from virtual_android.shell.package_commands import pm
from virtual_android.shell.system_commands import SYSTEM_COMMANDS
from virtual_android.shell.virtual_commands import virtual

NO_SUCH_SERVICE = 20
_SILENT_SERVICES = frozenset({"appops", "notification"})


async def _cmd(device: Device, args: Args, io: ShellIO) -> int:
    """Hand over to the service that is named first."""
    service = args[0] if args else ""
    if service == "package":
        return await pm(device, args[1:], io)
    if service == "activity":
        return await am(device, args[1:], io)
    if service in _SILENT_SERVICES:
        return 0
    device.events.record(EventKind.UNKNOWN_COMMAND, line=" ".join(("cmd", *args)))
    await io.err(f"cmd: Can't find service: {service}\n")
    return NO_SUCH_SERVICE


async def _appops(_device: Device, _args: Args, _io: ShellIO) -> int:
    return 0


COMMANDS: Mapping[str, Command] = {
    **FILE_COMMANDS,
    **SYSTEM_COMMANDS,
    "am": am,
    "appops": _appops,
    "cmd": _cmd,
    "dumpsys": answering(dumpsys),
    "pm": pm,
    "virtual": answering(virtual),
}
