"""Jobs, runs, groups and attempts on the wire. The fields of protocol 1 keep their names; the rest is ours."""

from typing import Annotated, NotRequired

from annotated_types import Ge, Le, MaxLen, MinLen
from typing_extensions import TypedDict

from qgjob.core.words import Platform, Priority, ResetMode, Target
from qgjob.wire.bounds import (
    MOST_JOBS_PER_RUN,
    Grep,
    Hash,
    Moment,
    Name,
    OsVersions,
    Path,
    Retries,
    RetryBudget,
    RunTime,
    Tags,
    WaitingTime,
)

NumericPriority = Annotated[int, Ge(1), Le(5)]
"""Protocol 1's other way to say it: 1 and 2 low, 3 normal, 4 high, 5 urgent."""


class JobTerms(TypedDict):
    """What a job, or all jobs of a run that do not say otherwise, may ask for beside the test itself.

    The device: `os_version` is a version such as 14, which means 14.1 as well, or bounds such as `>=13,<15`; `model` is
    compared whole, in any case; all of the `tags` must be there. `pin` names the device where it should rather run (by
    worker id, name or serial), or a tag as `tag:NAME`; with `only` it runs there or nowhere.
    `deadline`: when the result should be there, an ISO 8601 time with its offset; it brings jobs forward in line.
    `deadline_in_s`: the same in seconds from when the server has it. `grep`: of the test path only the cases that
    Playwright's `--grep` picks with it.
    """

    target: NotRequired[Target]
    priority: NotRequired[Priority | NumericPriority]
    metadata: NotRequired[dict[str, object]]
    platform: NotRequired[Platform | None]
    bundle: NotRequired[Hash | None]
    project: NotRequired[Name | None]
    reset: NotRequired[ResetMode]
    max_retries: NotRequired[Retries | None]
    timeout_s: NotRequired[RunTime | None]
    idle_timeout_s: NotRequired[RunTime | None]
    queue_timeout_s: NotRequired[WaitingTime | None]
    os_version: NotRequired[OsVersions | None]
    model: NotRequired[Name | None]
    tags: NotRequired[Tags]
    pin: NotRequired[Name | None]
    only: NotRequired[bool]
    deadline: NotRequired[Moment | None]
    deadline_in_s: NotRequired[WaitingTime | None]
    grep: NotRequired[Grep | None]


class JobBody(JobTerms):
    """`POST /jobs`. `require_worker`: refuse it, with 409 and the code `no_worker`, while nobody could serve it."""

    org_id: Name
    app_version_id: Name
    test_path: Path
    require_worker: NotRequired[bool]


class RunItem(JobTerms):
    """One job of a run: any field of a job; what it leaves out is taken from the run."""

    app_version_id: NotRequired[Name]
    test_path: NotRequired[Path]


class RunBody(RunItem):
    """`POST /runs`: jobs submitted together, all or nothing.

    `retry_budget`: how many retries of failed tests all of them may have together; none given: as many as each has.
    `require_worker`: refuse all, with 409 and the code `no_worker`, while nobody could serve one of them.
    `supersede`: the older runs of the org with this key make room: what has not begun of them is cancelled.
    """

    org_id: Name
    supersede: NotRequired[Name | None]
    retry_budget: NotRequired[RetryBudget | None]
    require_worker: NotRequired[bool]
    jobs: Annotated[list[RunItem], MinLen(1), MaxLen(MOST_JOBS_PER_RUN)]


class UnservedShown(TypedDict):
    """Why nobody can serve some jobs now; they wait for a worker that can.

    `reason`: the part of the requirement that no worker meets (device, target, platform, project, os_version, model,
    tags); or what the workers that meet it are: offline, draining, quarantined, or `away` for several of these.
    `found`: what the nearest workers have of that part. `workers`: how many meet it, by what they are. `jobs`: how many
    jobs of the request wait for this.
    """

    reason: str
    message: str
    found: list[str]
    workers: dict[str, int]
    jobs: int


class JobAccepted(TypedDict):
    """Answer to `POST /jobs`. `unserved`: only there while nobody could serve the job."""

    job_id: str
    status: str
    message: str
    unserved: NotRequired[UnservedShown]


class RunAccepted(TypedDict):
    """Answer to `POST /runs`: job ids in the order of the request.

    `unserved`: only there while nobody could serve some of them, once for each requirement.
    """

    run_id: str
    job_ids: list[str]
    unserved: NotRequired[list[UnservedShown]]


class RunRetryBody(TypedDict):
    """`POST /runs/{id}/retry`. `failed`: only the jobs that did not pass."""

    failed: NotRequired[bool]


class CaseCountsBody(TypedDict):
    """passed + failed + flaky + skipped + not_run = total."""

    total: int
    passed: int
    failed: int
    flaky: int
    skipped: int
    not_run: int


