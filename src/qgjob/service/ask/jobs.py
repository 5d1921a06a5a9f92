"""Questions about jobs and their attempts."""

from dataclasses import dataclass

from qgjob.core.attempt import Attempt, CaseResult
from qgjob.core.evidence import Evidence
from qgjob.core.job import Job
from qgjob.core.words import JobId, RunId
from qgjob.service import evidence, find
from qgjob.service.ask.page import Page, page_of, start_of
from qgjob.service.ask.ways import JobFilter, walked
from qgjob.store import Row, Transaction
from qgjob.store.nouns import attempt_of, case_of, job_of


@dataclass(frozen=True, kw_only=True)
class AttemptDetail:
    """An attempt with everything that is known of it; cases in the order in which they ended."""

    attempt: Attempt
    worker_name: str
    cases: tuple[CaseResult, ...]
    evidence: tuple[Evidence, ...]


def job(tx: Transaction, *, job_id: JobId) -> Job:
    """Find one job as it stands. Raises NotFound."""
    return find.job(tx, job_id)


def jobs(tx: Transaction, *, filters: JobFilter, limit: int, cursor: str | None = None) -> Page[Job]:
    """List jobs, oldest first. Raises InvalidRequest for a cursor that we did not give.

    Where few of very many are as asked for, a page may hold fewer than `limit`, or none, and still have a next one.
    """
    after = start_of(cursor)
    if filters.run_id is not None:
        return _jobs_of_run(tx, filters.run_id, filters, after=after, limit=limit)
    if filters.status is not None or filters.app_version_id is not None:
        found, upto = walked(tx, filters, after=after, most=limit + 1)
        return page_of(found, limit, job_of, upto=upto)
    if filters.org_id is not None:
        return page_of(tx.rows("jobs_page_of_org", org_id=filters.org_id, after=after, limit=limit + 1), limit, job_of)
    return page_of(tx.rows("jobs_page", after=after, limit=limit + 1), limit, job_of)


def attempts(tx: Transaction, *, job_id: JobId) -> tuple[AttemptDetail, ...]:
    """List the attempts of a job that began or ended with a verdict, oldest first. Raises NotFound: no such job."""
    find.job(tx, job_id)
    return tuple(_detail(tx, row) for row in tx.rows("attempts_of_job", job_id=job_id))


def _jobs_of_run(tx: Transaction, run_id: RunId, filters: JobFilter, *, after: int, limit: int) -> Page[Job]:
    """List in the order of the request; a run is never so long that its filters needed a shorter way."""
    rows = tx.rows(
        "jobs_page_of_run",
        run_id=run_id,
        org_id=filters.org_id,
        status=filters.status,
        app_version_id=filters.app_version_id,
        after=after,
        limit=limit + 1,
    )
    return page_of(rows, limit, job_of)


def _detail(tx: Transaction, row: Row) -> AttemptDetail:
    attempt = attempt_of(row)
    cases = tx.rows("cases_of_attempt", job_id=attempt.job_id, attempt=attempt.number)
    return AttemptDetail(
        attempt=attempt,
        worker_name=row["worker_name"],
        cases=tuple(case_of(each) for each in cases),
        evidence=evidence.of_attempt(tx, job_id=attempt.job_id, attempt=attempt.number),
    )
