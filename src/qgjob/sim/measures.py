"""What a simulation came to, in figures. Every one of them is of simulated devices."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, median

from qgjob.core.words import Priority
from qgjob.sim.bounds import alone_s, least_makespan_s
from qgjob.sim.happened import Happened
from qgjob.sim.trace import Trace, TraceJob

_LATE_PART = 0.95
_SIZES = ((1, 10), (11, 50), (51, None))
"""Runs by their number of jobs, from and to."""


@dataclass(frozen=True, kw_only=True)
class Waits:
    """How long jobs waited from their submission to their first start, in seconds."""

    jobs: int
    mean_s: float
    p50_s: float
    p95_s: float


@dataclass(frozen=True, kw_only=True)
class Use:
    """What workers did between the first submission and the last result, in parts of their time."""

    workers: int
    installing: float
    testing: float
    idle: float
    down: float


@dataclass(frozen=True, kw_only=True)
class Measures:
    """The figures of one simulation. A run's slowdown: how long it took, over what it would take on an empty farm.

    `fairness`: the largest mean slowdown of an org over the smallest. `result_p50_s`, `result_p95_s`: from the
    submission of a run to its last result. `gave_up`: jobs to which the farm gave no result.
    """

    trace: str
    policy: str
    jobs: int
    runs: int
    makespan_s: float
    least_makespan_s: float
    installs: int
    slowdown: float
    slowdown_by_org: Mapping[str, float]
    slowdown_by_size: Mapping[str, float]
    fairness: float
    waits: Mapping[str, Waits]
    result_p50_s: float
    result_p95_s: float
    use: Mapping[str, Use]
    gave_up: int


def measure(happened: Happened, *, policy: str) -> Measures:
    """Work out the figures of a simulation that has come to its end."""
    trace = happened.trace
    runs = [_RunTook(jobs=jobs, took_s=_took_s(happened, jobs)) for jobs in trace.runs.values()]
    slowdowns = [(run, run.took_s / alone_s(trace, run.jobs)) for run in runs]
    by_org = _means((run.jobs[0].org, slowdown) for run, slowdown in slowdowns)
    first_s, last_s = min(job.submit_s for job in trace.jobs), max(happened.ended.values())
    results = sorted(run.took_s for run in runs)
    return Measures(
        trace=trace.name,
        policy=policy,
        jobs=len(trace.jobs),
        runs=len(runs),
        makespan_s=last_s,
        least_makespan_s=least_makespan_s(trace),
        installs=happened.installs,
        slowdown=fmean(slowdown for _, slowdown in slowdowns),
        slowdown_by_org=by_org,
        slowdown_by_size=_means((_size(run.jobs), slowdown) for run, slowdown in slowdowns),
        fairness=max(by_org.values()) / min(by_org.values()),
        waits=_waits(happened),
        result_p50_s=median(results),
        result_p95_s=_late(results),
        use=_use(happened, first_s=first_s, last_s=last_s),
        gave_up=len(happened.gave_up),
    )


@dataclass(frozen=True, kw_only=True)
class _RunTook:
    jobs: Sequence[TraceJob]
    took_s: float


def _took_s(happened: Happened, jobs: Sequence[TraceJob]) -> float:
    return max(happened.ended[job.job] for job in jobs) - min(job.submit_s for job in jobs)


def _size(jobs: Sequence[TraceJob]) -> str:
    for least, most in _SIZES:
        if most is None or len(jobs) <= most:
            return f"{least}-{most or ''} jobs"
    raise AssertionError("the last size has no end")


def _means(pairs: Iterable[tuple[str, float]]) -> Mapping[str, float]:
    values: dict[str, list[float]] = {}
    for name, value in pairs:
        values.setdefault(name, []).append(value)
    return {name: fmean(each) for name, each in sorted(values.items())}


def _late(ordered: Sequence[float]) -> float:
    """Find the value behind 95 % of all."""
    return ordered[min(len(ordered) - 1, int(_LATE_PART * len(ordered)))]


def _waits(happened: Happened) -> Mapping[str, Waits]:
    waited: dict[Priority, list[float]] = {}
    for job in happened.trace.jobs:
        if job.job in happened.started:
            waited.setdefault(job.priority, []).append(happened.started[job.job] - job.submit_s)
    return {
        priority.value: Waits(
            jobs=len(waited[priority]),
            mean_s=fmean(waited[priority]),
            p50_s=median(waited[priority]),
            p95_s=_late(sorted(waited[priority])),
        )
        for priority in reversed(Priority)
        if priority in waited
    }


def _use(happened: Happened, *, first_s: float, last_s: float) -> Mapping[str, Use]:
    use = {}
    for name, workers in sorted(happened.trace.classes.items()):
        whole = workers * (last_s - first_s)
        installing, testing = happened.installing_s.get(name, 0) / whole, happened.testing_s.get(name, 0) / whole
        down = _down_s(happened.trace, name, first_s=first_s, last_s=last_s) / whole
        use[name] = Use(
            workers=workers,
            installing=installing,
            testing=testing,
            idle=max(0, 1 - installing - testing - down),
            down=down,
        )
    return use


def _down_s(trace: Trace, name: str, *, first_s: float, last_s: float) -> float:
    return sum(
        max(0, min(until_s, last_s) - max(since_s, first_s))
        for worker in trace.workers
        if worker.worker_class == name
        for since_s, until_s in worker.down
    )
