"""Which cases of jobs run again that were tried before."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from operator import itemgetter

from qgjob.core.picking import place_named
from qgjob.core.places import EarlierAttempt, Place, places_again
from qgjob.core.words import JobId, ResetMode, Sha256
from qgjob.store import Row, Transaction
from qgjob.store.nouns import case_of


def places_of(
    tx: Transaction, tried: Mapping[JobId, str], *, bundle: Sha256 | None, reset: ResetMode
) -> Mapping[JobId, tuple[Place, ...]]:
    """Name for each of these jobs, by their test paths, the places that run again; none, or no job here: all of it."""
    if not tried:
        return {}
    job_ids = list(tried)
    told = {(row["job_id"], row["number"]) for row in tx.rows("told_attempts", job_ids=job_ids)}
    by_job = groupby(tx.rows("cases_of_jobs", job_ids=job_ids), key=itemgetter("job_id"))
    places: dict[JobId, tuple[Place, ...]] = {}
    for job_id, rows in by_job:
        attempts = [
            _attempt(cases, told=(job_id, number) in told) for number, cases in groupby(rows, itemgetter("attempt"))
        ]
        line = _line_of(tried[job_id], attempts)
        places[job_id] = places_again(attempts, bundle=bundle, reset=reset, line=line)
    return places


def _line_of(test_path: str, attempts: Sequence[EarlierAttempt]) -> int:
    files = {execution.case.file for attempt in attempts for execution in attempt.executions}
    return place_named(test_path, is_there=files.__contains__).line


def _attempt(cases: Iterable[Row], *, told: bool) -> EarlierAttempt:
    return EarlierAttempt(told=told, executions=tuple(case_of(row) for row in cases))
