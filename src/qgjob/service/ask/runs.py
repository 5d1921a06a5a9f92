"""Questions about runs. What a list or a wait needs is counted already; what one run came to is summed up."""

from collections import Counter
from collections.abc import Iterable
from functools import reduce
from itertools import groupby
from operator import add, itemgetter

from qgjob.core.attempt import CaseCounts, count_cases
from qgjob.core.run import Run, RunSummary
from qgjob.core.words import JobStatus, OrgId, RunId, Verdict
from qgjob.service import find
from qgjob.service.ask.page import FURTHEST, Page, page_of, start_of
from qgjob.store import Row, Transaction
from qgjob.store.clock import from_micros
from qgjob.store.nouns import case_of, counts_of


def run(tx: Transaction, *, run_id: RunId) -> Run:
    """Find one run as it stands. Raises NotFound."""
    row = find.run(tx, run_id)
    statuses: Counter[JobStatus] = Counter()
    verdicts: Counter[Verdict] = Counter()
    excused: Counter[Verdict] = Counter()
    sums = tx.rows("statuses_of_run", run_number=row["number"])
    for each in sums:
        statuses[JobStatus(each["status"])] += each["jobs"]
        if each["verdict"] is not None:
            verdicts[Verdict(each["verdict"])] += each["jobs"]
            excused[Verdict(each["verdict"])] += each["excused"]
    return Run(
        run_id=row["run_id"],
        org_id=row["org_id"],
        created_at=from_micros(row["created_at"]),
        statuses=dict(statuses),
        verdicts=dict(verdicts),
        excused={verdict: jobs for verdict, jobs in excused.items() if jobs},
        cases=reduce(add, (counts_of(each) for each in sums), _counts_so_far(tx, row, statuses)),
        job_ids=tuple(each["job_id"] for each in tx.rows("job_ids_of_run", run_number=row["number"])),
        retry_budget=row["retry_budget"],
        retries=row["retries"],
        supersede=row["supersede"],
        superseded_by=row["superseded_by"],
    )


def _counts_so_far(tx: Transaction, run: Row, statuses: Iterable[JobStatus]) -> CaseCounts:
    """Count the cases of the jobs that still go: no job is charged with them before it is final."""
    if all(status.is_final for status in statuses):
        return CaseCounts()
    executions = tx.rows("executions_of_going_jobs", run_number=run["number"])
    by_job = groupby(executions, key=itemgetter("job_id"))
    return reduce(add, (count_cases(map(case_of, of_job)) for _, of_job in by_job), CaseCounts())


def is_over(tx: Transaction, *, run_id: RunId) -> bool:
    """Whether every job of a run is final, at the cost of one row. Raises NotFound."""
    row = find.run(tx, run_id)
    return bool(row["ended"] == row["jobs"])


def runs(tx: Transaction, *, org_id: OrgId | None, limit: int, cursor: str | None = None) -> Page[RunSummary]:
    """List runs, newest first. Raises InvalidRequest for a cursor that we did not give."""
    before = FURTHEST if cursor is None else start_of(cursor)
    if org_id is None:
        rows = tx.rows("runs_page", before=before, limit=limit + 1)
    else:
        rows = tx.rows("runs_page_of_org", org_id=org_id, before=before, limit=limit + 1)
    return page_of(rows, limit, _summary_of)


def _summary_of(row: Row) -> RunSummary:
    return RunSummary(
        run_id=row["run_id"],
        org_id=row["org_id"],
        created_at=from_micros(row["created_at"]),
        jobs=row["jobs"],
        waiting=row["waiting"],
        ended=row["ended"],
        passed=row["passed"],
        supersede=row["supersede"],
        superseded_by=row["superseded_by"],
    )
