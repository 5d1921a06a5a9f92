"""A job: one test path on one target, as asked for and as it stands now."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from qgjob.core.words import (
    AppVersionId,
    GroupId,
    JobId,
    JobStatus,
    LeaseToken,
    OrgId,
    Platform,
    Priority,
    ResetMode,
    RunId,
    Sha256,
    Target,
    Verdict,
    WorkerId,
)

DEFAULT_MAX_RETRIES = 2
"""Retries of a failed test where neither the job nor the project says: Appwright's own default in CI."""
MOST_RETRIES = 10


@dataclass(frozen=True, kw_only=True)
class JobRequest:
    """What was asked for. `bundle` is the uploaded project (None: a worker runs it from a checkout of its own).

    `max_retries` None means "as the project says". `timeout_s`: how long it may run; `idle_timeout_s`: how long nothing
    may be heard of it meanwhile; `queue_timeout_s`: how long it may wait for a worker, each time it waits.
    `deadline_at`: when its result should be there; it comes sooner in line for that. `deadline_in_s`: the same from
    when it is admitted, and None from then on. `test_path` may end with a line (see `core.picking`); `grep`: of all
    that only the cases that Playwright's `--grep` picks. `metadata` is the caller's own JSON object, kept and given
    back. `os_version` is a range (see `core.os_range`), `pin` where it should rather run (see `core.pin`), and must
    with `only`. They are kept as they were written.
    """

    org_id: OrgId
    app_version_id: AppVersionId
    test_path: str
    target: Target = Target.EMULATOR
    priority: Priority = Priority.NORMAL
    platform: Platform | None = None
    bundle: Sha256 | None = None
    project: str | None = None
    reset: ResetMode = ResetMode.CLEAR
    max_retries: int | None = None
    timeout_s: float | None = None
    idle_timeout_s: float | None = None
    queue_timeout_s: float | None = None
    deadline_at: datetime | None = None
    deadline_in_s: float | None = None
    grep: str | None = None
    metadata: Mapping[str, object] = field(default_factory=dict)
    retry_of: JobId | None = None
    os_version: str | None = None
    model: str | None = None
    tags: tuple[str, ...] = ()
    pin: str | None = None
    only: bool = False


@dataclass(frozen=True, kw_only=True)
class Job:
    """A job as it stands now.

    `retry_count` counts test retries begun; `infra_count` attempts lost to infrastructure, which have a budget of
    their own. `lease` is the lease in force, None when there is none. `result` is JSON: ours (see `core.attempt`), or
    whatever a protocol-1 worker put there. `excused`: it failed or was flaky, by muted cases alone.
    """

    job_id: JobId
    run_id: RunId
    group_id: GroupId
    request: JobRequest
    status: JobStatus
    verdict: Verdict | None
    created_at: datetime
    updated_at: datetime
    started_at: datetime | None
    completed_at: datetime | None
    worker_id: WorkerId | None
    lease: LeaseToken | None
    attempt: int
    retry_count: int
    infra_count: int
    max_retries: int
    cancel_requested: bool
    result: object
    error_message: str | None
    excused: bool
