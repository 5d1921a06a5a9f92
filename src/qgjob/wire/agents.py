"""What an agent and the server say to each other: register, claim, renew, report. Agent protocol 3.

Since protocol 3 a job may pick cases, by a line at the end of its test path or a `grep`: agents of protocol 2 are not
given such jobs.

Every message of a lease carries its token; every event of a lease has a sequence number that only grows, so an event
that arrives twice counts once.
"""

from typing import Annotated, Literal, NotRequired

from annotated_types import Ge, MaxLen
from typing_extensions import TypedDict

from qgjob.core.words import CaseStatus, Fault, Loss, Platform, Proof, Target, Verdict
from qgjob.wire.bounds import (
    MOST_EVENTS_PER_REPORT,
    MOST_WORKERS_PER_AGENT,
    Count,
    Hash,
    Name,
    Path,
    Seconds,
    Text,
    WaitSeconds,
)

AGENT_PROTOCOL = 3
OLDEST_AGENT_PROTOCOL = 2


class InstalledBody(TypedDict):
    """An app that a device holds: which bytes, hashed on the device itself."""

    package: Name
    sha256: Hash


class WorkerFacts(TypedDict):
    """What a device says of itself. `fake`: it does not exist; a server takes it only where it was told to."""

    serial: Name
    target: Target
    platform: Platform
    os_version: Annotated[str, MaxLen(50)]
    model: Annotated[str, MaxLen(200)]
    tags: Annotated[list[Name], MaxLen(50)]
    installed: NotRequired[InstalledBody | None]
    fake: NotRequired[bool]


class AgentRegistration(TypedDict):
    """`POST /agents`: said at every start and whenever the devices change.

    `agent_id` is chosen by the agent once and kept on its disk. `holding` are the leases it still works on; any other
    lease of its workers ends now, its jobs go back free of charge or as lost attempts.
    """

    agent_id: Name
    name: Name
    protocol: int
    version: Name
    has_project: bool
    holding: Annotated[list[int], MaxLen(MOST_WORKERS_PER_AGENT)]
    workers: Annotated[list[WorkerFacts], MaxLen(MOST_WORKERS_PER_AGENT)]


class RegisteredWorker(TypedDict):
    """The id that the server knows a device by."""

    serial: str
    worker_id: str


class AgentRegistered(TypedDict):
    """Answer to a registration. Leases last `lease_s` and are to be renewed every `renew_every_s`."""

    agent_id: str
    protocol: int
    workers: list[RegisteredWorker]
    lease_s: float
    renew_every_s: float


class ClaimBody(TypedDict):
    """`POST /leases`: free workers ask for work. Held open for `wait_s` at most, answered as soon as work fits."""

    agent_id: Name
    worker_ids: Annotated[list[Name], MaxLen(MOST_WORKERS_PER_AGENT)]
    wait_s: WaitSeconds


class AppOffer(TypedDict):
    """The binary to install, fetched with `GET /apps/{org}/{app_version_id}/binaries/{sha256}`."""

    sha256: str
    size_bytes: int
    platform: str
    kind: str
    package: str
    version_name: str
    version_code: str
    launch_activity: str | None


class PlaceOffer(TypedDict):
    """Where cases are that run again; `line` 0: all of the file."""

    file: str
    line: int


class JobOffer(TypedDict):
    """One job of a lease.

    `test_path` may end with `:LINE`: only the cases at that line. `grep`: only those that Playwright's `--grep` picks.
    `places`: of these only the cases there are to run; none: all of them.
    """

    job_id: str
    attempt: int
    test_path: str
    timeout_s: float | None
    idle_timeout_s: NotRequired[float | None]
    grep: NotRequired[str | None]
    places: NotRequired[list[PlaceOffer]]


class LeaseOffer(TypedDict):
    """A worker's right to a few jobs of one group until `deadline_at`: one runner process.

    `app` None: the version was never uploaded, the agent's own project names the binary. `bundle` None: likewise.
    """

    token: int
    worker_id: str
    deadline_at: str
    org_id: str
    app_version_id: str
    group_id: str
    app: AppOffer | None
    bundle: str | None
    project: str | None
    reset: str
    jobs: list[JobOffer]
    reason: str


