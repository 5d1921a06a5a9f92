"""The shell's `pm` (also reached as `cmd package`): installs, removes, clears and lists packages."""

import asyncio
from collections.abc import Mapping

from virtual_android.device import Device
from virtual_android.events import EventKind
from virtual_android.packages import DEFAULT_REPLACES_SINCE_SDK, InstallOptions, InstallRefusedError
from virtual_android.shell.io import Answer, Args, Command, ShellIO, answering, operands, option_value
from virtual_android.storage import CAPACITY_BYTES


async def _install(device: Device, args: Args, io: ShellIO) -> int:
    try:
        apk = await _apk_bytes(device, args, io)
        package = await device.install(apk, _options(args, device.identity.sdk))
    except InstallRefusedError as refusal:
        await io.out(f"Failure [{refusal}]\n")
        return 1
    device.logcat.write("PackageManager", f"path of {package.manifest.package} is {package.apk_path}")
    await io.out("Success\n")
    return 0


def _options(args: Args, sdk: int) -> InstallOptions:
    return InstallOptions(
        replaces="-r" in args or (sdk >= DEFAULT_REPLACES_SINCE_SDK and "-R" not in args),
        allows_downgrade="-d" in args,
        allows_test_only="-t" in args,
        grants_permissions="-g" in args,
    )


async def _apk_bytes(device: Device, args: Args, io: ShellIO) -> bytes:
    size = option_value(args, "-S")
    if size is None:
        path = args[-1] if args else ""
        file = device.storage.read(path)
        if file is None:
            raise InstallRefusedError("INSTALL_FAILED_INVALID_URI", f"Unable to open file: {path}")
        return file.content
    if not size.isdigit():
        raise InstallRefusedError("INSTALL_FAILED_INVALID_APK", f"-S takes a number of bytes, not {size}")
    if int(size) > CAPACITY_BYTES:
        raise InstallRefusedError("INSTALL_FAILED_INSUFFICIENT_STORAGE", f"{size} bytes do not fit")
    try:
        return await io.stdin.readexactly(int(size))
    except asyncio.IncompleteReadError as error:
        detail = f"got {len(error.partial)} of {size} bytes"
        raise InstallRefusedError("INSTALL_FAILED_INVALID_APK", detail) from error


def _uninstall(device: Device, args: Args) -> Answer:
    package = (operands(args) or [""])[-1]
    if device.uninstall(package, keeps_data="-k" in args):
        return Answer(out="Success\n")
    return Answer(out="Failure [DELETE_FAILED_INTERNAL_ERROR]\n", code=1)


def _clear(device: Device, args: Args) -> Answer:
    package = (operands(args) or [""])[-1]
    return Answer(out="Success\n") if device.clear(package) else Answer(out="Failed\n", code=1)


def _path(device: Device, args: Args) -> Answer:
    package = device.packages.find((operands(args) or [""])[-1])
    return Answer(out=f"package:{package.apk_path}\n") if package else Answer(code=1)


def _list(device: Device, args: Args) -> Answer:
    match args[0] if args else "":
        case "packages":
            return _list_packages(device, args[1:])
        case "instrumentation":
            lines = [
                f"instrumentation:{package.manifest.package}/{runner.name} (target={runner.target})\n"
                for package in device.packages.all()
                for runner in package.manifest.test_runners
            ]
            return Answer(out="".join(lines))
        case "features":
            return Answer(out="feature:android.hardware.touchscreen\n")
        case "users":
            return Answer(out="Users:\n\tUserInfo{0:Owner:c13} running\n")
        case what:
            return Answer(err=f"Error: unknown list type '{what}'\n", code=255)


def _list_packages(device: Device, args: Args) -> Answer:
    wanted = (operands(args) or [""])[-1]
    versions = {"android": device.identity.sdk} if "-3" not in args else {}
    versions |= {package.manifest.package: package.manifest.version_code for package in device.packages.all()}
    shows_version = "--show-versioncode" in args
    lines = [
        f"package:{name} versionCode:{version}\n" if shows_version else f"package:{name}\n"
        for name, version in versions.items()
        if wanted in name
    ]
    return Answer(out="".join(lines))


def _set_granted(device: Device, args: Args, *, granted: bool) -> Answer:
    package, *permissions = operands(args) or [""]
    for permission in permissions:
        if not device.packages.set_granted(package, permission, granted=granted):
            return Answer(err=f"java.lang.IllegalArgumentException: Unknown package: {package}\n", code=255)
    return Answer()


def _resolve_activity(device: Device, args: Args) -> Answer:
    package = device.packages.find((operands(args) or [""])[-1])
    if package is None or package.manifest.launcher is None:
        return Answer(out="No activity found\n")
    return Answer(out=f"priority=0 preferredOrder=0\n{package.manifest.package}/{package.manifest.launcher}\n")


_SUBCOMMANDS: Mapping[str, Command] = {
    "clear": answering(_clear),
    "grant": answering(lambda device, args: _set_granted(device, args, granted=True)),
    "install": _install,
    "list": answering(_list),
    "path": answering(_path),
    "resolve-activity": answering(_resolve_activity),
    "revoke": answering(lambda device, args: _set_granted(device, args, granted=False)),
    "uninstall": answering(_uninstall),
}


async def pm(device: Device, args: Args, io: ShellIO) -> int:
    """Run one subcommand of the package manager."""
    subcommand = _SUBCOMMANDS.get(args[0] if args else "")
    if subcommand is None:
        device.events.record(EventKind.UNKNOWN_COMMAND, line=" ".join(("pm", *args)))
        await io.err(f"Unknown command: {args[0] if args else ''}\n")
        return 255
    return await subcommand(device, [word for word in args[1:] if word not in {"--user", "0"}], io)
