"""What a job has used up of its budgets, its own and its run's, when an attempt of it has ended."""

from qgjob.core.job import MOST_RETRIES
from qgjob.core.retry import AttemptOutcome, Spent
from qgjob.core.words import Loss, Verdict
from qgjob.service.jobs.in_hand import JobInHand, OpenAttempt
from qgjob.store import Transaction

_OF_THE_TEST = frozenset({Verdict.FAILED, Verdict.TIMED_OUT})


def spent(tx: Transaction, open_attempt: OpenAttempt, outcome: AttemptOutcome, *, project_retries: int | None) -> Spent:
    """Sum up what was spent before this attempt, and what was lost up to it."""
    hand = open_attempt.hand
    taken_down, host_losses = _losses(tx, open_attempt, outcome.loss)
    return Spent(
        test_retries=hand.retry_count,
        infrastructure=hand.infra_count,
        max_retries=_max_retries(tx, hand, project_retries),
        run_retries_left=_run_retries_left(tx, hand) if outcome.verdict in _OF_THE_TEST else None,
        taken_down=taken_down,
        host_losses=host_losses,
    )


def _max_retries(tx: Transaction, hand: JobInHand, project_retries: int | None) -> int:
    """Where the job said nothing of retries its project's own word counts from now on."""
    if hand.asked_retries is not None or project_retries is None:
        return hand.max_retries
    max_retries = min(project_retries, MOST_RETRIES)
    tx.later("set_max_retries", job_id=hand.job_id, max_retries=max_retries)
    return max_retries


def _run_retries_left(tx: Transaction, hand: JobInHand) -> int | None:
    """Settled first, and so with the turn: nobody else spends of the same budget until this is committed."""
    if hand.retry_budget is None:
        return None
    tx.settle()
    had: int = tx.only("retries_of_run", number=hand.run_number)["retries"]
    return hand.retry_budget - had


def _losses(tx: Transaction, open_attempt: OpenAttempt, loss: Loss | None) -> tuple[int, int]:
    """Count the workers that went down with the job's attempts, this one included, and those lost with their host."""
    if loss is None:
        return 0, 0
    earlier = [
        (row["worker_id"], Loss(row["loss"]))
        for row in tx.rows("losses_of_job", job_id=open_attempt.job_id)
        if row["number"] != open_attempt.number
    ]
    losses = [*earlier, (open_attempt.worker_id, loss)]
    taken_down = {worker_id for worker_id, each in losses if each is not Loss.HOST}
    return len(taken_down), sum(each is Loss.HOST for _, each in losses)
