"""How a farm stands, as far as it says what comes next: groups as sums, workers, and the jobs that are asked for.

All times are counted from now.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from qgjob.core.policy import Rank
from qgjob.core.words import GroupId, JobId, WorkerId

_NOW = timedelta(0)


@dataclass(frozen=True, kw_only=True)
class Stretch:
    """Waiting jobs that follow one another on their group's list. `work`: the sum of their estimates.

    `job_id`: the single job that it is, where that is asked for. `wakes_in`: it rests until then. `planned`: nobody has
    submitted it yet.
    """

    jobs: int
    work: timedelta
    rank: Rank
    job_id: JobId | None = None
    wakes_in: timedelta = _NOW
    planned: bool = False


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A waiting job that is asked for. `before`: so many jobs of its lane stand before it, which are so much work.

    `wakes_in`: it rests until then, and is counted nowhere.
    """

    job_id: JobId
    rank: Rank
    estimate: timedelta
    before: int
    work_before: timedelta
    wakes_in: timedelta = _NOW


@dataclass(frozen=True, kw_only=True)
class Planned:
    """Jobs of one group that are only planned and counted nowhere; they would follow one another on its list.

    `before`: so many jobs of their lane would stand before them, which are so much work. `shortest`: estimate of all.
    """

    rank: Rank
    jobs: int
    work: timedelta
    shortest: timedelta
    before: int
    work_before: timedelta


def stretches_of(
    rank: Rank, lanes: Mapping[int, tuple[int, timedelta]], asked: Iterable[Asked | Planned] = ()
) -> tuple[Stretch, ...]:
    """Lay out what waits in a group, in the order of its list. `lanes`: of each lane so many jobs, so much work.

    `rank`: of its best job. Of the others only that of jobs asked for is known; what lies between takes the one after.
    """
    jobs = sorted(asked, key=_place_on_list)
    return tuple(
        stretch
        for lane in sorted({*lanes, *(job.rank.lane for job in jobs)})
        for stretch in _lane(
            rank if rank.lane == lane else Rank(lane=lane, due_at=rank.due_at, run=rank.run),
            *lanes.get(lane, (0, _NOW)),
            [job for job in jobs if job.rank.lane == lane],
        )
        if stretch.jobs > 0
    )


def _place_on_list(job: Asked | Planned) -> tuple[int, int, Rank, timedelta]:
    longest_first = -job.estimate if isinstance(job, Asked) else _NOW
    return job.rank.lane, job.before, job.rank, longest_first


def _lane(best: Rank, jobs: int, work: timedelta, asked: Sequence[Asked | Planned]) -> Iterator[Stretch]:
    passed, work_passed = 0, _NOW
    rank = best
    for job in asked:
        yield Stretch(jobs=job.before - passed, work=job.work_before - work_passed, rank=rank)
        rank = job.rank
        if isinstance(job, Planned):
            yield Stretch(jobs=job.jobs, work=job.work, rank=rank, planned=True)
        else:
            yield Stretch(jobs=1, work=job.estimate, rank=rank, job_id=job.job_id, wakes_in=job.wakes_in)
        passed, work_passed = job.before, job.work_before
        if isinstance(job, Asked) and not job.wakes_in:
            passed, work_passed = passed + 1, work_passed + job.estimate
    yield Stretch(jobs=jobs - passed, work=work - work_passed, rank=rank)


@dataclass(frozen=True, kw_only=True)
class GroupAhead:
    """A group and what of it waits, best first. `version`: the app version, as one text.

    `install`: what it costs on a worker that does not hold it. `servers`: leases in force on it, whose expected ends
    add up to `ends_in`; each that is overdue counts below 0.
    """

    group_id: GroupId
    version: str
    needs: str
    install: timedelta
    stretches: tuple[Stretch, ...]
    servers: int = 0
    ends_in: timedelta = _NOW


@dataclass(frozen=True, kw_only=True)
class LeaseAhead:
    """A lease in force. It should end in `ends_in`, below 0 when it is overdue."""

    group_id: GroupId
    ends_in: timedelta


@dataclass(frozen=True, kw_only=True)
class WorkerAhead:
    """A worker. `needs`: the requirements that it meets; none: it gets no more work, whatever waits.

    `free_in`: when it takes work again. `version`: what it holds then, installed `held_for` ago; `reinstall`: what
    that would cost once more.
    """

    worker_id: WorkerId
    needs: frozenset[str]
    version: str | None = None
    held_for: timedelta = _NOW
    reinstall: timedelta = _NOW
    free_in: timedelta = _NOW
    lease: LeaseAhead | None = None


@dataclass(frozen=True, kw_only=True)
class FarmAhead:
    """How things stand. `cut`: the requirements whose unserved groups are not all there, and the last that is."""

    groups: Sequence[GroupAhead]
    workers: Sequence[WorkerAhead]
    cut: Mapping[str, Rank] = field(default_factory=dict)
