"""What becomes of a job after an attempt: the end, or another attempt out of the budget that the fault spends."""

from dataclasses import dataclass
from datetime import timedelta
from typing import assert_never

from qgjob.core.words import Fault, Loss, Verdict

INFRASTRUCTURE_BUDGET = 3
"""Further attempts of a job that infrastructure let down; they never spend the test's own retries."""
FIRST_BACKOFF = timedelta(seconds=5)
"""Doubles with each further loss."""
AVOID_WORKER_FOR = timedelta(seconds=60)
"""How long a job is kept for other workers than the one it failed on, where another is free."""

MOST_TAKEN_DOWN = 2
"""A job that took down so many workers, each in mid-attempt, is given to no other: it would take that one down too."""

MOST_UNBEGUN = 20
"""Leases that may come to nothing at no cost to the job: nobody should wait for it for ever."""
UNBEGUN_AT_ONCE = 3
"""So many times an unbegun job is claimable again at once; then it rests, or one broken host would use them all up."""
LONGEST_REST = timedelta(seconds=60)

_SUPERSEDED = "It is not tried again: its run was superseded."


@dataclass(frozen=True, kw_only=True)
class Spent:
    """What a job has used up so far. `test_retries` and `infrastructure` count further attempts begun or due.

    `run_retries_left`: what is left of the retries that its whole run may have; None: as many as its jobs have.
    `taken_down` counts the workers that its attempts took down, `host_losses` the attempts lost with their whole host;
    both with the attempt that is being decided.
    """

    test_retries: int
    infrastructure: int
    max_retries: int
    run_retries_left: int | None = None
    taken_down: int = 0
    host_losses: int = 0


@dataclass(frozen=True, kw_only=True)
class AttemptOutcome:
    """How an attempt ended; `fault` None where nothing was wrong or nobody can tell."""

    verdict: Verdict
    fault: Fault | None
    loss: Loss | None = None


@dataclass(frozen=True, kw_only=True)
class Final:
    """The job has ended. `because`: why it is not tried again, where the attempt's own message cannot say it."""

    verdict: Verdict
    fault: Fault | None
    because: str | None = None


@dataclass(frozen=True, kw_only=True)
class Again:
    """Another attempt is due after `wait`, at first elsewhere.

    `spends`: TEST or INFRASTRUCTURE, whose budget; None: nobody's.
    """

    spends: Fault | None
    wait: timedelta
    avoid_worker_for: timedelta = AVOID_WORKER_FOR


def decide(outcome: AttemptOutcome, spent: Spent, *, cancel_requested: bool) -> Final | Again:
    """Decide what becomes of the job.

    A person's wish to cancel beats everything but a pass. An attempt that was cancelled without that wish was cut
    off by its agent or its host: nobody's test failed.
    """
    if _passed(outcome.verdict):
        return Final(verdict=_pass_after(spent, outcome.verdict), fault=None)
    if cancel_requested:
        return Final(verdict=Verdict.CANCELLED, fault=None)
    fault = _fault_of(outcome)
    match fault:
        case Fault.TEST:
            return _after_test_failure(outcome.verdict, spent)
        case Fault.INFRASTRUCTURE | Fault.US:
            return _after_infrastructure_loss(fault, outcome.loss, spent)
        case Fault.APP:
            return Final(verdict=Verdict.APP_ERROR, fault=fault)
        case Fault.CONFIGURATION:
            nothing_ran = outcome.verdict is Verdict.NO_TESTS
            return Final(verdict=Verdict.NO_TESTS if nothing_ran else Verdict.CONFIGURATION_ERROR, fault=fault)
        case _:
            assert_never(fault)


