"""The farm under test: the verbs of `service` on a database in memory, by a clock that the simulation moves."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from hashlib import sha256

from qgjob.core.agent import AgentFacts, DeviceFacts
from qgjob.core.app import AppBinary
from qgjob.core.job import JobRequest
from qgjob.core.lease import Lease, LeaseEvent
from qgjob.core.picking import PICKS_SINCE
from qgjob.core.policy import Rule
from qgjob.core.words import (
    AgentId,
    AppVersionId,
    BinaryKind,
    JobId,
    LeaseToken,
    OrgId,
    Platform,
    Sha256,
    WorkerId,
)
from qgjob.service import apps, claim, find, fleet, orgs, progress, submit, sweep
from qgjob.service.sweep import Swept
from qgjob.sim import belief
from qgjob.sim.baselines import Policy
from qgjob.sim.trace import Trace, TraceJob, TraceWorker
from qgjob.sim.words import words_of
from qgjob.store.memory import MemoryStore

EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
"""When the virtual time of every simulation begins: no date of a farm's own."""


def moment(seconds: float) -> datetime:
    """Say when something happens."""
    return EPOCH + timedelta(seconds=seconds)


class SimulatedFarm:
    """Speaks for users and agents. `now_s` tells the virtual time."""

    def __init__(self, trace: Trace, policy: Policy, *, now_s: Callable[[], float]) -> None:
        self._trace = trace
        self._policy = policy
        self._words = words_of(trace)
        self._store = MemoryStore(clock=lambda: moment(now_s()))
        self._known: set[tuple[str, str]] = set()
        self._write = self._store.write
        for org, weight in sorted(trace.org_weights.items()):
            self._write(partial(orgs.set_weight, org_id=OrgId(org), weight=weight))
        self._write(partial(belief.of_tests, trace=trace, words=self._words))

    def close(self) -> None:
        """Forget the farm."""
        self._store.close()

    def register(self, agent: AgentId, workers: Sequence[TraceWorker]) -> Mapping[str, WorkerId]:
        """Let an agent register its workers, with nothing installed on any of them."""
        devices = tuple(self._device(worker) for worker in workers)
        facts = AgentFacts(
            agent_id=agent,
            name="simulated",
            protocol=PICKS_SINCE,
            version="simulated",
            has_project=True,
            holding=frozenset(),
            devices=devices,
        )
        return dict(self._write(partial(fleet.register_agent, facts=facts)))

    def submit(self, jobs: Sequence[TraceJob]) -> Sequence[JobId]:
        """Submit the jobs of one run."""
        for org, version in dict.fromkeys((job.org, job.app_version) for job in jobs):
            self._upload(org, version)
        requests = [self._request(job) for job in jobs]
        return self._write(partial(submit.submit, requests=requests, rule=self._policy.rule)).job_ids

    def ask(self, agent: AgentId, worker: WorkerId, rule: Rule) -> Lease | None:
        """Ask for work for one worker."""
        verb = partial(
            claim.claim,
            agent_id=agent,
            worker_ids=[worker],
            rule=rule,
            most_jobs=self._policy.most_jobs,
            sees_all=self._policy.sees_all,
        )
        return next(iter(self._write(verb)), None)

    def report(self, agent: AgentId, token: LeaseToken, events: Sequence[LeaseEvent]) -> None:
        """Report on a lease."""
        self._write(partial(progress.report, agent_id=agent, token=token, events=events))

    def renew(self, agent: AgentId, workers: Sequence[WorkerId], tokens: Sequence[LeaseToken]) -> None:
        """Give a sign of life of an agent, its workers and their leases."""
        self._write(partial(progress.renew, agent_id=agent, worker_ids=workers, tokens=tokens))

    def sweep(self) -> Swept:
        """Wake rested jobs, and end leases past their deadline."""
        return self._write(sweep.sweep)

    def has_given_up(self, job_id: JobId) -> bool:
        """Whether a job has come to its end without a result."""
        return self._write(partial(find.job, job_id=job_id)).status.is_final

    def _device(self, worker: TraceWorker) -> DeviceFacts:
        target, platform = self._words.kinds[worker.worker_class]
        return DeviceFacts(
            serial=worker.name,
            target=target,
            platform=platform,
            os_version="",
            model=belief.model_of(worker.worker_class),
            fake=True,
        )

    def _request(self, job: TraceJob) -> JobRequest:
        target, platform = self._words.asks[job.requirement]
        return JobRequest(
            org_id=OrgId(job.org),
            app_version_id=AppVersionId(job.app_version),
            test_path=job.test,
            target=target,
            platform=platform,
            priority=job.priority,
            max_retries=0,
        )

    def _upload(self, org: str, version: str) -> None:
        """Upload an app version of an org, and let the farm believe what the trace says that it takes to install."""
        if (org, version) in self._known:
            return
        self._known.add((org, version))
        for binary in _binaries(version):
            register = partial(
                apps.register_binary, org_id=OrgId(org), app_version_id=AppVersionId(version), binary=binary
            )
            self._write(register)
        self._write(partial(belief.of_installs, trace=self._trace, words=self._words, org=org, version=version))


def _binaries(version: str) -> Iterator[AppBinary]:
    """Make up the binaries of a version, for every kind of device: no file has these bytes."""
    kinds = (
        (Platform.ANDROID, BinaryKind.DEVICE),
        (Platform.IOS, BinaryKind.DEVICE),
        (Platform.IOS, BinaryKind.SIMULATOR),
    )
    for platform, kind in kinds:
        yield AppBinary(
            sha256=Sha256(sha256(f"simulated {version} {platform} {kind}".encode()).hexdigest()),
            size_bytes=1,
            platform=platform,
            kind=kind,
            package=belief.package_of(version),
            version_name=version,
            version_code="1",
        )
