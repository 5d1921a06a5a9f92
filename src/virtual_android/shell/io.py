"""What a shell command is, what it reads from and writes to."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from virtual_android.device import Device


@dataclass(frozen=True, kw_only=True)
class ShellIO:
    """The three standard streams of a command; `hung_up` is set when the host no longer listens."""

    stdin: asyncio.StreamReader
    write_out: Callable[[bytes], Awaitable[None]]
    write_err: Callable[[bytes], Awaitable[None]]
    hung_up: asyncio.Event

    async def out(self, text: str | bytes) -> None:
        """Write to standard output."""
        if text:
            await self.write_out(text.encode() if isinstance(text, str) else text)

    async def err(self, text: str) -> None:
        """Write to standard error."""
        if text:
            await self.write_err(text.encode())


@dataclass(frozen=True, kw_only=True)
class Answer:
    """All that a simple command has to say."""

    out: str | bytes = ""
    err: str = ""
    code: int = 0


Args = Sequence[str]
Command = Callable[[Device, Args, ShellIO], Awaitable[int]]
"""Runs with the words after the command's name and gives the exit code."""


def answering(rule: Callable[[Device, Args], Answer]) -> Command:
    """Make a command of a function that needs no streams."""

    async def command(device: Device, args: Args, io: ShellIO) -> int:
        answer = rule(device, args)
        await io.out(answer.out)
        await io.err(answer.err)
        return answer.code

    return command


def operands(args: Args) -> list[str]:
    """Give the words that are no options."""
    return [word for word in args if not word.startswith("-")]


def option_value(args: Args, name: str) -> str | None:
    """Give the word after the option `name`."""
    index = args.index(name) if name in args else len(args)
    return args[index + 1] if index + 1 < len(args) else None
