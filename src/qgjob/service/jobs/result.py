"""What a finished job came to, as the JSON that its owner reads."""

from dataclasses import asdict

from qgjob.core.attempt import CaseCounts, count_cases
from qgjob.core.job import Job
from qgjob.core.retry import Final
from qgjob.core.words import Proof
from qgjob.service import find
from qgjob.store import Transaction
from qgjob.store.nouns import case_of


def job_result(tx: Transaction, job: Job, final: Final, *, message: str | None) -> tuple[dict[str, object], CaseCounts]:
    """Sum up a job over all its attempts; the counts of its cases also as a value.

    `proof` is what the device of its last attempt could show of the app, `attempts` how many have begun.
    """
    cases = count_cases(case_of(row) for row in tx.rows("cases_in_time", job_id=job.job_id))
    proof = Proof.NONE if job.lease is None else find.lease(tx, job.lease).proof
    ours: dict[str, object] = {
        "verdict": final.verdict,
        "fault": final.fault,
        "message": message,
        "cases": {"total": cases.total, **asdict(cases)},
        "attempts": tx.only("attempts_begun", job_id=job.job_id)["attempts"],
        "proof": proof,
    }
    return ours, cases
