"""How simulations look: the figures of one, and a table and a plot of several sizes of a farm."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qgjob.cli.tables import Column, Table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from qgjob.cli.say import Block
    from qgjob.sim.measures import Measures

_PLOT_WIDTH = 50


def measures_view(measures: Measures) -> Iterator[Block]:
    """Show the figures of one simulation."""
    over = measures.makespan_s / measures.least_makespan_s
    yield (
        f"Simulated: {measures.policy} on {measures.trace}, {measures.jobs:,} jobs in {measures.runs:,} runs on "
        f"{sum(use.workers for use in measures.use.values()):,} simulated workers"
    )
    least = f"{measures.least_makespan_s:,.0f} s"
    yield f"makespan      {measures.makespan_s:,.0f} s, {over:.2f} × what no rule can beat ({least})"
    yield f"installs      {measures.installs:,}"
    yield f"run done in   p50 {measures.result_p50_s:,.0f} s, p95 {measures.result_p95_s:,.0f} s"
    yield f"slowdown      {measures.slowdown:.2f} × what a run takes alone; " + _each(measures.slowdown_by_size)
    by_org = _each(measures.slowdown_by_org)
    yield f"fairness      {measures.fairness:.2f} (largest over smallest slowdown of an org: {by_org})"
    if measures.gave_up:
        yield f"given up      {measures.gave_up:,} jobs had no result, as they would have on a farm"
    yield ""
    yield _waits_table(measures)
    yield ""
    yield _use_table(measures)


def _each(values: Mapping[str, float]) -> str:
    shown = [f"{name} {value:.2f}" for name, value in values.items()]
    return ", ".join(shown) if len(shown) <= 8 else f"{len(shown)} of them"  # noqa: PLR2004  # a line's worth


def _waits_table(measures: Measures) -> Table:
    return Table(
        columns=tuple(
            Column(title=title, right=title != "PRIORITY") for title in ("PRIORITY", "JOBS", "WAIT MEAN", "P50", "P95")
        ),
        rows=tuple(
            (name, f"{waits.jobs:,}", *(f"{each:,.0f} s" for each in (waits.mean_s, waits.p50_s, waits.p95_s)))
            for name, waits in measures.waits.items()
        ),
    )


def _use_table(measures: Measures) -> Table:
    titles = ("SIMULATED CLASS", "WORKERS", "INSTALLING", "TESTING", "IDLE", "DOWN")
    return Table(
        columns=tuple(Column(title=title, right=title != titles[0]) for title in titles),
        rows=tuple(
            (
                name,
                f"{use.workers:,}",
                *(f"{part:.0%}" for part in (use.installing, use.testing, use.idle, use.down)),
            )
            for name, use in measures.use.items()
        ),
    )


def sizes_view(sizes: Sequence[tuple[str, Measures]]) -> Iterator[Block]:
    """Show what several sizes of a farm come to: how long a run takes to its last result."""
    first = sizes[0][1]
    yield f"Simulated: {first.policy} on {first.trace}, {first.jobs:,} jobs in {first.runs:,} runs on simulated workers"
    yield ""
    yield Table(
        columns=tuple(
            Column(title=title, right=title != "WORKERS")
            for title in ("WORKERS", "RUN DONE P50", "P95", "SLOWDOWN", "INSTALLS", "TESTING", "IDLE")
        ),
        rows=tuple(_size_row(name, measures) for name, measures in sizes),
    )
    yield ""
    yield "time to a run's last result: # half of the runs, - 95 % of them"
    longest = max(measures.result_p95_s for _, measures in sizes)
    width = max(len(name) for name, _ in sizes)
    for name, measures in sizes:
        late = max(1, round(measures.result_p95_s / longest * _PLOT_WIDTH))
        half = min(late, max(1, round(measures.result_p50_s / longest * _PLOT_WIDTH)))
        yield f"{name.ljust(width)}  {'#' * half}{'-' * (late - half)} {measures.result_p95_s:,.0f} s"


def _size_row(name: str, measures: Measures) -> tuple[str, ...]:
    workers = sum(use.workers for use in measures.use.values())
    return (
        name,
        f"{measures.result_p50_s:,.0f} s",
        f"{measures.result_p95_s:,.0f} s",
        f"{measures.slowdown:.2f}",
        f"{measures.installs:,}",
        f"{sum(use.testing * use.workers for use in measures.use.values()) / workers:.0%}",
        f"{sum(use.idle * use.workers for use in measures.use.values()) / workers:.0%}",
    )
