"""Shell commands about the system: properties, settings, time, processes, input, the log."""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime

from virtual_android.device import Device
from virtual_android.shell.io import Answer, Args, Command, ShellIO, answering, operands
from virtual_android.uiautomator2.png import draw
from virtual_android.uiautomator2.screen import HEIGHT, WIDTH, look

MAX_PROPERTIES = 1_000
_BACK_KEYS = frozenset({"4", "KEYCODE_BACK", "BACK"})
_HOME_KEYS = frozenset({"3", "KEYCODE_HOME", "HOME"})


def _getprop(device: Device, args: Args) -> Answer:
    if args:
        return Answer(out=device.properties.get(args[0], args[1] if len(args) > 1 else "") + "\n")
    return Answer(out="".join(f"[{name}]: [{value}]\n" for name, value in sorted(device.properties.items())))


def _setprop(device: Device, args: Args) -> Answer:
    if not args or args[0].startswith("ro.") or len(device.properties) >= MAX_PROPERTIES:
        return Answer(err=f"Failed to set property '{' '.join(args)}'.\nSee dmesg for error reason.\n", code=1)
    device.properties[args[0]] = " ".join(args[1:])
    return Answer()


def _settings(device: Device, args: Args) -> Answer:
    match list(args):
        case ["get", space, name]:
            return Answer(out=device.settings.get((space, name), "null") + "\n")
        case ["put", space, name, value, *_] if len(device.settings) < MAX_PROPERTIES:
            device.settings[space, name] = value
            return Answer()
        case ["delete", space, name]:
            return Answer(out=f"Deleted {int(device.settings.pop((space, name), None) is not None)} rows\n")
        case ["list", space]:
            lines = [f"{name}={value}\n" for (where, name), value in sorted(device.settings.items()) if where == space]
            return Answer(out="".join(lines))
        case _:
            return Answer(err=f"Invalid command: {' '.join(args)}\n", code=255)


def _date(_device: Device, args: Args) -> Answer:
    now = datetime.now(UTC)
    form = next((word[1:] for word in args if word.startswith("+")), "%a %b %e %H:%M:%S UTC %Y")
    with_nanoseconds = form.replace("%N", f"{now.microsecond:06d}000").replace("%s", str(int(now.timestamp())))
    return Answer(out=now.strftime(with_nanoseconds) + "\n")


def _wm(_device: Device, args: Args) -> Answer:
    answers = {"size": f"Physical size: {WIDTH}x{HEIGHT}\n", "density": "Physical density: 420\n"}
    return Answer(out=answers.get(args[0] if args else "", ""))


def _ps(device: Device, _args: Args) -> Answer:
    rows = [f"u0_a123 {pid} 1 100000 50000 0 0 S {name}\n" for name, pid in device.activities.pids.items()]
    return Answer(out="USER PID PPID VSZ RSS WCHAN ADDR S NAME\n" + "".join(rows))


def _pidof(device: Device, args: Args) -> Answer:
    found = [str(pid) for name, pid in device.activities.pids.items() if name in operands(args)]
    return Answer(out=" ".join(found) + "\n" if found else "", code=0 if found else 1)


def _kill(device: Device, args: Args) -> Answer:
    names = {str(pid): name for name, pid in device.activities.pids.items()}
    for pid in operands(args):
        if pid not in names:
            return Answer(err=f"kill: {pid}: No such process\n", code=1)
        device.stop(names[pid])
    return Answer()


def _input(device: Device, args: Args) -> Answer:
    app = device.activities.foreground.app
    match list(args):
        case ["keyevent", *_, key] if key in _BACK_KEYS:
            device.after(app.back()) if app else device.activities.show_home()
        case ["keyevent", *_, key] if key in _HOME_KEYS:
            device.activities.show_home()
        case ["tap", x, y] if x.isdigit() and y.isdigit():
            view = look(device.activities).at(int(x), int(y))
            if app and view.element:
                device.after(app.click(view.element))
        case ["text", text] if app and app.focused:
            app.type_into(app.focused, text.replace("%s", " "))
        case _:
            pass  # other keys and gestures change nothing on these screens
    return Answer()


def _screencap(device: Device, _args: Args) -> Answer:
    return Answer(out=draw(look(device.activities)))


async def _logcat(device: Device, args: Args, io: ShellIO) -> int:
    if "-c" in args:
        device.logcat.clear()
        return 0
    await io.out("--------- beginning of main\n")
    if "-d" in args:
        await io.out("".join(f"{line}\n" for line in device.logcat.lines()))
        return 0

    async def follow() -> None:
        async for line in device.logcat.follow():
            await io.out(f"{line}\n")

    following = asyncio.create_task(follow())
    await io.hung_up.wait()
    following.cancel()
    await asyncio.gather(following, return_exceptions=True)
    return 0


def _fixed(out: str) -> Command:
    return answering(lambda _device, _args: Answer(out=out))


SYSTEM_COMMANDS: Mapping[str, Command] = {
    "date": answering(_date),
    "false": answering(lambda _device, _args: Answer(code=1)),
    "getprop": answering(_getprop),
    "id": _fixed("uid=2000(shell) gid=2000(shell) groups=2000(shell) context=u:r:shell:s0\n"),
    "ime": _fixed(""),
    "input": answering(_input),
    "kill": answering(_kill),
    "logcat": _logcat,
    "pidof": answering(_pidof),
    "ps": answering(_ps),
    "screencap": answering(_screencap),
    "setprop": answering(_setprop),
    "settings": answering(_settings),
    "true": _fixed(""),
    "wm": answering(_wm),
}
