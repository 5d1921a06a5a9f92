"""A farm without a network: the real store and the real verbs, and a clock that only the test moves."""

from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TypeVar

from qgjob.core.agent import AgentFacts, DeviceFacts, FoundApp
from qgjob.core.app import AppBinary
from qgjob.core.attempt import Case, CaseResult
from qgjob.core.job import Job, JobRequest
from qgjob.core.lease import (
    AttemptEnded,
    AttemptStarted,
    CaseEnded,
    InstallDone,
    Lease,
    LeaseEnded,
    LeaseEvent,
)
from qgjob.core.picking import PICKS_SINCE
from qgjob.core.run import Run
from qgjob.core.words import (
    AgentId,
    AppVersionId,
    BinaryKind,
    CaseStatus,
    Fault,
    JobId,
    LeaseToken,
    Loss,
    OrgId,
    Platform,
    Priority,
    Proof,
    ResetMode,
    RunId,
    Sha256,
    Target,
    Verdict,
    WorkerId,
)
from qgjob.core.worker import Worker
from qgjob.service import apps, ask, claim, fleet, progress, submit
from qgjob.service.jobs.making import NewRun
from qgjob.service.progress import ReportOutcome
from qgjob.service.submit import Submitted
from qgjob.store import Store, Transaction
from tests.store.clocks import HandClock

T = TypeVar("T")

Step = Callable[[int, datetime], LeaseEvent]
"""Makes an event of its sequence number and time."""

ORG = OrgId("acme")
AGENT = AgentId("agent-1")
BUNDLE = Sha256("b" * 64)
SPECS = tuple(f"tests/{name}.spec.js" for name in "abcdefghij")
ANSWER_WITHIN_S = 20


def a_request(
    path: str = "tests/a.spec.js",
    *,
    version: str = "v1",
    bundle: Sha256 | None = BUNDLE,
    priority: Priority = Priority.NORMAL,
    platform: Platform | None = None,
    max_retries: int | None = None,
    timeout_s: float | None = None,
    queue_timeout_s: float | None = None,
    reset: ResetMode = ResetMode.CLEAR,
    deadline_at: datetime | None = None,
    metadata: Mapping[str, object] | None = None,
    org: str = ORG,
) -> JobRequest:
    return JobRequest(
        org_id=OrgId(org),
        app_version_id=AppVersionId(version),
        test_path=path,
        bundle=bundle,
        priority=priority,
        platform=platform,
        max_retries=max_retries,
        timeout_s=timeout_s,
        queue_timeout_s=queue_timeout_s,
        reset=reset,
        deadline_at=deadline_at,
        metadata=metadata or {},
    )


def a_binary(version: str = "v1", *, platform: Platform = Platform.ANDROID) -> AppBinary:
    return AppBinary(
        sha256=Sha256(version.encode().hex().ljust(64, "0")),
        size_bytes=1000,
        platform=platform,
        kind=BinaryKind.DEVICE,
        package="com.example.shop",
        version_name=version,
        version_code="1",
    )


def a_case(
    name: str = "signs in", status: CaseStatus = CaseStatus.PASSED, *, session: bool = True, line: int = 3
) -> CaseResult:
    case = Case(case_id=name, title=name, file="tests/a.spec.js", line=line, select_line=line)
    return CaseResult(case=case, status=status, expected=CaseStatus.PASSED, seconds=1.5, errors=(), session=session)


