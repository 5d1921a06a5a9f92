"""What a finished job came to, as the JSON that its owner reads."""

from qgjob.core.attempt import CaseCounts, count_cases
from qgjob.core.retry import Final
from qgjob.core.words import Proof
from qgjob.service.jobs.in_hand import JobInHand


def job_result(
    hand: JobInHand, final: Final, *, message: str | None, proof: Proof
) -> tuple[dict[str, object], CaseCounts]:
    """Sum up a job over all its attempts; the counts of its cases also as a value.

    `proof` is what the device of its last attempt could show of the app, `attempts` how many have begun.
    """
    cases = count_cases(result for _, result in hand.executions)
    ours: dict[str, object] = {
        "verdict": final.verdict,
        "fault": final.fault,
        "message": message,
        "cases": {"total": cases.total, **vars(cases)},
        "attempts": hand.begun,
        "proof": proof,
    }
    return ours, cases
