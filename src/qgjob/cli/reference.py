"""Writes docs/cli.md from the commands themselves: `python -m qgjob.cli.reference > docs/cli.md`."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING

import click

from qgjob.cli.exits import EPILOG
from qgjob.cli.main import cli
from qgjob.cli.say import say_text

if TYPE_CHECKING:
    from collections.abc import Iterator

_VERBATIM = "\b\n"
"""Click's mark before lines that must not be rewrapped."""


def reference() -> str:
    """Write the whole page as Markdown."""
    return "\n".join([*_introduction(), *_pages(cli, _context(cli, "qgjob", None))])


def _introduction() -> Iterator[str]:
    yield "# The `qgjob` command"
    yield ""
    yield "Written from the commands' own help by `./run docs`; do not edit."
    yield ""
    yield "Results go to stdout, with `-o json` as one JSON document alone; progress and messages go to stderr. Where a"
    yield "stream is no terminal there are neither colours nor cursor movements. Commands that ask a server take the"
    yield "options of `qgjob` itself as well, before or after their name."
    yield ""
    yield from _text(EPILOG)
    yield ""


def _pages(command: click.Command, ctx: click.Context) -> Iterator[str]:
    """Write a command and then, if it is a group, the commands in it."""
    yield f"## {ctx.command_path}"
    yield ""
    yield from _text(inspect.cleandoc(command.help or ""))
    yield ""
    yield "```"
    yield " ".join([ctx.command_path, *command.collect_usage_pieces(ctx)])
    yield "```"
    yield ""
    records = [parameter.get_help_record(ctx) for parameter in _own_parameters(command, ctx)]
    if records:
        yield "| | |"
        yield "|---|---|"
        yield from (f"| {_code(record[0])} | {_cell(record[1])} |" for record in records if record is not None)
        yield ""
    if isinstance(command, click.Group):
        for name in command.list_commands(ctx):
            inner = command.get_command(ctx, name)
            if inner is not None:
                yield from _pages(inner, _context(inner, name, ctx))


def _context(command: click.Command, name: str, parent: click.Context | None) -> click.Context:
    return command.make_context(name, [], parent=parent, resilient_parsing=True)


def _own_parameters(command: click.Command, ctx: click.Context) -> list[click.Parameter]:
    """List what a command takes besides the options of `qgjob` itself, which are described there."""
    shared = set() if ctx.parent is None else {parameter.name for parameter in ctx.find_root().command.get_params(ctx)}
    return [parameter for parameter in command.get_params(ctx) if parameter.name not in shared]


def _text(text: str) -> Iterator[str]:
    """Write paragraphs as they are, and what Click must not rewrap as a block of its own."""
    for number, paragraph in enumerate(text.strip("\n").split("\n\n")):
        if number:
            yield ""
        if _VERBATIM in f"{paragraph}\n":
            yield "```"
            yield paragraph.replace(_VERBATIM, "").strip("\n")
            yield "```"
        else:
            yield paragraph


def _code(names: str) -> str:
    return ", ".join(f"`{_cell(name)}`" for name in names.split(", "))


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


if __name__ == "__main__":
    say_text(reference().removesuffix("\n"))
