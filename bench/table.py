"""Figures as a table for people. It computes nothing of its own."""

from collections.abc import Iterator, Sequence

from bench.goal import Figure
from bench.spread import Spread

_GAP = "  "
_LARGE = 100
_TENTHS = 10
_HEADER = ("work", "on", "figure", "goal", "median (least-greatest)", "")


def lines_of(figures: Sequence[Figure]) -> Iterator[str]:
    """Lay out the table, and below it what bounds the figures that miss their goal."""
    rows = [_HEADER, *(_row(figure) for figure in figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEADER))]
    for row in rows:
        yield _GAP.join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
    for figure in figures:
        if figure.bounds:
            yield f"Missed: {figure.work} on {figure.database}, {figure.against}: {figure.bounds}"


def number(value: float) -> str:
    """Write a number down with as many digits as mean something."""
    if abs(value) >= _LARGE:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= _TENTHS else f"{value:.2f}"


def shown(measured: Spread) -> str:
    """Write a median down with its spread."""
    return f"{number(measured.median)} ({number(measured.least)}-{number(measured.greatest)})"


def _row(figure: Figure) -> tuple[str, ...]:
    goal = "" if figure.goal is None else str(figure.goal)
    what = f"{figure.unit} {figure.against}" if figure.unit == "x" else f"{figure.against} {figure.unit}".strip()
    return figure.work, figure.database, what, goal, shown(figure.measured), figure.verdict
