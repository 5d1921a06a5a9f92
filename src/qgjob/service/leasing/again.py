"""Which cases of jobs run again that were tried before."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from operator import itemgetter

from qgjob.core.places import EarlierAttempt, Place, places_again
from qgjob.core.words import JobId, ResetMode, Sha256
from qgjob.store import Row, Transaction
from qgjob.store.nouns import case_of


def places_of(
    tx: Transaction, job_ids: Sequence[JobId], *, bundle: Sha256 | None, reset: ResetMode
) -> Mapping[JobId, tuple[Place, ...]]:
    """Name for each of these jobs the places that run again; none, or no job here: all of it."""
    if not job_ids:
        return {}
    told = {(row["job_id"], row["number"]) for row in tx.rows("told_attempts", job_ids=job_ids)}
    by_job = groupby(tx.rows("cases_of_jobs", job_ids=job_ids), key=itemgetter("job_id"))
    return {
        job_id: places_again(
            [_attempt(cases, told=(job_id, number) in told) for number, cases in groupby(rows, itemgetter("attempt"))],
            bundle=bundle,
            reset=reset,
        )
        for job_id, rows in by_job
    }


def _attempt(cases: Iterable[Row], *, told: bool) -> EarlierAttempt:
    return EarlierAttempt(told=told, executions=tuple(case_of(row) for row in cases))
