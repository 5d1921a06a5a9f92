"""What the runs of the store's benchmark come to. Pure arithmetic."""

from collections.abc import Iterator, Mapping, Sequence

from bench.databases import Kind
from bench.goal import Figure
from bench.program import Measures
from bench.spread import ratios, spread
from bench.store.plan import CLAIM_P99_MS, CLAIM_RATIO, DRAIN_GOALS, FEW, QGJOB_ON, Plan

Runs = Mapping[str, Sequence[Measures]]
"""What each program said, by its name, one for each round."""

DRAIN = "claim + complete"
ENGINES = ("graphile-worker", "PgQueuer", "procrastinate")


def qgjob_drain(kind: Kind) -> str:
    """Name the runs that drained qgjob."""
    return f"qgjob on {kind}"


def claimed(kind: Kind, *, waiting: int, groups: int) -> str:
    """Name the runs that timed claims."""
    return f"claims on {kind}, {waiting} in {groups}"


def figures_of(runs: Runs, plan: Plan) -> list[Figure]:
    """Sum up everything that the plan asked for."""
    claims = [
        figure
        for kind in QGJOB_ON
        for groups in plan.groups
        for figure in _claim_figures(runs, kind, waiting=plan.waiting, groups=groups)
    ]
    return [*_drain_ratios(runs), *_drain_rates(runs), *claims]


def _drain_ratios(runs: Runs) -> Iterator[Figure]:
    """Compare qgjob's drain with each engine's, round by round."""
    for kind in QGJOB_ON:
        for engine in ENGINES:
            goal = DRAIN_GOALS.get((kind, engine))
            measured = ratios(_rates(runs[qgjob_drain(kind)]), _rates(runs[engine]))
            missed = goal is not None and not goal.is_met_by(measured.median)
            yield Figure(
                work=DRAIN,
                database=kind,
                against=f"{engine}'s drain",
                unit="x",
                measured=measured,
                goal=goal,
                bounds=what_bounds(runs[qgjob_drain(kind)]) if missed else None,
            )


def what_bounds(drains: Sequence[Measures]) -> str:
    """Say where the time of a job goes: at work in our process, or elsewhere (disk, server, other work)."""
    took_us = spread([run["seconds"] / run["jobs"] * 1e6 for run in drains]).median
    cpu_us = spread([run["cpu_s"] / run["jobs"] * 1e6 for run in drains]).median
    bound = "one process of Python" if cpu_us > took_us / 2 else "what it waits for: disk, database server, other work"
    return f"bounded by {bound} ({cpu_us:.0f} µs of its CPU in {took_us:.0f} µs a job)."


def _drain_rates(runs: Runs) -> Iterator[Figure]:
    """Show each one's own."""
    owners = [(kind, "qgjob", qgjob_drain(kind)) for kind in QGJOB_ON]
    engines = [(Kind.POSTGRESQL, engine, engine) for engine in ENGINES]
    for kind, who, name in [*owners, *engines]:
        yield Figure(work=DRAIN, database=kind, against=who, unit="jobs/s", measured=spread(_rates(runs[name])))


def _claim_figures(runs: Runs, kind: Kind, *, waiting: int, groups: int) -> Iterator[Figure]:
    """Compare a claim among many waiting jobs with one among few, round by round."""
    few = runs[claimed(kind, waiting=FEW[0], groups=FEW[1])]
    many = runs[claimed(kind, waiting=waiting, groups=groups)]
    work = f"claim, {waiting:,} in {groups:,}"
    against = f"p50 of {FEW[0]:,} in {FEW[1]}"
    ratio = ratios(_each(many, "alone_p50_ms"), _each(few, "alone_p50_ms"))
    yield Figure(work=work, database=kind, against=against, unit="x", measured=ratio, goal=CLAIM_RATIO)
    at_once = spread(_each(many, "together_p99_ms"))
    yield Figure(work=work, database=kind, against="p99, 64 at once", unit="ms", measured=at_once, goal=CLAIM_P99_MS)
    alone = spread(_each(many, "alone_p50_ms"))
    yield Figure(work=work, database=kind, against="p50, alone", unit="ms", measured=alone)


def _rates(runs: Sequence[Measures]) -> list[float]:
    return [run["jobs"] / run["seconds"] for run in runs]


def _each(runs: Sequence[Measures], name: str) -> list[float]:
    return [float(run[name]) for run in runs]
