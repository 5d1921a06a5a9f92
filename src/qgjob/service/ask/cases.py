"""The cases of a run, page by page: what each came to, with its executions that count.

Work goes by the page and not by the run: a page looks at a bounded number of jobs and executions, and at whole jobs
only, so that all the executions of a case are in one place.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby, islice
from operator import itemgetter
from sys import maxsize

from qgjob.core.attempt import Case, CaseResult, outcome_of
from qgjob.core.history import Standing
from qgjob.core.words import CaseOutcome, JobId, RunId, Target, WorkerId
from qgjob.service import find
from qgjob.service.ask.page import Page, start_of
from qgjob.store import Row, Transaction
from qgjob.store.nouns import case_of, share_of, time_of

MOST_JOBS = 500
"""Jobs that a page looks at; most of those that wait have no case yet, so it may be short, or empty."""
MOST_EXECUTIONS = 1000
"""Executions that a page reads at once. A job that has more is read alone."""


@dataclass(frozen=True, kw_only=True)
class Execution:
    """One execution of a case, and the attempt that it was part of."""

    attempt: int
    attempt_started_at: datetime | None
    worker_id: WorkerId
    worker_name: str
    result: CaseResult


@dataclass(frozen=True, kw_only=True)
class Judged:
    """How a result was seen when its job ended. `failing_since_at`: since when a known failure goes on.

    `flaky_score` is that of its case by now; None: too few results.
    """

    standing: Standing | None
    failing_since_at: datetime | None
    muted: bool
    flaky_score: float | None


@dataclass(frozen=True, kw_only=True)
class RunCase:
    """What a case came to in a job of a run. `executions`: oldest first. `judged` None: its job has not ended."""

    job_id: JobId
    job_number: int
    case: Case
    project: str | None
    target: Target
    outcome: CaseOutcome
    executions: tuple[Execution, ...]
    judged: Judged | None

    @property
    def seconds(self) -> float:
        """How long the execution took that decided."""
        return self.executions[-1].result.seconds


@dataclass(frozen=True, kw_only=True)
class _Place:
    """Behind a job, or behind a case of it, where a page begins."""

    job_number: int
    case_id: str | None

    @classmethod
    def of(cls, cursor: str | None) -> "_Place":
        number, sign, case_id = (cursor or "0").partition(".")
        return cls(job_number=start_of(number), case_id=case_id if sign else None)

    def __str__(self) -> str:
        return str(self.job_number) if self.case_id is None else f"{self.job_number}.{self.case_id}"


def cases_of_run(tx: Transaction, *, run_id: RunId, limit: int, cursor: str | None = None) -> Page[RunCase]:
    """List the cases of a run by job, file, line and title; those of jobs that still go as they stand.

    A page may hold fewer than `limit`, or none, and still have a next one. Raises NotFound, and InvalidRequest for a
    cursor that we did not give.
    """
    run_number = find.run(tx, run_id)["number"]
    begin = _Place.of(cursor)
    after = begin.job_number - (begin.case_id is not None)
    numbers = [
        row["number"] for row in tx.rows("job_numbers_of_run", run_number=run_number, after=after, limit=MOST_JOBS)
    ]
    if not numbers:
        return Page(items=(), next_cursor=None)
    rows, upto = _whole_jobs(tx, run_number, first=numbers[0], last=numbers[-1])
    found = tuple(islice(_behind(begin, _cases(tx, rows)), limit + 1))
    if len(found) > limit:
        last = found[limit - 1]
        following = _Place(job_number=last.job_number, case_id=last.case.case_id)
        return Page(items=found[:limit], next_cursor=str(following))
    at_the_end = upto == numbers[-1] and len(numbers) < MOST_JOBS
    return Page(items=found, next_cursor=None if at_the_end else str(_Place(job_number=upto, case_id=None)))


def _whole_jobs(tx: Transaction, run_number: int, *, first: int, last: int) -> tuple[list[Row], int]:
    """Read the executions of jobs from one number on, and the number up to which they are all there."""
    rows = tx.rows("executions_of_run", run_number=run_number, first=first, last=last, limit=MOST_EXECUTIONS)
    if len(rows) < MOST_EXECUTIONS:
        return rows, last
    cut = rows[-1]["job_number"]
    if rows[0]["job_number"] != cut:
        return [row for row in rows if row["job_number"] != cut], cut - 1
    return tx.rows("executions_of_run", run_number=run_number, first=cut, last=cut, limit=maxsize), cut


def _cases(tx: Transaction, rows: Sequence[Row]) -> Iterator[RunCase]:
    """Put executions together by case: jobs in their order, in each the cases as its files have them."""
    judged = _judged(tx, sorted({row["job_number"] for row in rows}))
    for _, of_job in groupby(rows, key=itemgetter("job_number")):
        of_case: dict[str, list[Row]] = {}
        for row in of_job:
            of_case.setdefault(row["case_id"], []).append(row)
        yield from sorted((_run_case(each, judged) for each in of_case.values()), key=_place_in_job)


def _place_in_job(each: RunCase) -> tuple[str, int, str, str]:
    return each.case.file, each.case.line, each.case.title, each.case.case_id


def _judged(tx: Transaction, numbers: Sequence[int]) -> Mapping[tuple[int, str], Judged]:
    results = tx.rows("results_of_jobs", numbers=numbers) if numbers else []
    return {(row["job_number"], row["case_id"]): judged_of(row) for row in results}


def judged_of(row: Row) -> Judged:
    """Read how a result was seen. Of failures only one that is known goes on since some time."""
    standing = None if row["standing"] is None else Standing(row["standing"])
    known = standing is Standing.KNOWN_FAILURE
    return Judged(
        standing=standing,
        failing_since_at=time_of(row["failing_since_at"]) if known else None,
        muted=bool(row["muted"]),
        flaky_score=share_of(row["flaky_ppm"]),
    )


def _run_case(rows: Sequence[Row], judged: Mapping[tuple[int, str], Judged]) -> RunCase:
    executions = tuple(
        Execution(
            attempt=row["attempt"],
            attempt_started_at=time_of(row["attempt_started_at"]),
            worker_id=row["worker_id"],
            worker_name=row["worker_name"],
            result=case_of(row),
        )
        for row in rows
    )
    last = rows[-1]
    return RunCase(
        job_id=last["job_id"],
        job_number=last["job_number"],
        case=executions[-1].result.case,
        project=last["project"],
        target=Target(last["target"]),
        outcome=outcome_of([each.result for each in executions]),
        executions=executions,
        judged=judged.get((last["job_number"], last["case_id"])),
    )


def _behind(begin: _Place, cases: Iterable[RunCase]) -> Iterator[RunCase]:
    """Pass over what was shown."""
    found = begin.case_id is None
    for each in cases:
        if found or each.job_number > begin.job_number:
            yield each
        found = found or each.case.case_id == begin.case_id
