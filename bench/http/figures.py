"""What the runs of the server's benchmark come to. Pure arithmetic."""

from collections.abc import Iterator, Mapping, Sequence

from bench.databases import Kind
from bench.goal import Figure, Goal
from bench.http.plan import (
    FEW_JOBS,
    JOBS_A_RUN,
    MEMORY_RATIO,
    POST_JOBS,
    POST_RUNS,
    READ_RATIO,
    STARTS_P50_MS,
    STARTS_P99_MS,
    Plan,
)
from bench.program import Measures
from bench.spread import Spread, ratios, spread

Runs = Mapping[str, Sequence[Measures]]

REFERENCE = "POST /jobs, bare Starlette"
ENQUEUE = "PgQueuer's enqueue"
READS = ("GET /jobs", "GET /stats")


def posts(kind: Kind) -> str:
    """Name the runs that post one job a request."""
    return f"POST /jobs on {kind}"


def run_posts(kind: Kind) -> str:
    """Name the runs that post many jobs a request."""
    return f"POST /runs on {kind}"


def reads(kind: Kind, read: str, jobs: int) -> str:
    """Name the runs that read while so many jobs are kept."""
    return f"{read} on {kind} with {jobs:,}"


def memory(kind: Kind, jobs: int) -> str:
    """Name the measures of a server's memory after so many jobs."""
    return f"memory on {kind} after {jobs:,}"


def starts(kind: Kind) -> str:
    """Name the runs that time jobs until they run."""
    return f"submit to running on {kind}"


def figures_of(runs: Runs, plan: Plan, *, kinds: Sequence[Kind]) -> list[Figure]:
    """Sum up everything that the plan asked for."""
    bare, enqueued = _rate(runs[REFERENCE]), _jobs_rate(runs[ENQUEUE])
    return [
        *(figure for kind in kinds for figure in _figures(runs, plan, kind)),
        Figure(work="POST /jobs", database="none", against="Starlette itself", unit="requests/s", measured=bare),
        Figure(work="enqueue", database=Kind.POSTGRESQL, against="PgQueuer", unit="jobs/s", measured=enqueued),
    ]


def _figures(runs: Runs, plan: Plan, kind: Kind) -> Iterator[Figure]:
    def figure(work: str, against: str, unit: str, measured: Spread, goal: Goal | None = None) -> Figure:
        return Figure(work=work, database=kind, against=against, unit=unit, measured=measured, goal=goal)

    ours, bare = runs[posts(kind)], runs[REFERENCE]
    yield figure("POST /jobs", "bare Starlette", "x", ratios(_rates(ours), _rates(bare)), POST_JOBS[kind])
    yield figure("POST /jobs", "qgjob", "requests/s", _rate(ours))
    bulk = f"POST /runs of {JOBS_A_RUN}"
    many, enqueued = runs[run_posts(kind)], runs[ENQUEUE]
    yield figure(bulk, "PgQueuer's enqueue", "x", ratios(_jobs_rates(many), _jobs_rates(enqueued)), POST_RUNS[kind])
    yield figure(bulk, "qgjob", "jobs/s", _jobs_rate(many))
    for read in READS:
        few, all_of_them = runs[reads(kind, read, FEW_JOBS)], runs[reads(kind, read, plan.kept)]
        against = f"{plan.kept:,} jobs against {FEW_JOBS:,}"
        yield figure(read, against, "x", ratios(_each(all_of_them, "p50_ms"), _each(few, "p50_ms")), READ_RATIO)
        yield figure(read, f"p50 with {plan.kept:,} jobs", "ms", spread(_each(all_of_them, "p50_ms")))
    started = runs[starts(kind)]
    yield figure("submit to running", "p50", "ms", spread(_each(started, "p50_ms")), STARTS_P50_MS)
    yield figure("submit to running", "p99", "ms", spread(_each(started, "p99_ms")), STARTS_P99_MS)
    small, large = _each(runs[memory(kind, FEW_JOBS)], "mb"), _each(runs[memory(kind, plan.kept)], "mb")
    yield figure("memory", f"{plan.kept:,} jobs against {FEW_JOBS:,}", "x", ratios(large, small), MEMORY_RATIO)
    yield figure("memory", f"after {plan.kept:,} jobs", "MB", spread(large))


def _rates(runs: Sequence[Measures]) -> list[float]:
    return [run["requests"] / run["seconds"] for run in runs]


def _rate(runs: Sequence[Measures]) -> Spread:
    return spread(_rates(runs))


def _jobs_rates(runs: Sequence[Measures]) -> list[float]:
    return [run["jobs"] / run["seconds"] for run in runs]


def _jobs_rate(runs: Sequence[Measures]) -> Spread:
    return spread(_jobs_rates(runs))


def _each(runs: Sequence[Measures], name: str) -> list[float]:
    return [float(run[name]) for run in runs]
