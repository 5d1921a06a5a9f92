"""What a finished job came to, as the JSON that its owner reads."""

from collections.abc import Iterable

from qgjob.core.attempt import CaseCounts, CaseResult, count_cases
from qgjob.core.retry import Final
from qgjob.core.words import Proof
from qgjob.service.jobs.in_hand import JobInHand


def job_result(
    hand: JobInHand, final: Final, *, message: str | None, proof: Proof
) -> tuple[dict[str, object], CaseCounts]:
    """Sum up a job over all its attempts; the counts of its cases also as a value."""
    executions = [result for _, result in hand.executions]
    return result_of(final, executions=executions, begun=hand.begun, message=message, proof=proof)


def result_of(
    final: Final, *, executions: Iterable[CaseResult], begun: int, message: str | None, proof: Proof
) -> tuple[dict[str, object], CaseCounts]:
    """Sum up what was executed; the counts also as a value.

    `proof` is what the device of the last attempt could show of the app, `begun` how many have begun.
    """
    cases = count_cases(executions)
    ours: dict[str, object] = {
        "verdict": final.verdict,
        "fault": final.fault,
        "message": message,
        "cases": {"total": cases.total, **vars(cases)},
        "attempts": begun,
        "proof": proof,
    }
    return ours, cases
