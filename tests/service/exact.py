"""A farm in which everything takes exactly what is expected of it: what becomes of it is what a forecast should say."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from heapq import heappop, heappush
from itertools import count

from qgjob.core.lease import Lease
from qgjob.core.words import JobId, OrgId, Platform, Target, Verdict, WorkerId
from qgjob.core.worker_class import WorkerClass
from qgjob.service.books import learning
from qgjob.store import Transaction
from tests.service.farm import Farm, ended, installed, lease_ended, started


@dataclass
class ExactFarm:
    """Workers ask for work in their order, whenever something has ended."""

    farm: Farm
    workers: Sequence[WorkerId]
    lengths: Mapping[str, float]
    """Of each test, in seconds."""
    installs: Mapping[str, float]
    """Of the apps of each org, in seconds."""
    starts: dict[JobId, datetime] = field(default_factory=dict)
    ends: dict[JobId, datetime] = field(default_factory=dict)
    _events: list[tuple[datetime, int, Callable[[], object]]] = field(default_factory=list)
    _order: Iterator[int] = field(default_factory=count)
    _tokens: set[int] = field(default_factory=set)
    _held: dict[WorkerId, tuple[str, str]] = field(default_factory=dict)

    def let_ask(self) -> None:
        """Let every free worker ask for work."""
        for worker in self.workers:
            for lease in self.farm.claim(worker):
                if lease.token not in self._tokens:
                    self._tokens.add(lease.token)
                    self._plan(lease)

    def step(self) -> bool:
        """Go to the next moment at which something happens; False: nothing will."""
        if not self._events:
            return False
        at = self._events[0][0]
        self.farm.clock.advance((at - self.farm.clock()).total_seconds())
        while self._events and self._events[0][0] == at:
            heappop(self._events)[2]()
        self.let_ask()
        return True

    def _plan(self, lease: Lease) -> None:
        at = self.farm.clock()
        install_s = self.installs[lease.org_id]
        version = lease.org_id, lease.app_version_id
        if self._held.get(lease.worker_id) != version:
            at += timedelta(seconds=install_s)
        self._held[lease.worker_id] = version
        self._at(at, partial(self.farm.report, lease.token, installed(seconds=install_s)))
        for job in lease.jobs:
            self.starts[job.job_id] = at
            self._at(at, partial(self.farm.report, lease.token, started(job.job_id, job.attempt)))
            at += timedelta(seconds=self.lengths[job.test_path])
            self.ends[job.job_id] = at
            self._at(at, partial(self.farm.report, lease.token, ended(job.job_id, job.attempt)))
        self._at(at, partial(self.farm.report, lease.token, lease_ended()))

    def _at(self, at: datetime, deed: Callable[[], object]) -> None:
        heappush(self._events, (at, next(self._order), deed))


def teach(farm: Farm, *, org: str, lengths: Mapping[str, float], install_s: float) -> None:
    """Let the farm know exactly how long tests and installations take."""

    emulators = WorkerClass(target=Target.EMULATOR, platform=Platform.ANDROID, model="")

    def learn(tx: Transaction) -> None:
        for path, length_s in lengths.items():
            learning.from_attempt(
                tx,
                org_id=OrgId(org),
                test_path=path,
                target=emulators.target,
                platform=emulators.platform,
                took=timedelta(seconds=length_s),
                verdict=Verdict.PASSED,
            )
        learning.from_install(
            tx,
            org_id=OrgId(org),
            package="com.example.shop",
            worker_class=emulators,
            took=timedelta(seconds=install_s),
        )

    farm.write(learn)
