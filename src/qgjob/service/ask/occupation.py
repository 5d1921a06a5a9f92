"""Why workers do what they do: what was decided for them, and what would be decided now."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from qgjob.core.job import Job
from qgjob.core.occupation import KeptFromWork, Occupation, Working, of_free
from qgjob.core.policy import SHIPPED, WarmSplit
from qgjob.core.words import AppVersionId, GroupId, JobId, LeaseToken, OrgId, WorkerId, WorkerStatus
from qgjob.core.worker import Worker
from qgjob.service import find
from qgjob.service.leasing.picture import picture_of
from qgjob.store import Row, Transaction
from qgjob.store.clock import from_micros
from qgjob.store.nouns import time_of

MOST_LEASES = 5000
"""The newest leases of all, among which the last of a worker is looked for."""


@dataclass(frozen=True, kw_only=True)
class Decision:
    """A lease and why it was granted. `choice`: the same as data; None: from before it was kept.

    `attempt`: of the job that was asked about; None: a worker was.
    """

    token: LeaseToken
    worker_id: WorkerId
    worker_name: str
    org_id: OrgId
    app_version_id: AppVersionId
    group_id: GroupId
    job_ids: tuple[JobId, ...]
    granted_at: datetime
    ended_at: datetime | None
    reason: str
    choice: Mapping[str, object] | None
    attempt: int | None = None


@dataclass(frozen=True, kw_only=True)
class WorkerExplained:
    """What a worker does and why, as of a time, and the last decision about it, if it is among the newest."""

    at: datetime
    worker: Worker
    occupation: Occupation
    last: Decision | None


def explain_worker(tx: Transaction, worker_id: WorkerId, *, rule: WarmSplit = SHIPPED) -> WorkerExplained:
    """Say why a worker does what it does. Raises NotFound."""
    worker = find.worker(tx, worker_id)
    token = tx.only("worker_by_id", worker_id=worker_id)["lease"]
    row = (
        tx.row("last_lease_of_worker", worker_id=worker_id, limit=MOST_LEASES)
        if token is None
        else tx.row("lease_by_token", token=token)
    )
    last = None if row is None else _decision(tx, {**row, "worker_name": worker.name, "number": None})
    return WorkerExplained(at=tx.now, worker=worker, occupation=_occupation(tx, worker, last, rule), last=last)


def decisions_about(tx: Transaction, job: Job) -> tuple[Decision, ...]:
    """List the leases that a job was given to, oldest first."""
    return tuple(_decision(tx, row) for row in tx.rows("leases_of_job", job_id=job.job_id))


def _occupation(tx: Transaction, worker: Worker, last: Decision | None, rule: WarmSplit) -> Occupation:
    if last is not None and last.ended_at is None:
        return Working(app_version_id=last.app_version_id, jobs=len(last.job_ids), reason=last.reason)
    conduct = worker.conduct
    match worker.status:
        case WorkerStatus.IDLE | WorkerStatus.BUSY:  # a busy one has a lease, which was answered before
            return of_free(picture_of(tx, worker, passed_over=())[0], rule)
        case WorkerStatus.QUARANTINED:
            return KeptFromWork(status=worker.status, reason=conduct.reason, until_at=conduct.until_at)
        case WorkerStatus.OFFLINE | WorkerStatus.DRAINING:
            return KeptFromWork(status=worker.status, reason=None, until_at=None)
        case _:
            assert_never(worker.status)


def _decision(tx: Transaction, row: Row) -> Decision:
    return Decision(
        token=row["token"],
        worker_id=row["worker_id"],
        worker_name=row["worker_name"],
        org_id=row["org_id"],
        app_version_id=row["app_version_id"],
        group_id=row["group_id"],
        job_ids=tuple(each["job_id"] for each in tx.rows("jobs_of_lease", lease=row["token"])),
        granted_at=from_micros(row["granted_at"]),
        ended_at=time_of(row["ended_at"]),
        reason=row["reason"],
        choice=None if row["choice"] is None else json.loads(row["choice"]),
        attempt=row["number"],
    )