def decide_last(outcome: AttemptOutcome, spent: Spent, *, cancel_requested: bool) -> Final | Again:
    """Decide as `decide` does, of a job that nobody needs any more: it is not tried again.

    A test that failed has failed; what infrastructure let down is cancelled.
    """
    decision = decide(outcome, spent, cancel_requested=cancel_requested)
    if isinstance(decision, Final):
        return decision
    if decision.spends is Fault.TEST:
        return Final(verdict=outcome.verdict, fault=Fault.TEST, because=_SUPERSEDED)
    return Final(verdict=Verdict.CANCELLED, fault=None, because=_SUPERSEDED)


def decide_unbegun(times: int, *, cancel_requested: bool) -> Final | timedelta:
    """Decide what becomes of a job that never began, now for the `times`-th time: the end, or how long it rests.

    It costs nothing of the budgets: its test is not at fault, and no attempt was made.
    """
    if cancel_requested:
        return Final(verdict=Verdict.CANCELLED, fault=None)
    if times >= MOST_UNBEGUN:
        return Final(verdict=Verdict.INFRA_ERROR, fault=Fault.INFRASTRUCTURE)
    return timedelta(0) if times <= UNBEGUN_AT_ONCE else _rest(times - UNBEGUN_AT_ONCE)


def _passed(verdict: Verdict) -> bool:
    return verdict in {Verdict.PASSED, Verdict.FLAKY}


def _pass_after(spent: Spent, verdict: Verdict) -> Verdict:
    return Verdict.FLAKY if spent.test_retries > 0 else verdict


def _fault_of(outcome: AttemptOutcome) -> Fault:
    """Name whose problem it is: what the verdict leaves open the fault decides, and an unnamed one is the test's."""
    match outcome.verdict:
        case Verdict.INFRA_ERROR | Verdict.CANCELLED:
            return Fault.US if outcome.fault is Fault.US else Fault.INFRASTRUCTURE
        case Verdict.APP_ERROR:
            return Fault.APP
        case Verdict.CONFIGURATION_ERROR | Verdict.NO_TESTS:
            return Fault.CONFIGURATION
        case Verdict.FAILED | Verdict.TIMED_OUT | Verdict.PASSED | Verdict.FLAKY:
            return outcome.fault or Fault.TEST
        case _:
            assert_never(outcome.verdict)


def _after_test_failure(verdict: Verdict, spent: Spent) -> Final | Again:
    if spent.test_retries >= spent.max_retries:
        return Final(verdict=verdict, fault=Fault.TEST)
    if spent.run_retries_left is not None and spent.run_retries_left <= 0:
        because = "It is not tried again: the retries that its run may have are spent."
        return Final(verdict=verdict, fault=Fault.TEST, because=because)
    return Again(spends=Fault.TEST, wait=timedelta(0))


def _after_infrastructure_loss(fault: Fault, loss: Loss | None, spent: Spent) -> Final | Again:
    if loss is Loss.HOST:
        return _after_host_loss(fault, spent)
    if loss is not None and spent.taken_down >= MOST_TAKEN_DOWN:
        because = f"It took down {spent.taken_down} workers while it ran, and is given to no other."
        return Final(verdict=Verdict.INFRA_ERROR, fault=fault, because=because)
    if spent.infrastructure >= INFRASTRUCTURE_BUDGET:
        return Final(verdict=Verdict.INFRA_ERROR, fault=fault)
    return Again(spends=Fault.INFRASTRUCTURE, wait=FIRST_BACKOFF * 2**spent.infrastructure)


def _after_host_loss(fault: Fault, spent: Spent) -> Final | Again:
    """Decide after a loss that says nothing about the job, and so costs it nothing: only waiting for ever is worse."""
    if spent.host_losses >= MOST_UNBEGUN:
        because = f"It was lost with its whole host {spent.host_losses} times."
        return Final(verdict=Verdict.INFRA_ERROR, fault=fault, because=because)
    return Again(spends=None, wait=_rest(spent.host_losses))


def _rest(times: int) -> timedelta:
    """How long to wait before one more time at no cost: doubling, up to LONGEST_REST."""
    return min(FIRST_BACKOFF * (1 << max(0, times - 1)), LONGEST_REST)
