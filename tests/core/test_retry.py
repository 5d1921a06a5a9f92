"""What becomes of a job after an attempt."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qgjob.core.retry import (
    AVOID_WORKER_FOR,
    INFRASTRUCTURE_BUDGET,
    Again,
    AttemptOutcome,
    Final,
    Spent,
    decide,
    decide_unbegun,
)
from qgjob.core.words import Fault, Verdict

outcomes = st.builds(
    AttemptOutcome,
    verdict=st.sampled_from(Verdict),
    fault=st.none() | st.sampled_from(Fault),
)
budgets = st.builds(
    Spent,
    test_retries=st.integers(0, 10),
    infrastructure=st.integers(0, INFRASTRUCTURE_BUDGET),
    max_retries=st.integers(0, 10),
)


def outcome(verdict: Verdict, fault: Fault | None = None) -> AttemptOutcome:
    return AttemptOutcome(verdict=verdict, fault=fault)


def spent(*, test_retries: int = 0, infrastructure: int = 0, max_retries: int = 2) -> Spent:
    return Spent(test_retries=test_retries, infrastructure=infrastructure, max_retries=max_retries)


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

    if outcome.verdict is Verdict.INFRA_ERROR:
        assert decision in (
            Again(
                spends=Fault.INFRASTRUCTURE,
                wait=timedelta(seconds=5 * 2**spent.infrastructure),
                avoid_worker_for=AVOID_WORKER_FOR,
            ),
            Final(verdict=Verdict.INFRA_ERROR, fault=Fault.INFRASTRUCTURE),
            Final(verdict=Verdict.INFRA_ERROR, fault=Fault.US),
        )


@given(outcome=outcomes, max_retries=st.integers(0, 10))
def test_a_job_comes_to_an_end_within_its_budgets(outcome: AttemptOutcome, max_retries: int) -> None:
    attempts, test_retries, infrastructure = 0, 0, 0
    decision: Final | Again | None = None
    while not isinstance(decision, Final):
        attempts += 1
        used = Spent(test_retries=test_retries, infrastructure=infrastructure, max_retries=max_retries)
        decision = decide(outcome, used, cancel_requested=False)
        if isinstance(decision, Again):
            test_retries += decision.spends is Fault.TEST
            infrastructure += decision.spends is Fault.INFRASTRUCTURE

    assert attempts <= 1 + max_retries + INFRASTRUCTURE_BUDGET


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
