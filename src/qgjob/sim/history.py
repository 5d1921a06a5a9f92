"""A farm's own past as a trace: what was submitted, and what tests and installations were measured to take.

It makes nothing up: a job that never ran to an end has no measured time, and is left out. Where a version was never
installed on a class of workers, the mean of what was measured there stands for it, and that is said.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import fmean

from qgjob.core.errors import ConfigurationError
from qgjob.core.words import WorkerId
from qgjob.core.worker import Worker
from qgjob.service import past
from qgjob.service.past import PastInstall, PastJob
from qgjob.sim.trace import Install, Trace, TraceJob, TraceWorker
from qgjob.store import Transaction

_DAY = timedelta(days=1)

_Served = Mapping[str, frozenset[str]]
"""The classes that meet what each group asks for."""


@dataclass(frozen=True, kw_only=True)
class Past:
    """A trace of what was, and in sentences what of it could not be in it."""

    trace: Trace
    left_out: tuple[str, ...]


def past_of(tx: Transaction, *, since: timedelta) -> Past:
    """Read the past of a farm. Raises ConfigurationError when nothing of it was measured."""
    since_at = tx.now - since
    submitted = past.jobs(tx, since_at=since_at)
    ran = [job for job in submitted if job.took is not None]
    if not ran:
        raise ConfigurationError(f"No job that ran to its end was submitted since {since_at:%Y-%m-%d %H:%M} UTC.")
    workers = past.workers(tx)
    asked = past.requirements(tx, {job.group_id for job in ran})
    met: _Served = {
        group_id: frozenset(class_of(worker) for worker in workers if worker.meets(requirement))
        for group_id, requirement in asked.items()
    }
    served = [job for job in ran if met[job.group_id]]
    if not served:
        raise ConfigurationError("No worker of the farm meets what the jobs of its past asked for.")
    measured = _Measured(
        past.installs(tx, since_at=since_at), {worker.worker_id: class_of(worker) for worker in workers}
    )
    trace = Trace(
        name=f"the past {since / _DAY:g} days",
        workers=tuple(
            TraceWorker(name=f"simulated {worker.name}", worker_class=class_of(worker)) for worker in workers
        ),
        requirements={group_id: classes for group_id, classes in met.items() if classes},
        installs=_installs(served, met, measured),
        org_weights={str(org): weight for org, weight in past.weights(tx).items()},
        jobs=tuple(_job_of(job, served[0].submitted_at) for job in served),
    )
    return Past(trace=trace, left_out=tuple(_left_out(len(submitted), len(ran), len(served), measured.guessed)))


def class_of(worker: Worker) -> str:
    """Name the class of a worker: its platform, what it serves as, and its model."""
    what = f"{worker.platform or 'any'}/{'+'.join(sorted(worker.targets))}"
    return f"{what} {worker.model}".strip()


class _Measured:
    """What installations were measured to take, by app version and class; `guessed`: how many had no measure."""

    def __init__(self, installs: Sequence[PastInstall], classes: Mapping[WorkerId, str]) -> None:
        self.guessed = 0
        self._by_version: dict[tuple[str, str], list[float]] = {}
        self._by_class: dict[str, list[float]] = {}
        for each in installs:
            name, seconds = classes.get(each.worker_id), each.took.total_seconds()
            if name is not None:
                self._by_version.setdefault((_version(each), name), []).append(seconds)
                self._by_class.setdefault(name, []).append(seconds)
        self._all = [seconds for each in self._by_class.values() for seconds in each]

    def install(self, version: str, name: str) -> Install:
        """Say what an installation takes: as it was there, else as others were there, else as they were anywhere."""
        seconds = self._by_version.get((version, name))
        if seconds is None:
            self.guessed += 1
            seconds = self._by_class.get(name) or self._all
        if not seconds:
            raise ConfigurationError("No installation of that time was measured: there is nothing to go by.")
        return Install(seconds=fmean(seconds), estimate_s=fmean(seconds))


def _installs(jobs: Sequence[PastJob], met: _Served, measured: _Measured) -> Mapping[str, Mapping[str, Install]]:
    classes: dict[str, set[str]] = {}
    for job in jobs:
        classes.setdefault(_version(job), set()).update(met[job.group_id])
    return {
        version: {name: measured.install(version, name) for name in sorted(names)}
        for version, names in sorted(classes.items())
    }


def _job_of(job: PastJob, first_at: datetime) -> TraceJob:
    return TraceJob(
        job=job.job_id,
        run=job.run_id,
        org=job.org_id,
        app_version=_version(job),
        requirement=job.group_id,
        priority=job.priority,
        submit_s=(job.submitted_at - first_at).total_seconds(),
        test=job.test_path,
        seconds=0 if job.took is None else job.took.total_seconds(),
    )


def _version(of: PastJob | PastInstall) -> str:
    return f"{of.org_id}/{of.app_version_id}"


def _left_out(submitted: int, ran: int, served: int, guessed: int) -> Iterator[str]:
    if submitted > ran:
        yield f"{submitted - ran:,} of {submitted:,} jobs never ran to an end, have no measured time and are left out."
    if ran > served:
        yield f"{ran - served:,} jobs asked for what no worker of today meets, and are left out."
    if guessed:
        yield f"{guessed:,} installations were never measured: the mean of their class stands for them."
