"""What becomes of a job after an attempt."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qgjob.core.retry import (
    AVOID_WORKER_FOR,
    INFRASTRUCTURE_BUDGET,
    MOST_TAKEN_DOWN,
    MOST_UNBEGUN,
    Again,
    AttemptOutcome,
    Final,
    Spent,
    decide,
    decide_last,
    decide_unbegun,
)
from qgjob.core.words import Fault, Loss, Verdict

outcomes = st.builds(
    AttemptOutcome,
    verdict=st.sampled_from(Verdict),
    fault=st.none() | st.sampled_from(Fault),
    loss=st.none() | st.sampled_from(Loss),
)
budgets = st.builds(
    Spent,
    test_retries=st.integers(0, 10),
    infrastructure=st.integers(0, INFRASTRUCTURE_BUDGET),
    max_retries=st.integers(0, 10),
    run_retries_left=st.none() | st.integers(0, 10),
    taken_down=st.integers(0, MOST_TAKEN_DOWN),
    host_losses=st.integers(0, MOST_UNBEGUN),
)


def outcome(verdict: Verdict, fault: Fault | None = None, loss: Loss | None = None) -> AttemptOutcome:
    return AttemptOutcome(verdict=verdict, fault=fault, loss=loss)


def spent(
    *,
    test_retries: int = 0,
    infrastructure: int = 0,
    max_retries: int = 2,
    run_retries_left: int | None = None,
    taken_down: int = 0,
    host_losses: int = 0,
) -> Spent:
    return Spent(
        test_retries=test_retries,
        infrastructure=infrastructure,
        max_retries=max_retries,
        run_retries_left=run_retries_left,
        taken_down=taken_down,
        host_losses=host_losses,
    )


@pytest.mark.parametrize("verdict", [Verdict.FAILED, Verdict.TIMED_OUT])
def test_a_failed_test_is_tried_again_at_once_and_elsewhere(verdict: Verdict) -> None:
    assert decide(outcome(verdict, Fault.TEST), spent(), cancel_requested=False) == Again(
        spends=Fault.TEST, wait=timedelta(0), avoid_worker_for=timedelta(seconds=60)
    )


@pytest.mark.parametrize("verdict", [Verdict.FAILED, Verdict.TIMED_OUT])
def test_a_failed_test_without_retries_left_is_final(verdict: Verdict) -> None:
    decision = decide(outcome(verdict, Fault.TEST), spent(test_retries=2), cancel_requested=False)

    assert decision == Final(verdict=verdict, fault=Fault.TEST)


def test_a_pass_after_a_failed_attempt_is_flaky() -> None:
    decision = decide(outcome(Verdict.PASSED), spent(test_retries=1), cancel_requested=False)

    assert decision == Final(verdict=Verdict.FLAKY, fault=None)


def test_a_pass_after_a_lost_device_is_a_pass() -> None:
    decision = decide(outcome(Verdict.PASSED), spent(infrastructure=3), cancel_requested=False)

    assert decision == Final(verdict=Verdict.PASSED, fault=None)


@pytest.mark.parametrize(("lost", "wait_s"), [(0, 5), (1, 10), (2, 20)])
def test_each_loss_to_infrastructure_waits_longer(lost: int, wait_s: int) -> None:
    decision = decide(outcome(Verdict.INFRA_ERROR), spent(infrastructure=lost), cancel_requested=False)

    assert decision == Again(spends=Fault.INFRASTRUCTURE, wait=timedelta(seconds=wait_s))


def test_a_fourth_loss_to_infrastructure_is_final() -> None:
    decision = decide(outcome(Verdict.INFRA_ERROR), spent(infrastructure=3), cancel_requested=False)

    assert decision == Final(verdict=Verdict.INFRA_ERROR, fault=Fault.INFRASTRUCTURE)


def test_a_fault_of_ours_counts_like_infrastructure() -> None:
    decision = decide(outcome(Verdict.FAILED, Fault.US), spent(), cancel_requested=False)

    assert decision == Again(spends=Fault.INFRASTRUCTURE, wait=timedelta(seconds=5))


@pytest.mark.parametrize(
    ("verdict", "fault", "final"),
    [
        (Verdict.APP_ERROR, Fault.APP, Verdict.APP_ERROR),
        (Verdict.FAILED, Fault.APP, Verdict.APP_ERROR),
        (Verdict.CONFIGURATION_ERROR, Fault.CONFIGURATION, Verdict.CONFIGURATION_ERROR),
        (Verdict.FAILED, Fault.CONFIGURATION, Verdict.CONFIGURATION_ERROR),
        (Verdict.NO_TESTS, Fault.CONFIGURATION, Verdict.NO_TESTS),
        (Verdict.NO_TESTS, None, Verdict.NO_TESTS),
    ],
)
def test_what_trying_again_cannot_change_is_final_at_once(
    verdict: Verdict, fault: Fault | None, final: Verdict
) -> None:
    decision = decide(outcome(verdict, fault), spent(max_retries=10), cancel_requested=False)

    assert isinstance(decision, Final)
    assert decision.verdict is final


def test_an_attempt_cut_off_without_anybody_wishing_it_is_a_loss_to_infrastructure() -> None:
    decision = decide(outcome(Verdict.CANCELLED), spent(), cancel_requested=False)

    assert decision == Again(spends=Fault.INFRASTRUCTURE, wait=timedelta(seconds=5))


@given(outcome=outcomes, spent=budgets)
def test_a_wish_to_cancel_ends_every_job(outcome: AttemptOutcome, spent: Spent) -> None:
    decision = decide(outcome, spent, cancel_requested=True)

    assert isinstance(decision, Final)
    assert decision.verdict in {Verdict.CANCELLED, Verdict.PASSED, Verdict.FLAKY}


@given(outcome=outcomes, spent=budgets)
def test_infrastructure_never_spends_the_tests_own_retries(outcome: AttemptOutcome, spent: Spent) -> None:
    decision = decide(outcome, spent, cancel_requested=False)

    if outcome.verdict is not Verdict.INFRA_ERROR:
        return
    if isinstance(decision, Again):
        assert decision.spends is (None if outcome.loss is Loss.HOST else Fault.INFRASTRUCTURE)
        assert decision.wait >= timedelta(seconds=5)
        assert decision.avoid_worker_for == AVOID_WORKER_FOR
    else:
        assert (decision.verdict, decision.fault in {Fault.INFRASTRUCTURE, Fault.US}) == (Verdict.INFRA_ERROR, True)


@given(outcome=outcomes, max_retries=st.integers(0, 10))
def test_a_job_comes_to_an_end_within_its_budgets(outcome: AttemptOutcome, max_retries: int) -> None:
    attempts, test_retries, infrastructure, host_losses = 0, 0, 0, 0
    decision: Final | Again | None = None
    while not isinstance(decision, Final):
        attempts += 1
        host_losses += outcome.loss is Loss.HOST
        used = Spent(
            test_retries=test_retries,
            infrastructure=infrastructure,
            max_retries=max_retries,
            host_losses=host_losses,
        )
        decision = decide(outcome, used, cancel_requested=False)
        if isinstance(decision, Again):
            test_retries += decision.spends is Fault.TEST
            infrastructure += decision.spends is Fault.INFRASTRUCTURE

    assert attempts <= 1 + max_retries + INFRASTRUCTURE_BUDGET + MOST_UNBEGUN


@given(outcome=outcomes, spent=budgets)
def test_a_run_whose_retries_are_spent_sees_no_further_one(outcome: AttemptOutcome, spent: Spent) -> None:
    decision = decide(outcome, replace(spent, run_retries_left=0), cancel_requested=False)

    assert not (isinstance(decision, Again) and decision.spends is Fault.TEST)


def test_a_failed_test_says_that_its_run_may_have_no_more_retries() -> None:
    decision = decide(outcome(Verdict.FAILED, Fault.TEST), spent(run_retries_left=0), cancel_requested=False)

    assert decision == Final(
        verdict=Verdict.FAILED,
        fault=Fault.TEST,
        because="It is not tried again: the retries that its run may have are spent.",
    )


@pytest.mark.parametrize("loss", [Loss.DEVICE, Loss.RUNNER, Loss.AGENT])
def test_a_job_that_took_down_two_workers_is_given_to_no_other(loss: Loss) -> None:
    lost = outcome(Verdict.INFRA_ERROR, Fault.INFRASTRUCTURE, loss)

    assert isinstance(decide(lost, spent(infrastructure=0, taken_down=1), cancel_requested=False), Again)
    assert decide(lost, spent(infrastructure=1, taken_down=2), cancel_requested=False) == Final(
        verdict=Verdict.INFRA_ERROR,
        fault=Fault.INFRASTRUCTURE,
        because="It took down 2 workers while it ran, and is given to no other.",
    )


def test_a_fault_that_took_nothing_down_does_not_count_as_if_it_had() -> None:
    lost = outcome(Verdict.INFRA_ERROR, Fault.INFRASTRUCTURE)

    assert isinstance(decide(lost, spent(infrastructure=2, taken_down=2), cancel_requested=False), Again)


def test_trouble_of_the_whole_host_spends_nobodys_attempts() -> None:
    lost = outcome(Verdict.INFRA_ERROR, Fault.INFRASTRUCTURE, Loss.HOST)

    decision = decide(lost, spent(infrastructure=3, taken_down=2, host_losses=2), cancel_requested=False)

    assert decision == Again(spends=None, wait=timedelta(seconds=10))


def test_a_job_lost_with_its_host_twenty_times_is_given_up() -> None:
    lost = outcome(Verdict.INFRA_ERROR, Fault.INFRASTRUCTURE, Loss.HOST)

    assert decide(lost, spent(host_losses=20), cancel_requested=False) == Final(
        verdict=Verdict.INFRA_ERROR,
        fault=Fault.INFRASTRUCTURE,
        because="It was lost with its whole host 20 times.",
    )


@given(outcome=outcomes, spent=budgets)
def test_no_failure_of_infrastructure_is_called_a_failed_test(outcome: AttemptOutcome, spent: Spent) -> None:
    decision = decide(outcome, spent, cancel_requested=False)

    if outcome.fault in {Fault.INFRASTRUCTURE, Fault.US} and isinstance(decision, Final):
        assert decision.verdict not in {Verdict.FAILED, Verdict.TIMED_OUT}


@pytest.mark.parametrize(("times", "rest_s"), [(1, 0), (3, 0), (4, 5), (5, 10), (7, 40), (8, 60), (19, 60)])
def test_a_job_that_never_began_rests_longer_each_time(times: int, rest_s: int) -> None:
    assert decide_unbegun(times, cancel_requested=False) == timedelta(seconds=rest_s)


def test_a_job_that_never_began_is_given_up_after_20_times() -> None:
    final = Final(verdict=Verdict.INFRA_ERROR, fault=Fault.INFRASTRUCTURE)

    assert decide_unbegun(20, cancel_requested=False) == final


def test_a_job_that_never_began_and_should_stop_is_cancelled() -> None:
    assert decide_unbegun(1, cancel_requested=True) == Final(verdict=Verdict.CANCELLED, fault=None)


@given(outcomes, budgets, st.booleans())
def test_a_last_attempt_ends_as_it_would_have_ended_and_is_followed_by_none(
    outcome: AttemptOutcome, budget: Spent, cancel_requested: bool
) -> None:
    usual = decide(outcome, budget, cancel_requested=cancel_requested)
    last = decide_last(outcome, budget, cancel_requested=cancel_requested)

    assert isinstance(last, Final)
    assert last == usual or isinstance(usual, Again)


def test_of_a_last_attempt_a_test_has_failed_and_a_loss_is_cancelled() -> None:
    because = "It is not tried again: its run was superseded."

    assert decide_last(outcome(Verdict.TIMED_OUT, Fault.TEST), spent(), cancel_requested=False) == Final(
        verdict=Verdict.TIMED_OUT, fault=Fault.TEST, because=because
    )
    assert decide_last(
        outcome(Verdict.INFRA_ERROR, Fault.INFRASTRUCTURE, Loss.DEVICE), spent(), cancel_requested=False
    ) == Final(verdict=Verdict.CANCELLED, fault=None, because=because)
