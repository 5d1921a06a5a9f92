"""Tables as text. Ids are never cut or wrapped, on however narrow a terminal, because people paste them.

The only place that imports Rich; it is imported when a table is drawn, not before.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.text import Text

_UNBOUNDED = 100_000
"""Columns of a stream that is no terminal: nothing there is wrapped for anybody's eyes."""
_NARROWEST = 8
_GAP = 2
_STYLES = {
    "PASSED": "green",
    "COMPLETED": "green",
    "HEALTHY": "green",
    "IDLE": "green",
    "OK": "green",
    "FLAKY": "yellow",
    "BUSY": "cyan",
    "RUNNING": "cyan",
    "QUEUED": "cyan",
    "FAILED": "red",
    "TIMED_OUT": "red",
    "TIMEDOUT": "red",
    "APP_ERROR": "red",
    "CONFIGURATION_ERROR": "magenta",
    "INFRA_ERROR": "magenta",
    "NO_TESTS": "magenta",
    "OFFLINE": "magenta",
    "QUARANTINED": "magenta",
    "CANCELLED": "dim",
    "SKIPPED": "dim",
}


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column's heading. `whole`: its cells are neither wrapped nor cut; `right`: they are aligned to the right."""

    title: str
    whole: bool = False
    right: bool = False


@dataclass(frozen=True, kw_only=True)
class Table:
    """Cells by row; every row has as many as there are columns."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]


def draw(table: Table, *, width: int | None, colour: bool) -> str:
    """Draw a table into lines without trailing blanks. `width` None: no terminal, as wide as it needs to be."""
    from rich.console import Console  # noqa: PLC0415  # a tenth of a second that only tables pay
    from rich.table import Table as Grid  # noqa: PLC0415

    grid = Grid(box=None, pad_edge=False, padding=(0, _GAP, 0, 0), header_style="bold" if colour else "")
    for column in table.columns:
        grid.add_column(
            column.title,
            no_wrap=column.whole or width is None,
            overflow="fold",
            justify="right" if column.right else "left",
        )
    for row in table.rows:
        grid.add_row(*(_cell(text) for text in row))
    console = Console(
        file=io.StringIO(),
        width=_UNBOUNDED if width is None else max(width, _least_width(table)),
        force_terminal=colour,
        color_system="standard" if colour else None,
        no_color=not colour,
        legacy_windows=False,
    )
    with console.capture() as drawn:
        console.print(grid)
    return "\n".join(line.rstrip() for line in drawn.get().splitlines())


def _cell(text: str) -> Text:
    from rich.text import Text  # noqa: PLC0415  # with the rest of Rich

    return Text(text, style=_STYLES.get(text.upper(), ""))


def _least_width(table: Table) -> int:
    """Columns that the whole cells need, with a little left for each of the others."""
    cells = zip(*([column.title for column in table.columns], *table.rows), strict=True)
    needed = (
        max(map(len, column_cells)) if column.whole else _NARROWEST
        for column, column_cells in zip(table.columns, cells, strict=True)
    )
    return sum(width + _GAP for width in needed)