class JobPayload(TypedDict):
    """What was asked for, as protocol 1 nests it."""

    org_id: str
    app_version_id: str
    test_path: str
    target: str
    priority: str
    metadata: dict[str, object]
    platform: str | None
    bundle: str | None
    project: str | None
    reset: str
    timeout_s: float | None
    idle_timeout_s: float | None
    queue_timeout_s: float | None
    os_version: str | None
    model: str | None
    tags: list[str]
    pin: str | None
    only: bool
    deadline: str | None
    grep: str | None


class JobShown(TypedDict):
    """A job as every answer shows it.

    `excused`: it failed or was flaky, and by cases alone that were muted when it ended: it decides nothing.
    """

    job_id: str
    payload: JobPayload
    status: str
    verdict: str | None
    created_at: str
    updated_at: str
    started_at: str | None
    completed_at: str | None
    worker_id: str | None
    result: object
    error_message: str | None
    retry_count: int
    max_retries: int
    run_id: str
    group_id: str
    attempts: int
    retry_of: str | None
    cancel_requested: bool
    excused: bool


class HeartbeatAnswer(TypedDict):
    """`POST /workers/{id}/heartbeat`. `next_job`: what this worker should run, the same until it is PUT elsewhere.

    `cancel`: what it runs and should stop.
    """

    status: str
    next_job: NotRequired[JobShown]
    cancel: NotRequired[list[str]]


class JobPage(TypedDict):
    """`GET /jobs`: oldest first; `count` is of this page.

    Where few of very many jobs are as asked for, a page may be short, or empty: `next_cursor` null is the end.
    """

    count: int
    jobs: list[JobShown]
    next_cursor: str | None


class CaseShown(TypedDict):
    """One execution of one case."""

    case_id: str
    title: str
    file: str
    line: int
    status: str
    expected: str
    seconds: float
    errors: list[str]
    session: bool


class AttemptShown(TypedDict):
    """One execution of a job, with its cases and evidence."""

    attempt: int
    worker_id: str
    worker_name: str
    started_at: str | None
    ended_at: str | None
    verdict: str | None
    fault: str | None
    message: str | None
    seconds: float
    sessions: int
    loss: str | None
    late: bool
    counts: CaseCountsBody
    cases: list[CaseShown]
    evidence: list["EvidenceShown"]


class AttemptList(TypedDict):
    """`GET /jobs/{id}/attempts`."""

    job_id: str
    attempts: list[AttemptShown]


class EvidenceShown(TypedDict):
    """One stored file of an attempt; fetched with `GET /jobs/{id}/attempts/{n}/evidence/{name}`."""

    name: str
    kind: str
    sha256: str
    size_bytes: int


class RunShown(TypedDict):
    """`GET /runs/{id}`. `status`: pending, running or completed (every job is final).

    `superseded_by`: the run that took its place. `excused`: of its `verdicts`, those that decide nothing, since muted
    cases alone made them what they are.
    """

    run_id: str
    org_id: str
    status: str
    created_at: str
    jobs: dict[str, int]
    verdicts: dict[str, int]
    excused: dict[str, int]
    cases: CaseCountsBody
    job_ids: list[str]
    retry_budget: int | None
    retries: int
    supersede: str | None
    superseded_by: str | None


class RunListed(TypedDict):
    """A run in a list. Of its `jobs` so many wait and so many have ended; of these so many have passed."""

    run_id: str
    org_id: str
    status: str
    created_at: str
    jobs: int
    waiting: int
    ended: int
    passed: int
    supersede: str | None
    superseded_by: str | None


class RunPage(TypedDict):
    """`GET /runs`: newest first; `count` is of this page."""

    count: int
    runs: list[RunListed]
    next_cursor: str | None


class RequirementShown(TypedDict):
    """What a device must be to serve a group. `device`: what the only worker that may is called."""

    target: str
    platform: str | None
    project: str | None
    os_version: str | None
    model: str | None
    tags: list[str]
    device: str | None


class GroupShown(TypedDict):
    """One group: the jobs that can share an installation."""

    group_id: str
    org_id: str
    app_version_id: str
    requirement: RequirementShown
    jobs: list[str]
    job_count: int
    status: str
    created_at: str
    assigned_worker: str | None
    assigned_workers: list[str]


class GroupPage(TypedDict):
    """`GET /groups`."""

    count: int
    groups: list[GroupShown]
    next_cursor: str | None


class StatsShown(TypedDict):
    """`GET /stats`. The ledger's totals count what devices did, never what groups suggest."""

    total_jobs: int
    pending_jobs: int
    queued_jobs: int
    running_jobs: int
    completed_jobs: int
    failed_jobs: int
    cancelled_jobs: int
    total_groups: int
    total_workers: int
    active_workers: int
    installs: int
    installs_stock: int
    installs_avoided: int
    install_seconds: float
    test_seconds: float
    idle_seconds: float
    sessions: int


class JobChange(TypedDict):
    """`PUT /jobs/{id}`, which protocol-1 workers report with; null says as little as a field that is left out.

    A message may be as long as a body: a report that is refused for its length is a report lost.
    """

    status: NotRequired[str | None]
    worker_id: NotRequired[Name | None]
    result: NotRequired[object]
    error_message: NotRequired[str | None]
