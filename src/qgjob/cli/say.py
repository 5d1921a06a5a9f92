"""All printing of the command line: results to stdout, everything else to stderr.

Where a stream is no terminal nothing but plain text reaches it, and what came from tests and devices can never steer a
terminal: control characters are taken out of every line.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import click

from qgjob.cli.settings import OutputForm
from qgjob.cli.tables import Table, draw

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from qgjob.cli.settings import Settings

Block = str | Table
"""A piece of a view: a line, or a table."""

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


class Say:
    """Speaks in the form and at the loudness that the settings ask for."""

    def __init__(self, settings: Settings) -> None:
        self._json = settings.output is OutputForm.JSON
        self._quiet = settings.quiet

    @property
    def in_json(self) -> bool:
        """Whether results are JSON: then stdout carries one document and nothing else."""
        return self._json

    def result(self, document: object, view: Iterable[Block]) -> None:
        """Write a result to stdout: the document as JSON, or the view for people."""
        if self._json:
            _write(json.dumps(document, indent=2, ensure_ascii=False), sys.stdout)
            return
        for block in view:
            _write(_drawn(block), sys.stdout)

    def progress(self, line: str) -> None:
        """Tell on stderr what is going on, unless asked to be quiet."""
        if not self._quiet:
            _write(_plain(line), sys.stderr)

    def event(self, document: Mapping[str, object]) -> None:
        """Write one event of a stream to stdout, as one line of JSON; nothing where results are for people."""
        if self._json:
            _write(json.dumps(document, ensure_ascii=False), sys.stdout)

    def problem(self, message: str) -> None:
        """Tell on stderr what went wrong beside the result; no setting silences it."""
        say_problem(message)

    @contextmanager
    def live(self, drawn: Callable[[], Sequence[str]]) -> Iterator[bool]:
        """On a terminal keep these lines below those of progress, drawn anew every second while the block lasts.

        False where there is none, or where it shows the events as well. `drawn` is called from another thread.
        """
        if self._quiet or not _is_live(sys.stderr) or (self._json and sys.stdout.isatty()):
            yield False
            return
        from rich.console import Console  # noqa: PLC0415  # a tenth of a second that only a live view pays
        from rich.live import Live  # noqa: PLC0415
        from rich.text import Text  # noqa: PLC0415

        def renderable() -> Text:
            lines = (" ".join(_plain(line).split()) for line in drawn())
            return Text("\n".join(lines), no_wrap=True, overflow="ellipsis")

        console = Console(stderr=True, no_color=not _colour(sys.stderr))
        with Live(
            get_renderable=renderable, console=console, refresh_per_second=1, transient=True, redirect_stdout=False
        ):
            yield True

    @contextmanager
    def waiting(self, title: str) -> Iterator[None]:
        """Say what is waited for; on a terminal it stays below the lines of progress while the block lasts."""
        if self._quiet or not _is_live(sys.stderr):
            self.progress(title)
            yield
            return
        from rich.console import Console  # noqa: PLC0415  # a tenth of a second that only a live view pays

        with Console(stderr=True, no_color=not _colour(sys.stderr)).status(title, spinner="line"):
            yield


def ask(question: str) -> str:
    """Ask on the terminal and return the first word of the answer, in small letters; "" where there is none."""
    _write(_plain(question), sys.stderr)
    words = sys.stdin.readline().split()
    return words[0].lower() if words else ""


def say_text(text: str) -> None:
    """Write a text that is the result itself, such as a completion script, as it stands."""
    _write(text, sys.stdout)


def say_problem(message: str) -> None:
    """Write an error to stderr; no setting silences it."""
    _write(_plain(f"Error: {message}"), sys.stderr)


def _drawn(block: Block) -> str:
    if isinstance(block, str):
        return _plain(block)
    rows = tuple(tuple(" ".join(_plain(cell).splitlines()) for cell in row) for row in block.rows)
    return draw(Table(columns=block.columns, rows=rows), width=_width(sys.stdout), colour=_colour(sys.stdout))


def _plain(text: str) -> str:
    return _CONTROL.sub("", click.unstyle(text))


def _width(stream: TextIO) -> int | None:
    return shutil.get_terminal_size().columns if stream.isatty() else None


def _is_live(stream: TextIO) -> bool:
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def _colour(stream: TextIO) -> bool:
    return _is_live(stream) and not os.environ.get("NO_COLOR")


def _write(text: str, stream: TextIO) -> None:
    """Write one line. A reader that went away (`qgjob list | head`) changes neither the work nor the exit code."""
    try:
        stream.write(text + "\n")
        stream.flush()
    except BrokenPipeError:
        with Path(os.devnull).open("wb") as nowhere:
            os.dup2(nowhere.fileno(), stream.fileno())
