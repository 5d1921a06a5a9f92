"""Facts: what happened, said once and kept. Audit, live progress and messengers read facts; nobody rewrites them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from qgjob.core.words import JobId, OrgId, RunId, WorkerId


class FactKind(StrEnum):
    """What can happen. The comment names the members of `data`."""

    RUN_SUBMITTED = "run_submitted"  # jobs
    RUN_JOINED = "run_joined"  # jobs (so many more)
    RUN_SUPERSEDED = "run_superseded"  # by (the run that took its place)
    JOB_CANCEL_REQUESTED = "job_cancel_requested"
    JOB_AGAIN = "job_again"  # attempt, spends, wait_s, message
    JOB_RETURNED = "job_returned"  # attempt, reason
    JOB_ENDED = "job_ended"  # status, verdict, message, cases
    LEASE_GRANTED = "lease_granted"  # token, jobs, app_version_id, reason
    LEASE_ENDED = "lease_ended"  # token, reason
    INSTALL_STARTED = "install_started"  # token, app_version_id
    INSTALL_DONE = "install_done"  # token, app_version_id, reused, seconds, proof
    INSTALL_FAILED = "install_failed"  # token, app_version_id, seconds, message, fault
    ATTEMPT_STARTED = "attempt_started"  # attempt, test_path
    CASE_STARTED = "case_started"  # attempt, case_id, title
    CASE_ENDED = "case_ended"  # attempt, case_id, title, status, ok, seconds
    ATTEMPT_ENDED = "attempt_ended"  # attempt, verdict, fault, loss, message, seconds
    LATE_REPORT = "late_report"  # attempt, what, verdict
    AGENT_REGISTERED = "agent_registered"  # agent_id, name, workers, fakes (those that do not exist)
    WORKER_REGISTERED = "worker_registered"  # name
    WORKER_QUARANTINED = "worker_quarantined"  # until_at, faults_in_a_row, reason
    WORKER_CLEARED = "worker_cleared"  # because
    WORKER_DRAINING = "worker_draining"
    APP_UPLOADED = "app_uploaded"  # app_version_id, platform, kind, sha256
    BUNDLE_UPLOADED = "bundle_uploaded"  # sha256, files
    CASE_MUTED = "case_muted"  # case_id, owner, until_at, reason
    CASE_UNMUTED = "case_unmuted"  # case_id, owner, until_at (of the mute that it had)


@dataclass(frozen=True, kw_only=True)
class Fact:
    """Something that is about to be written down. `data` is JSON."""

    kind: FactKind
    org_id: OrgId | None = None
    run_id: RunId | None = None
    job_id: JobId | None = None
    worker_id: WorkerId | None = None
    data: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class RecordedFact:
    """A fact as it was written down. `fact_id` only grows, in the order of the commits."""

    fact_id: int
    at: datetime
    fact: Fact
