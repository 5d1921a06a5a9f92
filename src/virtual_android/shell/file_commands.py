"""Shell commands about files: what toybox does on a device, as far as hosts ask for it."""

import hashlib
import re
from collections.abc import Mapping

from virtual_android.device import Device
from virtual_android.shell.io import Answer, Args, Command, ShellIO, answering, operands, option_value
from virtual_android.storage import CAPACITY_BYTES, StoredFile

MAX_GREP_BYTES = 16 << 20


def _missing(command: str, path: str) -> Answer:
    return Answer(err=f"{command}: {path}: No such file or directory\n", code=1)


def _echo(_device: Device, args: Args) -> Answer:
    ends_line = list(args[:1]) != ["-n"]
    return Answer(out=" ".join(args if ends_line else args[1:]) + ("\n" if ends_line else ""))


async def _cat(device: Device, args: Args, io: ShellIO) -> int:
    code = 0
    for path in operands(args):
        if file := device.storage.read(path):
            await io.out(file.content)
        else:
            await io.err(f"cat: {path}: No such file or directory\n")
            code = 1
    while not operands(args) and (chunk := await io.stdin.read(1 << 16)):
        await io.out(chunk)
    return code


async def _grep(_device: Device, args: Args, io: ShellIO) -> int:
    text = b""
    while (chunk := await io.stdin.read(1 << 16)) and len(text) < MAX_GREP_BYTES:
        text += chunk
    words = operands(args)
    try:
        pattern = re.compile(words[0] if words else "")
    except re.error as error:
        await io.err(f"grep: bad pattern: {error}\n")
        return 2
    wants_match = "-v" not in args
    hits = [line for line in text.decode("utf-8", "replace").splitlines() if bool(pattern.search(line)) is wants_match]
    await io.out("".join(f"{line}\n" for line in hits))
    return 0 if hits else 1


def _mkdir(device: Device, args: Args) -> Answer:
    for path in operands(args):
        device.storage.make_folder(path)
    return Answer()


def _rm(device: Device, args: Args) -> Answer:
    recursive = any(word.startswith("-") and "r" in word.lower() for word in args)
    forced = any(word.startswith("-") and "f" in word for word in args)
    for pattern in operands(args):
        doomed = device.storage.matching(pattern) + (device.storage.below(pattern) if recursive else [])
        if not doomed and not forced:
            return _missing("rm", pattern)
        for path in doomed:
            device.storage.remove(path)
    return Answer()


def _ls(device: Device, args: Args) -> Answer:
    for path in operands(args):
        if not device.storage.is_folder(path) and not device.storage.matching(path):
            return _missing("ls", path)
    names = {
        file.removeprefix(path.rstrip("/") + "/").split("/")[0] if device.storage.is_folder(path) else file
        for path in operands(args)
        for file in (device.storage.below(path) if device.storage.is_folder(path) else device.storage.matching(path))
    }
    return Answer(out="".join(f"{name}\n" for name in sorted(names)))


def _stat(device: Device, args: Args) -> Answer:
    form = option_value(args, "-c") or "  File: %n\n  Size: %s\nModify: %y"
    path = args[-1] if args else ""
    file = device.storage.read(path)
    if file is None:
        return _missing("stat", path)
    facts = {
        "%n": path,
        "%s": str(len(file.content)),
        "%Y": str(int(file.modified_at.timestamp())),
        "%y": file.modified_at.strftime("%Y-%m-%d %H:%M:%S.%f000 +0000"),
    }
    return Answer(out=re.sub("%[nsYy]", lambda match: facts[match[0]], form) + "\n")


def _checksum(command: str, algorithm: str) -> Command:
    def rule(device: Device, args: Args) -> Answer:
        files: list[tuple[str, StoredFile]] = []
        for path in operands(args):
            file = device.storage.read(path)
            if file is None:
                return _missing(command, path)
            files.append((path, file))
        return Answer(
            out="".join(f"{hashlib.new(algorithm, file.content).hexdigest()}  {path}\n" for path, file in files)
        )

    return answering(rule)


def _test(device: Device, args: Args) -> Answer:
    words = [word for word in args if word != "]"]
    match words:
        case ["-e", path]:
            holds = device.storage.read(path) is not None or device.storage.is_folder(path)
        case ["-f", path]:
            holds = device.storage.read(path) is not None
        case ["-d", path]:
            holds = device.storage.is_folder(path)
        case ["-n", text] | [text]:
            holds = bool(text)
        case ["-z", text]:
            holds = not text
        case [left, "=" | "==", right]:
            holds = left == right
        case [left, "!=", right]:
            holds = left != right
        case _:
            return Answer(err=f"test: cannot judge {' '.join(args)}\n", code=2)
    return Answer(code=0 if holds else 1)


def _df(device: Device, _args: Args) -> Answer:
    total, free = CAPACITY_BYTES // 1024, device.storage.free_bytes() // 1024
    used = total - free
    return Answer(
        out="Filesystem       1K-blocks     Used Available Use% Mounted on\n"
        f"/dev/block/dm-5  {total:9d} {used:8d} {free:9d} {used * 100 // total:3d}% /data\n"
    )


FILE_COMMANDS: Mapping[str, Command] = {
    "[": answering(_test),
    "cat": _cat,
    "df": answering(_df),
    "echo": answering(_echo),
    "grep": _grep,
    "ls": answering(_ls),
    "mkdir": answering(_mkdir),
    "rm": answering(_rm),
    "sha256sum": _checksum("sha256sum", "sha256"),
    "stat": answering(_stat),
    "test": answering(_test),
}
