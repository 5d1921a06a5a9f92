"""Questions about the farm as a whole: groups, workers, totals."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from qgjob.core.group import Group
from qgjob.core.timing import PROTOCOL1_LEASE, SILENT_AFTER
from qgjob.core.totals import Ledger, Stats
from qgjob.core.words import JobId, JobStatus, OrgId, WorkerId
from qgjob.core.worker import Worker
from qgjob.service import find
from qgjob.service.ask.page import Page, page_of, start_of
from qgjob.store import Row, Transaction
from qgjob.store.clock import from_micros
from qgjob.store.nouns import length_of, requirement_of, worker_of

MOST_JOBS_SHOWN = 500
"""Job ids that a group names; `job_count` says how many there are."""


def groups(tx: Transaction, *, org_id: OrgId | None, limit: int, cursor: str | None = None) -> Page[Group]:
    """List groups, oldest first. Raises InvalidRequest for a cursor that we did not give."""
    after = start_of(cursor)
    if org_id is None:
        rows = tx.rows("groups_page", after=after, limit=limit + 1)
    else:
        rows = tx.rows("groups_page_of_org", org_id=org_id, after=after, limit=limit + 1)
    return page_of(rows, limit, partial(_group_of, tx))


def workers(tx: Transaction, *, limit: int, cursor: str | None = None) -> Page[Worker]:
    """List workers that ever registered, oldest first, with their status as of now.

    Raises InvalidRequest for a cursor that we did not give.
    """
    after = start_of(cursor)
    rows = tx.rows("workers_page", after=after, limit=limit + 1)
    running: dict[WorkerId, tuple[JobId, ...]] = {}
    for row in tx.rows("running_jobs", after=after, upto=rows[-1]["number"] if rows else after):
        running[row["worker_id"]] = (*running.get(row["worker_id"], ()), row["job_id"])

    def shown(row: Row) -> Worker:
        return replace(worker_of(row, tx.now), current_jobs=running.get(row["worker_id"], ()))

    return page_of(rows, limit, shown)


def worker(tx: Transaction, *, worker_id: WorkerId) -> Worker:
    """Find one worker with its status as of now. Raises NotFound."""
    found = find.worker(tx, worker_id)
    number: int = tx.only("worker_by_id", worker_id=worker_id)["number"]
    running = tx.rows("running_jobs", after=number - 1, upto=number)
    return replace(found, current_jobs=tuple(row["job_id"] for row in running))


def stats(tx: Transaction) -> Stats:
    """Tell the farm's totals, from counters: the cost does not grow with the number of jobs."""
    totals = tx.only("farm_totals")
    known = tx.only("count_workers", protocol1_since_at=tx.now - PROTOCOL1_LEASE, agents_since_at=tx.now - SILENT_AFTER)
    return Stats(
        jobs=_jobs_by_status(tx),
        groups=totals["groups"],
        workers=known["workers"],
        active_workers=known["active"],
        ledger=Ledger(
            installs=totals["installs"],
            installs_stock=totals["installs_stock"],
            sessions=totals["sessions"],
            install_seconds=length_of(totals["install_us"]).total_seconds(),
            test_seconds=length_of(totals["test_us"]).total_seconds(),
            idle_seconds=length_of(totals["idle_us"]).total_seconds(),
        ),
    )


def _jobs_by_status(tx: Transaction) -> Mapping[JobStatus, int]:
    counted = {JobStatus(row["status"]): row["jobs"] for row in tx.rows("jobs_by_status")}
    return {status: counted.get(status, 0) for status in JobStatus}


def _group_of(tx: Transaction, row: Row) -> Group:
    ids = tx.rows("job_ids_of_group", group_id=row["group_id"], limit=MOST_JOBS_SHOWN)
    serving = tx.rows("workers_of_group", group_id=row["group_id"])
    return Group(
        group_id=row["group_id"],
        org_id=row["org_id"],
        app_version_id=row["app_version_id"],
        requirement=requirement_of(row),
        job_ids=tuple(each["job_id"] for each in ids),
        job_count=row["jobs"],
        status=_status_of(row),
        created_at=from_micros(row["created_at"]),
        workers=tuple(each["worker_id"] for each in serving),
    )


def _status_of(row: Row) -> JobStatus:
    if row["waiting"] or row["resting"]:
        return JobStatus.PENDING
    return JobStatus.RUNNING if row["servers"] else JobStatus.COMPLETED
