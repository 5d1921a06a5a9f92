"""What no rule could beat: the least time that a trace takes, and what a run would take alone."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

from qgjob.sim.trace import Trace, TraceJob

_BEST_STARTS = 8
_HALVINGS = 60


@dataclass(kw_only=True)
class _Version:
    """The work of an app version: all of it, its longest job, when it begins, and one installation at its least."""

    work_s: float = 0
    longest_s: float = 0
    first_s: float = math.inf
    install_s: float = math.inf

    def device_s(self, within_s: float) -> float:
        """Time of devices that it takes to be done within so long, with as many installations as that needs."""
        per_device_s = within_s - self.install_s
        return self.work_s + self.install_s * max(1, math.ceil(self.work_s / per_device_s - 1e-9))


def alone_s(trace: Trace, jobs: Iterable[TraceJob]) -> float:
    """How long a run would take on the empty farm: install everywhere at once, then no device idle before the last.

    The longest of its requirements and versions counts. Uploads are left out.
    """
    there = trace.classes
    together: dict[tuple[str, str], list[float]] = {}
    for job in jobs:
        together.setdefault((job.app_version, job.requirement), []).append(job.seconds)
    return max(
        _install_s(trace, version, requirement)
        + max(*seconds, sum(seconds) / sum(there.get(name, 0) for name in trace.requirements[requirement]))
        for (version, requirement), seconds in together.items()
    )


def least_makespan_s(trace: Trace) -> float:
    """A time before which the last result of a trace cannot come, whatever decides.

    For every set of classes that some requirements are confined to, and every moment: what is submitted from then on
    must be done by those workers, each version with as many installations as it needs workers to be done in time.
    And every job takes its own installation and time from its submission on.
    """
    there = trace.classes
    longest = max(
        job.submit_s + _install_s(trace, job.app_version, job.requirement) + job.seconds for job in trace.jobs
    )
    bounds = [longest]
    for classes in _confined(trace):
        jobs = [job for job in trace.jobs if trace.requirements[job.requirement] & there.keys() <= classes]
        bounds.append(_bound_s(trace, jobs, workers=sum(there[name] for name in classes)))
    return max(bounds)


def _confined(trace: Trace) -> set[frozenset[str]]:
    """All the unions of requirements' classes."""
    there = trace.classes
    single = {frozenset(trace.requirements[job.requirement] & there.keys()) for job in trace.jobs}
    return {
        frozenset[str]().union(*chosen)
        for size in range(1, len(single) + 1)
        for chosen in combinations(sorted(single, key=sorted), size)
    }


def _bound_s(trace: Trace, jobs: Sequence[TraceJob], *, workers: int) -> float:
    """Look at each moment of submission with one installation a version, and closer at those that matter most."""
    versions = _versions(trace, jobs)
    installs_s = {version.first_s: 0.0 for version in versions.values()}
    for version in versions.values():
        installs_s[version.first_s] += version.install_s
    of_moment: dict[float, float] = {}
    for job in jobs:
        of_moment[job.submit_s] = of_moment.get(job.submit_s, 0) + job.seconds
    rough: list[tuple[float, float]] = []
    left_s = 0.0
    for moment_s in sorted(of_moment, reverse=True):
        left_s += of_moment[moment_s] + installs_s.get(moment_s, 0)
        rough.append((moment_s + left_s / workers, moment_s))
    starts = {start for _, start in sorted(rough, reverse=True)[:_BEST_STARTS]} | {min(of_moment)}
    return max(_bound_from_s(trace, jobs, start, workers=workers) for start in sorted(starts))


def _bound_from_s(trace: Trace, jobs: Sequence[TraceJob], start_s: float, *, workers: int) -> float:
    """The least time by which so many workers do what is submitted from a moment on."""
    older = {job.app_version for job in jobs if job.submit_s < start_s}
    versions = _versions(trace, [job for job in jobs if job.submit_s >= start_s])
    for name in older & versions.keys():
        versions[name].install_s = 0  # it may be there already
    return start_s + _least_s(list(versions.values()), workers=workers)


def _least_s(versions: Sequence[_Version], *, workers: int) -> float:
    """The least time in which the work of all versions fits, each installed on as many workers as it then needs."""

    def fits(within_s: float) -> bool:
        return sum(version.device_s(within_s) for version in versions) <= workers * within_s

    low = max(version.install_s + version.longest_s for version in versions)
    if fits(low):
        return low
    high = low + sum(version.install_s + version.work_s for version in versions)
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (low, middle) if fits(middle) else (middle, high)
    return low


def _versions(trace: Trace, jobs: Iterable[TraceJob]) -> dict[str, _Version]:
    versions: dict[str, _Version] = {}
    for job in jobs:
        version = versions.setdefault(job.app_version, _Version())
        version.work_s += job.seconds
        version.longest_s = max(version.longest_s, job.seconds)
        version.first_s = min(version.first_s, job.submit_s)
        version.install_s = min(version.install_s, _install_s(trace, job.app_version, job.requirement))
    return versions


def _install_s(trace: Trace, app_version: str, requirement: str) -> float:
    """The least installation on a worker that meets a requirement."""
    there, installs = trace.classes, trace.installs[app_version]
    return min(installs[name].seconds for name in trace.requirements[requirement] if name in there)
