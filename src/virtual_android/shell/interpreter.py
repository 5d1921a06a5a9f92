"""Runs shell lines on the device: steps in order, pipes through memory, redirections into the device's files."""

import asyncio
from dataclasses import replace

from virtual_android.device import Device
from virtual_android.events import EventKind
from virtual_android.shell.commands import COMMANDS
from virtual_android.shell.io import ShellIO
from virtual_android.shell.syntax import Connector, Invocation, Redirect, ShellSyntaxError, Step, parse
from virtual_android.storage import NoSpaceError

MAX_PIPED_BYTES = 16 << 20
NOT_FOUND = 127
_TRANSPARENT = frozenset({"exec", "nohup", "command"})


async def run_line(line: str, device: Device, io: ShellIO) -> int:
    """Run one line and give its exit code; what the device has no command for is recorded and answered with 127."""
    try:
        steps = parse(line)
    except ShellSyntaxError as error:
        device.events.record(EventKind.UNKNOWN_COMMAND, line=line)
        await io.err(f"/system/bin/sh: syntax error: {error}\n")
        return 1
    code = 0
    for step in steps:
        if (step.connector is Connector.AND and code) or (step.connector is Connector.OR and not code):
            continue
        if step.pipeline[0].words[:1] == ("exit",):
            return _exit_code(step, code)
        code = await _run_pipeline(step.pipeline, device, io)
    return code


def _exit_code(step: Step, last: int) -> int:
    word = step.pipeline[0].words[1:2]
    return int(word[0]) & 0xFF if word and word[0].isdigit() else last


async def _run_pipeline(pipeline: tuple[Invocation, ...], device: Device, io: ShellIO) -> int:
    stdin = io.stdin
    for invocation in pipeline[:-1]:
        piped = _Collected()
        await _run_invocation(invocation, device, replace(io, stdin=stdin, write_out=piped.write))
        stdin = asyncio.StreamReader()
        stdin.feed_data(piped.content)
        stdin.feed_eof()
    return await _run_invocation(pipeline[-1], device, replace(io, stdin=stdin))


async def _run_invocation(invocation: Invocation, device: Device, io: ShellIO) -> int:
    collected: list[tuple[Redirect, _Collected]] = []
    for redirect in invocation.redirects:
        io = _redirected(redirect, io, collected)
    code = await _run_command(invocation.words, device, io)
    for redirect, output in collected:
        try:
            _store(redirect, output.content, device)
        except NoSpaceError:
            await io.err(f"/system/bin/sh: {redirect.target}: No space left on device\n")
            return 1
    return code


def _redirected(redirect: Redirect, io: ShellIO, collected: "list[tuple[Redirect, _Collected]]") -> ShellIO:
    output = _Collected()
    writers = {"&1": io.write_out, "&2": io.write_err}
    if redirect.target not in writers:
        collected.append((redirect, output))
    target = writers.get(redirect.target, output.write)
    return replace(io, write_out=target) if redirect.descriptor == 1 else replace(io, write_err=target)


def _store(redirect: Redirect, content: bytes, device: Device) -> None:
    if redirect.target == "/dev/null":
        return
    before = device.storage.read(redirect.target) if redirect.appends else None
    device.storage.write(redirect.target, (before.content if before else b"") + content)


async def _run_command(words: tuple[str, ...], device: Device, io: ShellIO) -> int:
    while words and words[0] in _TRANSPARENT:
        words = words[1:]
    if not words or words[0] == "export":  # no command of this device reads its environment
        return 0
    name = words[0].removeprefix("/system/bin/")
    command = COMMANDS.get(name)
    if command is None:
        device.events.record(EventKind.UNKNOWN_COMMAND, line=" ".join(words))
        await io.err(f"/system/bin/sh: {words[0]}: inaccessible or not found\n")
        return NOT_FOUND
    return await command(device, words[1:], io)


class _Collected:
    """Keeps what a command writes, up to a limit; the rest is cut as by a reader that closed the pipe."""

    def __init__(self) -> None:
        self.content = b""

    async def write(self, data: bytes) -> None:
        self.content = (self.content + data)[:MAX_PIPED_BYTES]
