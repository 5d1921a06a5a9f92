"""What is ahead of jobs, runs and workers on the wire, and why."""

from typing import NotRequired

from typing_extensions import TypedDict

from qgjob.wire.jobs import JobShown, RunShown, UnservedShown


class EtaShown(TypedDict):
    """About when something starts and is done. Where `done_about_at` is null it is not done before `not_before_at`.

    `start_about_at`: of a job that waits or is leased, and has not started.
    """

    start_about_at: str | None
    done_about_at: str | None
    not_before_at: str | None


class WaitingShown(TypedDict):
    """Why a job waits. `kind` says which of the other fields are there; `docs/scheduling.md` says what they mean."""

    kind: str
    sentence: str
    reason: NotRequired[str]
    until_at: NotRequired[str | None]
    worker: NotRequired[str]
    jobs: NotRequired[int]
    groups: NotRequired[int]
    jobs_of_groups: NotRequired[int]
    at_least: NotRequired[bool]
    servers: NotRequired[int]
    last_start_s: NotRequired[float]
    install_s: NotRequired[float]
    worth_s: NotRequired[float]


class JobDetail(JobShown):
    """`GET /jobs/{id}`. `waiting`: null when it does not wait; `eta`: null when it is final.

    Both are null with `?prospect=false`, and when the server has worked out too many of them lately.
    """

    waiting: WaitingShown | None
    eta: EtaShown | None


class RunDetail(RunShown):
    """`GET /runs/{id}`. `eta`: when its last job is done; null when it is, and as of a job."""

    eta: EtaShown | None


class ChoiceShown(TypedDict):
    """Why a worker was given a group: which rule, what it installs for it, and how much sooner the group is done."""

    because: str
    install_s: float
    saves_s: float | None


class DecisionShown(TypedDict):
    """A lease and why it was granted. `attempt`: of the job asked about, null when a worker was."""

    lease: int
    attempt: int | None
    worker_id: str
    worker_name: str
    org_id: str
    app_version_id: str
    group_id: str
    job_ids: list[str]
    granted_at: str
    ended_at: str | None
    reason: str
    choice: ChoiceShown | None


class JobExplained(TypedDict):
    """`GET /jobs/{id}/explain`: why it waits, when it is done, and why it was given to the workers that had it."""

    job_id: str
    status: str
    waiting: WaitingShown | None
    eta: EtaShown | None
    decisions: list[DecisionShown]


class OccupationShown(TypedDict):
    """Why a worker does what it does. `kind` says which of the other fields are there; see `docs/scheduling.md`."""

    kind: str
    sentence: str
    app_version_id: NotRequired[str]
    until_at: NotRequired[str | None]
    jobs: NotRequired[int]
    groups: NotRequired[int]
    last_start_s: NotRequired[float]
    worth_s: NotRequired[float]
    install_s: NotRequired[float]


class WorkerExplained(TypedDict):
    """`GET /workers/{id}/explain`. `last`: its lease in force, or else its last one, if that is among the newest."""

    worker_id: str
    name: str
    status: str
    occupation: OccupationShown
    last: DecisionShown | None


class PlanShown(TypedDict):
    """`POST /runs/plan`: what a run would come to if it were submitted now; nothing is stored.

    `workers`: so many would work on it. `installs`: so many installations would be made for it. Both null where a farm
    is too large to look ahead. `done_in_s`: about when its last job would be done; null where that cannot be told; then
    `workers` and `installs` are as far as was looked, and it is not done before `not_before_in_s`, where that is known.
    `unserved`: as of `POST /runs`.
    """

    jobs: int
    workers: int | None
    installs: int | None
    done_in_s: float | None
    not_before_in_s: float | None
    unserved: NotRequired[list[UnservedShown]]
