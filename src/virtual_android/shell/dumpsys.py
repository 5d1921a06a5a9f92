"""The shell's `dumpsys`: those lines of each service's dump that hosts look for, in Android 13's wording."""

from collections.abc import Callable, Mapping
from datetime import datetime

from virtual_android.device import Device
from virtual_android.events import EventKind
from virtual_android.shell.io import Answer, Args
from virtual_android.uiautomator2.screen import HEIGHT, WIDTH

_TIME = "%Y-%m-%d %H:%M:%S"


def _time(at: datetime) -> str:
    """Write a time as Android's package dump does: device-local (here UTC) and to the second."""
    return at.strftime(_TIME)


def _package(device: Device, args: Args) -> str:
    name = args[0] if args else ""
    package = device.packages.find(name)
    if package is None:
        return f"Unable to find package: {name}\n"
    manifest = package.manifest
    granted = [f"{name}: granted={str(name in package.granted).lower()}" for name in manifest.permissions]
    return "\n".join(
        [
            "Activity Resolver Table:",
            "  Non-Data Actions:",
            "Packages:",
            f"  Package [{manifest.package}] (abc123):",
            "    userId=10123",
            f"    codePath={package.apk_path.removesuffix('/base.apk')}",
            f"    versionCode={manifest.version_code} minSdk={manifest.min_sdk} targetSdk={manifest.target_sdk}",
            f"    versionName={manifest.version_name}",
            f"    timeStamp={_time(package.last_updated_at)}",
            f"    firstInstallTime={_time(package.first_installed_at)}",
            f"    lastUpdateTime={_time(package.last_updated_at)}",
            "    requested permissions:",
            *[f"      {permission}" for permission in manifest.permissions],
            "    install permissions:",
            "    User 0: ceDataInode=1 installed=true hidden=false stopped=false",
            "      runtime permissions:",
            *[f"        {line}" for line in granted],
            "",
        ]
    )


def _window(device: Device, _args: Args) -> str:
    front = device.activities.foreground
    return (
        "WINDOW MANAGER DISPLAY CONTENTS (dumpsys window displays)\n"
        "  Display: mDisplayId=0\n"
        f"    init={WIDTH}x{HEIGHT} 420dpi cur={WIDTH}x{HEIGHT} app={WIDTH}x{HEIGHT}\n"
        f"  mCurrentFocus=Window{{9f8e u0 {front.package}/{front.activity}}}\n"
        f"  mFocusedApp=ActivityRecord{{1a2b3c u0 {front.package}/{front.activity} t12}}\n"
        "    mShowingLockscreen=false\n    mDreamingLockscreen=false\n    isStatusBarKeyguard=false\n"
        "    screenState=SCREEN_STATE_ON\n"
        "    KeyguardServiceDelegate\n      showing=false\n      inputRestricted=false\n"
    )


def _activity(device: Device, args: Args) -> str:
    if "services" in args:
        package = args[-1]
        if package not in device.activities.pids:
            return "ACTIVITY MANAGER SERVICES (dumpsys activity services)\n  (nothing)\n"
        record = f"  * ServiceRecord{{1 u0 {package}/.ForegroundService}}\n    isForeground=true foregroundId=1\n"
        return f"ACTIVITY MANAGER SERVICES (dumpsys activity services)\n{record}"
    if "processes" in args:
        records = [f"  ProcessRecord{{1a2b3c {pid}:{name}/u0a123}}\n" for name, pid in device.activities.pids.items()]
        return "ACTIVITY MANAGER RUNNING PROCESSES (dumpsys activity processes)\n" + "".join(records)
    front = device.activities.foreground
    return f"  mResumedActivity: ActivityRecord{{1a u0 {front.package}/{front.activity} t12}}\n"


def _power(_device: Device, _args: Args) -> str:
    return "Display Power: state=ON\nmWakefulness=Awake\nmHoldingDisplaySuspendBlocker=true\n"


def _idle(_device: Device, args: Args) -> str:
    return f"Added: {' '.join(args[1:])}\n"


_DUMPS: Mapping[str, Callable[[Device, Args], str]] = {
    "activity": _activity,
    "deviceidle": _idle,
    "input_method": lambda _device, _args: "mInputShown=false\nmIsInputViewShown=false\n",
    "package": _package,
    "power": _power,
    "window": _window,
}


def dumpsys(device: Device, args: Args) -> Answer:
    """Give the dump of one service."""
    service = args[0] if args else ""
    dump = _DUMPS.get(service)
    if dump is None:
        device.events.record(EventKind.UNKNOWN_COMMAND, line=" ".join(("dumpsys", *args)))
        return Answer(err=f"Can't find service: {service}\n")
    return Answer(out=dump(device, args[1:]))
