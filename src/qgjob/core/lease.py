"""Leases: a worker's right to a few jobs of one group until a time, and what its agent reports while it lasts."""

from dataclasses import dataclass
from datetime import datetime

from qgjob.core.app import AppBinary
from qgjob.core.attempt import Case, CaseResult
from qgjob.core.places import Place
from qgjob.core.words import (
    AgentId,
    AppVersionId,
    Fault,
    GroupId,
    JobId,
    LeaseToken,
    Loss,
    OrgId,
    Proof,
    ResetMode,
    RunId,
    Sha256,
    Verdict,
    WorkerId,
)
from qgjob.core.worker_class import WorkerClass


@dataclass(frozen=True, kw_only=True)
class LeasedJob:
    """One job of a lease, as its worker needs to know it. `attempt` counts from 1.

    `test_path` may end with the line that picks its cases, and `grep` picks of those. `places`: only the cases there
    run; none: all of them. `timeout_s` is how long it may run, `idle_timeout_s` how long
    nothing may be heard of it; None: the job sets no limit.
    """

    job_id: JobId
    attempt: int
    test_path: str
    timeout_s: float | None
    idle_timeout_s: float | None = None
    grep: str | None = None
    places: tuple[Place, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Lease:
    """One runner process: one app version, one bundle, one project, one reset mode, each spec once.

    `token` is its key and fencing token. `app` None: the version was never uploaded. `reason` says why this worker
    got this work, in one sentence.
    """

    token: LeaseToken
    worker_id: WorkerId
    deadline_at: datetime
    org_id: OrgId
    app_version_id: AppVersionId
    group_id: GroupId
    app: AppBinary | None
    bundle: Sha256 | None
    project: str | None
    reset: ResetMode
    jobs: tuple[LeasedJob, ...]
    reason: str


@dataclass(frozen=True, kw_only=True)
class HeldLease:
    """A lease as the farm remembers it, in force or over (`ended_at`). `agent_id` None: a protocol-1 worker has it.

    `busy_until_at`: when its work should be done, by the estimates. `last_seq`: events up to there are known.
    `install_fault`: the app could not be installed, and whose problem that is. `suspect`: what comes of it says
    something of its worker, which has lost leases before, or loses this one. `worker_class`: as which its worker
    serves; `charged_run`: the run of its first job, which its installations are charged to; None: it is older than the
    ledger.
    """

    token: LeaseToken
    worker_id: WorkerId
    agent_id: AgentId | None
    group_id: GroupId
    org_id: OrgId
    app_version_id: AppVersionId
    sha256: Sha256 | None
    bundle: Sha256 | None
    project: str | None
    reset: ResetMode
    reason: str
    granted_at: datetime
    deadline_at: datetime
    busy_until_at: datetime
    last_seq: int
    proof: Proof
    install_fault: Fault | None
    install_message: str | None
    suspect: bool
    worker_class: WorkerClass | None
    charged_run: RunId | None
    ended_at: datetime | None

    @property
    def in_force(self) -> bool:
        """Whether what its worker reports still counts."""
        return self.ended_at is None


@dataclass(frozen=True, kw_only=True)
class LeaseState:
    """Whether a lease is in force, until when, and which of its jobs a person wants stopped."""

    token: LeaseToken
    in_force: bool
    deadline_at: datetime | None
    cancel: tuple[JobId, ...]


@dataclass(frozen=True, kw_only=True)
class InstallStarted:
    """The worker begins to install the app of its lease."""

    seq: int
    at: datetime


@dataclass(frozen=True, kw_only=True)
class InstallDone:
    """The app is on the device and proven. `reused`: it was there already and nothing was installed."""

    seq: int
    at: datetime
    reused: bool
    seconds: float
    sha256: Sha256 | None
    package: str | None
    proof: Proof


@dataclass(frozen=True, kw_only=True)
class InstallFailed:
    """The app could not be installed; the device spent `seconds` on it all the same."""

    seq: int
    at: datetime
    seconds: float
    message: str
    fault: Fault


@dataclass(frozen=True, kw_only=True)
class AttemptStarted:
    """The runner has started on a job."""

    seq: int
    at: datetime
    job_id: JobId
    attempt: int


@dataclass(frozen=True, kw_only=True)
class CaseStarted:
    """A case has begun."""

    seq: int
    at: datetime
    job_id: JobId
    attempt: int
    case: Case


@dataclass(frozen=True, kw_only=True)
class CaseEnded:
    """One execution of a case has ended."""

    seq: int
    at: datetime
    job_id: JobId
    attempt: int
    result: CaseResult


@dataclass(frozen=True, kw_only=True)
class AttemptEnded:
    """The attempt's own verdict; what becomes of the job is for `core.retry` to decide.

    `project_retries` is what the project's configuration says of retries; None: it was never read. `loss`: what went
    down with it.
    """

    seq: int
    at: datetime
    job_id: JobId
    attempt: int
    verdict: Verdict
    fault: Fault | None
    message: str | None
    seconds: float
    sessions: int
    project_retries: int | None
    loss: Loss | None = None


@dataclass(frozen=True, kw_only=True)
class JobReturned:
    """A job that was never begun goes back free of charge."""

    seq: int
    at: datetime
    job_id: JobId
    reason: str


@dataclass(frozen=True, kw_only=True)
class LeaseEnded:
    """The worker is done with the lease and free again."""

    seq: int
    at: datetime


AttemptEvent = AttemptStarted | CaseStarted | CaseEnded | AttemptEnded | JobReturned
LeaseEvent = InstallStarted | InstallDone | InstallFailed | AttemptEvent | LeaseEnded