@dataclass
class Farm:
    """Verbs under short names. Every call is its own transaction and waits for its commit."""

    store: Store
    clock: HandClock = field(default_factory=HandClock)
    seqs: dict[LeaseToken, int] = field(default_factory=dict)

    @classmethod
    def on(cls, database: Path | str) -> "Farm":
        clock = HandClock()
        return cls(store=Store.open(database, clock=clock), clock=clock)

    def write(self, verb: Callable[[Transaction], T]) -> T:
        return _answer(self.store.write(verb))

    def decide(self, verb: Callable[[Transaction], T]) -> T:
        return _answer(self.store.decide(verb))

    def read(self, question: Callable[[Transaction], T]) -> T:
        return _answer(self.store.read(question))

    def stock(self, *versions: str, org: str = ORG) -> None:
        """Upload app versions and the bundle with SPECS."""
        for version in versions:
            self.write(
                partial(
                    apps.register_binary,
                    org_id=OrgId(org),
                    app_version_id=AppVersionId(version),
                    binary=a_binary(version),
                )
            )
        self.write(
            lambda tx: apps.register_bundle(
                tx, org_id=OrgId(org), sha256=BUNDLE, size_bytes=10, files=["package.json", *SPECS]
            )
        )

    def submit(self, *requests: JobRequest) -> tuple[JobId, ...]:
        return self.submit_run(*requests).job_ids

    def submit_run(
        self, *requests: JobRequest, retry_budget: int | None = None, supersede: str | None = None
    ) -> Submitted:
        return self.write(
            lambda tx: submit.submit(tx, requests=requests, retry_budget=retry_budget, supersede=supersede)
        )

    def submit_alone(self, *requests: JobRequest) -> list[Submitted]:
        """Submit each of these as somebody who has nothing else to submit, all in one transaction."""
        alone = [NewRun(requests=[request], joins=True) for request in requests]
        submitted = self.write(lambda tx: submit.submit_each(tx, alone))
        return [each for each in submitted if isinstance(each, Submitted)]

    def run(self, run_id: RunId) -> Run:
        return self.read(partial(ask.run, run_id=run_id))

    def register(
        self,
        *serials: str,
        agent: AgentId = AGENT,
        holding: Sequence[LeaseToken] = (),
        has_project: bool = False,
        installed: FoundApp | None = None,
        platform: Platform = Platform.ANDROID,
        target: Target = Target.EMULATOR,
        os_version: str = "14",
        model: str = "virtual",
        tags: Collection[str] = (),
    ) -> tuple[WorkerId, ...]:
        """Register an agent with devices of these serials, which are equal otherwise."""
        devices = tuple(
            DeviceFacts(
                serial=serial,
                target=target,
                platform=platform,
                os_version=os_version,
                model=model,
                tags=frozenset(tags),
                installed=installed,
            )
            for serial in serials
        )
        return self.register_devices(*devices, agent=agent, holding=holding, has_project=has_project)

    def register_devices(
        self,
        *devices: DeviceFacts,
        agent: AgentId = AGENT,
        holding: Sequence[LeaseToken] = (),
        has_project: bool = False,
    ) -> tuple[WorkerId, ...]:
        facts = AgentFacts(
            agent_id=agent,
            name="host",
            protocol=PICKS_SINCE,
            version="0.1.0",
            has_project=has_project,
            holding=frozenset(holding),
            devices=devices,
        )
        return tuple(worker_id for _, worker_id in self.decide(lambda tx: fleet.register_agent(tx, facts=facts)))

    def claim(self, *workers: WorkerId, agent: AgentId = AGENT) -> tuple[Lease, ...]:
        return self.decide(lambda tx: claim.claim(tx, agent_id=agent, worker_ids=workers))

    def claim_one(self, worker: WorkerId, *, agent: AgentId = AGENT) -> Lease:
        (lease,) = self.claim(worker, agent=agent)
        return lease

    def renew(self, *tokens: LeaseToken, agent: AgentId = AGENT) -> tuple[bool, ...]:
        states = self.write(lambda tx: progress.renew(tx, agent_id=agent, worker_ids=(), tokens=tokens))
        return tuple(state.in_force for state in states)

    def report(self, token: LeaseToken, *events: Step, agent: AgentId = AGENT) -> ReportOutcome:
        """Report events made by the builders below; they get the next sequence numbers of their lease."""
        numbered = []
        for event in events:
            self.seqs[token] = self.seqs.get(token, 0) + 1
            numbered.append(event(self.seqs[token], self.clock()))
        return self.report_as_is(token, *numbered, agent=agent)

    def report_as_is(self, token: LeaseToken, *events: LeaseEvent, agent: AgentId = AGENT) -> ReportOutcome:
        return self.write(lambda tx: progress.report(tx, agent_id=agent, token=token, events=events))

    def run_through(
        self, lease: Lease, verdict: Verdict = Verdict.PASSED, fault: Fault | None = None, *, install_s: float = 4
    ) -> None:
        """Run all jobs of a lease, one case each, to the same verdict."""
        self.report(lease.token, installed(seconds=install_s))
        status = CaseStatus.PASSED if verdict is Verdict.PASSED else CaseStatus.FAILED
        for job in lease.jobs:
            self.report(
                lease.token,
                started(job.job_id, job.attempt),
                case_ended(job.job_id, job.attempt, a_case(job.test_path, status)),
                ended(job.job_id, job.attempt, verdict, fault),
            )
        self.report(lease.token, lease_ended())

    def job(self, job_id: JobId) -> Job:
        return self.read(lambda tx: ask.job(tx, job_id=job_id))

    def workers(self) -> tuple[Worker, ...]:
        return self.read(partial(ask.workers, limit=500)).items


def installed(*, seconds: float = 4, reused: bool = False) -> Step:
    return lambda seq, at: InstallDone(
        seq=seq,
        at=at,
        reused=reused,
        seconds=seconds,
        sha256=Sha256("a" * 64),
        package="com.example.shop",
        proof=Proof.CONTENT_HASH,
    )


def started(job_id: JobId, attempt: int = 1) -> Step:
    return lambda seq, at: AttemptStarted(seq=seq, at=at, job_id=job_id, attempt=attempt)


def case_ended(job_id: JobId, attempt: int, result: CaseResult) -> Step:
    return lambda seq, at: CaseEnded(seq=seq, at=at, job_id=job_id, attempt=attempt, result=result)


def ended(
    job_id: JobId,
    attempt: int = 1,
    verdict: Verdict = Verdict.PASSED,
    fault: Fault | None = None,
    *,
    project_retries: int | None = None,
    loss: Loss | None = None,
    seconds: float = 5,
) -> Step:
    return lambda seq, at: AttemptEnded(
        seq=seq,
        at=at,
        job_id=job_id,
        attempt=attempt,
        verdict=verdict,
        fault=fault,
        message=None if verdict is Verdict.PASSED else "it did not go well",
        seconds=seconds,
        sessions=1,
        project_retries=project_retries,
        loss=loss,
    )


def lease_ended() -> Step:
    return lambda seq, at: LeaseEnded(seq=seq, at=at)


def _answer(future: Future[T]) -> T:
    return future.result(ANSWER_WITHIN_S)
