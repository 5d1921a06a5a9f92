"""The shell's `am` (also reached as `cmd activity`): starts and stops apps, runs UiAutomator2's server."""

import asyncio
from collections.abc import Mapping

from virtual_android.device import Device
from virtual_android.events import EventKind
from virtual_android.shell.io import Answer, Args, Command, ShellIO, answering, option_value
from virtual_android.uiautomator2.instrumentation import SERVER_PACKAGE, TEST_PACKAGE

SETTINGS_PACKAGE = "io.appium.settings"
"""Appium's settings app never stays in front: its activity closes itself."""


def _full_name(component: str) -> tuple[str, str]:
    package, _, activity = component.partition("/")
    return package, f"{package}{activity}" if activity.startswith(".") else activity


def _start(device: Device, args: Args) -> Answer:
    component = option_value(args, "-n") or (args[-1] if args else "")
    name, activity = _full_name(component)
    package = device.packages.find(name)
    if package is not None and not activity:
        activity = package.manifest.launcher or ""
    if package is None or activity not in package.manifest.activities:
        return Answer(
            out=f"Starting: Intent {{ cmp={component} }}\nError type 3\n"
            f"Error: Activity class {{{component}}} does not exist.\n",
            code=1,
        )
    if "-S" in args:
        device.stop(name)
    is_cold = device.activities.start_process(name) if name == SETTINGS_PACKAGE else device.start(package, activity)
    out = f"Starting: Intent {{ act=android.intent.action.MAIN cmp={component} }}\n"
    if "-W" in args:
        state = "COLD" if is_cold else "HOT"
        out += f"Status: ok\nLaunchState: {state}\nActivity: {component}\nTotalTime: 10\nWaitTime: 12\nComplete\n"
    return Answer(out=out)


def _force_stop(device: Device, args: Args) -> Answer:
    device.stop(args[-1] if args else "")
    return Answer()


async def _instrument(device: Device, _args: Args, io: ShellIO) -> int:
    if device.packages.find(SERVER_PACKAGE) is None or device.packages.find(TEST_PACKAGE) is None:
        await io.out(
            "INSTRUMENTATION_STATUS: Error=Unable to find instrumentation info\nINSTRUMENTATION_STATUS_CODE: -1\n"
        )
        return 1
    instrumentation = device.begin_instrumentation()
    await io.out("INSTRUMENTATION_STATUS: class=io.appium.uiautomator2.server.test.AppiumUiAutomator2Server\n")
    await io.out("INSTRUMENTATION_STATUS_CODE: 1\n")
    ends = [asyncio.create_task(instrumentation.ended.wait()), asyncio.create_task(io.hung_up.wait())]
    await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
    for end in ends:
        end.cancel()
    if device.instrumentation is instrumentation:
        device.end_instrumentation()
    await io.out("INSTRUMENTATION_CODE: 0\n")
    return 0


def _broadcast(_device: Device, _args: Args) -> Answer:
    return Answer(out='Broadcasting: Intent {  }\nBroadcast completed: result=-1, data=""\n')


def _start_service(device: Device, args: Args) -> Answer:
    package, _ = _full_name(option_value(args, "-n") or (args[-1] if args else ""))
    if device.packages.find(package) is None:
        return Answer(out="Error: Not found; no service started.\n", code=1)
    device.activities.start_process(package)
    return Answer(out=f"Starting service: Intent {{ cmp={package} }}\n")


_SUBCOMMANDS: Mapping[str, Command] = {
    "broadcast": answering(_broadcast),
    "force-stop": answering(_force_stop),
    "get-current-user": answering(lambda _device, _args: Answer(out="0\n")),
    "instrument": _instrument,
    "start": answering(_start),
    "start-activity": answering(_start),
    "start-foreground-service": answering(_start_service),
    "start-service": answering(_start_service),
    "startservice": answering(_start_service),
    "stop-service": answering(lambda _device, _args: Answer(out="Stopping service\n")),
    "stopservice": answering(lambda _device, _args: Answer(out="Stopping service\n")),
}


async def am(device: Device, args: Args, io: ShellIO) -> int:
    """Run one subcommand of the activity manager."""
    subcommand = _SUBCOMMANDS.get(args[0] if args else "")
    if subcommand is None:
        device.events.record(EventKind.UNKNOWN_COMMAND, line=" ".join(("am", *args)))
        await io.err(f"Error: unknown command '{args[0] if args else ''}'\n")
        return 255
    return await subcommand(device, args[1:], io)
