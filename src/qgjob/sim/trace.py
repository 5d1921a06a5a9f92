"""A workload: who submitted what when, on which workers, and how long everything really took.

Times are seconds of virtual time from 0. The format is described in docs/simulate.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from qgjob.core.words import Priority


@dataclass(frozen=True, kw_only=True)
class TraceWorker:
    """One device slot. `down`: from when to when it is gone, with what it runs and what is installed on it."""

    name: str
    worker_class: str
    down: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Install:
    """What an app version takes to install on a class of workers, and what the farm believes that it takes.

    `upload_s`: how long it takes to reach a cloud first, once for all workers of the class.
    """

    seconds: float
    estimate_s: float
    upload_s: float = 0


@dataclass(frozen=True, kw_only=True)
class TraceJob:
    """One job. `seconds`: what its test really takes, which no rule may see."""

    job: str
    run: str
    org: str
    app_version: str
    requirement: str
    priority: Priority
    submit_s: float
    test: str
    seconds: float


@dataclass(frozen=True, kw_only=True)
class Trace:
    """A workload. `requirements`: the classes of workers that meet each. `installs`: by app version, then class.

    `history`: what tests took before. `detect_s`: after so long the farm knows that a worker is gone.
    """

    name: str
    workers: tuple[TraceWorker, ...]
    requirements: Mapping[str, frozenset[str]]
    installs: Mapping[str, Mapping[str, Install]]
    jobs: tuple[TraceJob, ...]
    org_weights: Mapping[str, float] = field(default_factory=dict)
    history: Mapping[str, float] = field(default_factory=dict)
    detect_s: float = 30

    @cached_property
    def runs(self) -> Mapping[str, tuple[TraceJob, ...]]:
        """The jobs of each run, in the order in which they were submitted."""
        runs: dict[str, list[TraceJob]] = {}
        for job in self.jobs:
            runs.setdefault(job.run, []).append(job)
        return {run: tuple(jobs) for run, jobs in runs.items()}

    @cached_property
    def classes(self) -> Mapping[str, int]:
        """How many workers there are of each class."""
        classes: dict[str, int] = {}
        for worker in self.workers:
            classes[worker.worker_class] = classes.get(worker.worker_class, 0) + 1
        return classes
