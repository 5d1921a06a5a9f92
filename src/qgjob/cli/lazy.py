"""A Click group that imports a command's module only when that command is wanted, so that `--help` stays fast."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, kw_only=True)
class Entry:
    """Where a command lives (`package.module:attribute`) and its one line for the overview."""

    target: str
    summary: str


class LazyGroup(click.Group):
    """A group of commands known by `entries`; the overview is written from the summaries alone, importing nothing."""

    def __init__(self, *, entries: Mapping[str, Entry], **settings: object) -> None:
        super().__init__(**settings)  # type: ignore[arg-type]  # Click's own settings, passed through unseen
        self.entries = dict(entries)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All names, in the order in which they were entered: the way of a job, not the alphabet."""
        del ctx
        return list(self.entries)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the one command asked for."""
        del ctx
        entry = self.entries.get(cmd_name)
        return None if entry is None else load(entry)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the overview without importing a single command."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(name, entry.summary) for name, entry in self.entries.items()])


def load(entry: Entry) -> click.Command:
    """Import the command that an entry names."""
    module_name, _, attribute = entry.target.partition(":")
    command: object = getattr(import_module(module_name), attribute)
    if not isinstance(command, click.Command):
        raise TypeError(f"{entry.target} is a {type(command).__name__}, not a command")
    return command
