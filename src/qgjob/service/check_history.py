"""Whether the history of cases is what the cases came to, by the rules that wrote it down."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from qgjob.core.attempt import by_case, outcome_of
from qgjob.core.history import WINDOW, figures
from qgjob.core.mute import is_excused
from qgjob.core.words import CaseOutcome
from qgjob.service.books.history import columns_of
from qgjob.store import Row, Transaction
from qgjob.store.nouns import case_of, past_result_of, verdict_of

CHECK = "check_history"
PROMISE = "The history of cases says of a job what its cases came to, and of a case how it did in its last results."
_PAGE = 1000


def misremembered(tx: Transaction) -> Iterator[Row]:
    """Find the jobs and the cases of which the history says something else."""
    yield from _jobs(tx)
    yield from _cases(tx)


def _jobs(tx: Transaction) -> Iterator[Row]:
    after = 0
    while jobs := tx.rows("final_jobs", after=after, limit=_PAGE):
        upto = jobs[-1]["number"]
        executions = _by(tx.rows("cases_of_final_jobs", after=after, upto=upto), "job_id")
        results = _by(tx.rows("results_of_final_jobs", after=after, upto=upto), "job_number")
        for job in jobs:
            if not _is_remembered(job, executions[job["job_id"]], results[job["number"]]):
                yield job
        after = upto


def _is_remembered(job: Row, executions: Sequence[Row], results: Sequence[Row]) -> bool:
    """Whether each of its cases is there once, and it is excused as the mutes say that were in force then."""
    if job["excused"] is None:
        return not results  # it ended before there was a history, or before it began
    came_to = {case_id: outcome_of(of_case) for case_id, of_case in by_case(map(case_of, executions)).items()}
    said = {row["case_id"]: CaseOutcome(row["outcome"]) for row in results}
    verdict, cases = verdict_of(job), [(said[row["case_id"]], bool(row["muted"])) for row in results]
    excused = verdict is not None and is_excused(verdict, cases)
    return len(results) == len(said) and said == came_to and excused == bool(job["excused"])


def _cases(tx: Transaction) -> Iterator[Row]:
    last: Row = {"org_id": "", "case_id": ""}
    while cases := tx.rows("known_cases", org_id=last["org_id"], case_id=last["case_id"], limit=_PAGE):
        asked = [{"org_id": each["org_id"], "case_id": each["case_id"], "limit": WINDOW} for each in cases]
        for each, rows in zip(cases, tx.rows_each("last_results", asked), strict=True):
            if not _is_summed_up(each, rows):
                yield each
        last = cases[-1]


def _is_summed_up(case: Row, rows: Sequence[Row]) -> bool:
    """Whether the figures are those of the last results; of which some may have been removed with their jobs."""
    counted = sum(case[outcome] for outcome in CaseOutcome)
    if len(rows) < counted:
        return True
    columns = columns_of(figures([past_result_of(row) for row in reversed(rows)]))
    return all(case[name] == value for name, value in columns.items())


def _by(rows: Sequence[Row], column: str) -> Mapping[object, list[Row]]:
    found: defaultdict[object, list[Row]] = defaultdict(list)
    for row in rows:
        found[row[column]].append(row)
    return found
