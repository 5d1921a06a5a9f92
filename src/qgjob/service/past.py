"""What a farm has done lately: its jobs and installations as they were measured, read from the newest back."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from qgjob.core.requirement import Requirement
from qgjob.core.words import AppVersionId, GroupId, JobId, OrgId, Priority, RunId, WorkerId
from qgjob.core.worker import Worker
from qgjob.store import Row, Transaction
from qgjob.store.clock import from_micros
from qgjob.store.nouns import length_of, requirement_of, worker_of

MOST = 500_000
"""Jobs, or installations, beyond which nothing older is read."""
_PAGE = 1_000
_NEWEST = 2**62


@dataclass(frozen=True, kw_only=True)
class PastJob:
    """A job. `took`: its last attempt that its test brought to an end; None: there was none."""

    job_id: JobId
    run_id: RunId
    group_id: GroupId
    org_id: OrgId
    app_version_id: AppVersionId
    priority: Priority
    test_path: str
    submitted_at: datetime
    took: timedelta | None


@dataclass(frozen=True, kw_only=True)
class PastInstall:
    """An installation that a device brought to its end."""

    org_id: OrgId
    app_version_id: AppVersionId
    worker_id: WorkerId
    took: timedelta


def jobs(tx: Transaction, *, since_at: datetime) -> list[PastJob]:
    """List the jobs that were submitted since, oldest first."""
    return [_job_of(row) for row in _newest(tx, "past_jobs", "created_at", since_at)][::-1]


def installs(tx: Transaction, *, since_at: datetime) -> list[PastInstall]:
    """List the installations since, newest first."""
    return [
        PastInstall(
            org_id=row["org_id"],
            app_version_id=row["app_version_id"],
            worker_id=row["worker_id"],
            took=length_of(row["took_us"]),
        )
        for row in _newest(tx, "past_installs", "at", since_at)
    ]


def workers(tx: Transaction) -> list[Worker]:
    """List the workers that belong to the farm now."""
    found: list[Worker] = []
    after = 0
    while rows := tx.rows("workers_page", after=after, limit=_PAGE):
        found += [worker_of(row, tx.now) for row in rows if row["present"]]
        after = rows[-1]["number"]
    return found


def requirements(tx: Transaction, group_ids: Collection[GroupId]) -> Mapping[GroupId, Requirement]:
    """Say what these groups ask for."""
    answers = tx.rows_each("group_by_id", [{"group_id": group_id} for group_id in sorted(group_ids)])
    return {row["group_id"]: requirement_of(row) for rows in answers for row in rows}


def weights(tx: Transaction) -> Mapping[OrgId, float]:
    """Tell the shares of orgs that were given one."""
    return {row["org_id"]: row["weight"] for row in tx.rows("org_weights")}


def _newest(tx: Transaction, statement: str, time: str, since_at: datetime) -> Iterator[Row]:
    """Walk a list from its newest row back to a moment, page by page."""
    before, seen = _NEWEST, 0
    while seen < MOST:
        rows = tx.rows(statement, before=before, limit=_PAGE)
        for row in rows:
            if from_micros(row[time]) < since_at:
                return
            yield row
        if len(rows) < _PAGE:
            return
        before, seen = rows[-1]["number"], seen + len(rows)


def _job_of(row: Row) -> PastJob:
    return PastJob(
        job_id=row["job_id"],
        run_id=row["run_id"],
        group_id=row["group_id"],
        org_id=row["org_id"],
        app_version_id=row["app_version_id"],
        priority=Priority(row["priority"]),
        test_path=row["test_path"],
        submitted_at=from_micros(row["created_at"]),
        took=None if row["seconds"] is None else timedelta(seconds=row["seconds"]),
    )