class Claimed(TypedDict):
    """Answer to a claim; empty when nothing fitted in time."""

    leases: list[LeaseOffer]


class RenewBody(TypedDict):
    """`POST /leases/renew`: the heartbeat of an agent, its workers and all its leases in one call."""

    agent_id: Name
    worker_ids: Annotated[list[Name], MaxLen(MOST_WORKERS_PER_AGENT)]
    tokens: Annotated[list[int], MaxLen(MOST_WORKERS_PER_AGENT)]


class LeaseState(TypedDict):
    """Whether a lease is still in force, and which of its jobs are to be stopped."""

    token: int
    in_force: bool
    deadline_at: str | None
    cancel: list[str]


class Renewed(TypedDict):
    """Answer to a renewal: one state per token asked for."""

    leases: list[LeaseState]


class _Event(TypedDict):
    seq: Annotated[int, Ge(1)]
    at: Annotated[str, MaxLen(40)]


class InstallStarted(_Event):
    """The worker begins to install the app of its lease."""

    kind: Literal["install_started"]


class Installed(_Event):
    """The app is on the device and proven. `reused`: it was there already, nothing was installed."""

    kind: Literal["installed"]
    reused: bool
    seconds: Seconds
    sha256: Hash | None
    package: Name | None
    proof: Proof


class InstallFailed(_Event):
    """The app could not be installed; the device did spend `seconds` on it."""

    kind: Literal["install_failed"]
    seconds: Seconds
    message: Text
    fault: Fault


class AttemptStarted(_Event):
    """The runner has started on this job."""

    kind: Literal["attempt_started"]
    job_id: Name
    attempt: Count


class CaseBody(TypedDict):
    """One case, as Playwright names it.

    `select_line`: the line that picks it, with what must run with it; 0 or left out: only its whole file does.
    """

    case_id: Name
    title: Annotated[str, MaxLen(1000)]
    file: Path
    line: Count
    select_line: NotRequired[Count]


class CaseStarted(_Event):
    """A case has begun."""

    kind: Literal["case_started"]
    job_id: Name
    attempt: Count
    case: CaseBody


class CaseEnded(_Event):
    """A case has ended. `session`: it opened a session on the device."""

    kind: Literal["case_ended"]
    job_id: Name
    attempt: Count
    case: CaseBody
    status: CaseStatus
    expected: CaseStatus
    seconds: Seconds
    errors: Annotated[list[Text], MaxLen(10)]
    session: bool


class AttemptEnded(_Event):
    """The attempt's own verdict; what becomes of the job is the server's to decide.

    `project_retries` is what the project's own configuration says of retries, None where it was never read. `loss` says
    what went down with an attempt that infrastructure lost: its device, its runner, or everything on its host.
    """

    kind: Literal["attempt_ended"]
    job_id: Name
    attempt: Count
    verdict: Verdict
    fault: Fault | None
    message: Text | None
    seconds: Seconds
    sessions: Count
    project_retries: Annotated[int, Ge(0)] | None
    loss: NotRequired[Loss | None]


class JobReturned(_Event):
    """A job that was never begun goes back free of charge."""

    kind: Literal["job_returned"]
    job_id: Name
    reason: Text


class LeaseEnded(_Event):
    """The worker is done with the lease and free again."""

    kind: Literal["lease_ended"]


Event = (
    InstallStarted
    | Installed
    | InstallFailed
    | AttemptStarted
    | CaseStarted
    | CaseEnded
    | AttemptEnded
    | JobReturned
    | LeaseEnded
)


class ReportBody(TypedDict):
    """`POST /leases/{token}/events`: what happened, in order; events up to `last_seq` known already are passed over."""

    agent_id: Name
    events: Annotated[list[Event], MaxLen(MOST_EVENTS_PER_REPORT)]


class Reported(TypedDict):
    """Answer to a report. Not `in_force`: what came was kept as evidence and changed no verdict; stop the tests."""

    last_seq: int
    in_force: bool
    cancel: list[str]
