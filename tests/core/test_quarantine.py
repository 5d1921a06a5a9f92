"""Which workers are kept from work, and how they come back."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qgjob.core.quarantine import QUARANTINE, AttemptSeen, Conduct, after_lease
from qgjob.core.words import Fault, Loss, Verdict

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
PASSED = AttemptSeen(verdict=Verdict.PASSED, fault=None)
LOST = AttemptSeen(
    verdict=Verdict.INFRA_ERROR, fault=Fault.INFRASTRUCTURE, loss=Loss.DEVICE, message="The device is gone."
)

seen = st.builds(
    AttemptSeen,
    verdict=st.sampled_from(Verdict),
    fault=st.none() | st.sampled_from(Fault),
    loss=st.none() | st.sampled_from(Loss),
)


def conduct(*, faults: int, until_at: datetime | None = None) -> Conduct:
    return Conduct(faults_in_a_row=faults, until_at=until_at)


def test_a_third_fault_in_a_row_puts_a_worker_into_quarantine_and_says_why() -> None:
    after = after_lease(conduct(faults=2), [LOST], now=NOW)

    assert after == Conduct(
        faults_in_a_row=3,
        until_at=NOW + timedelta(minutes=5),
        reason="3 leases in a row were lost to infrastructure. The last time: The device is gone.",
    )
    assert after.is_in_quarantine(NOW + timedelta(minutes=4))
    assert not after.is_on_probation(NOW + timedelta(minutes=4))


def test_a_worker_that_has_sat_it_out_is_on_probation() -> None:
    waiting = conduct(faults=3, until_at=NOW)

    assert (waiting.is_in_quarantine(NOW), waiting.is_on_probation(NOW)) == (False, True)


def test_a_probe_that_succeeds_clears_the_worker() -> None:
    assert after_lease(conduct(faults=3, until_at=NOW), [PASSED], now=NOW) == Conduct()


@pytest.mark.parametrize(("faults", "minutes"), [(3, 10), (4, 20), (5, 40), (6, 60), (100, 60)])
def test_a_probe_that_fails_doubles_the_time_up_to_an_hour(faults: int, minutes: int) -> None:
    after = after_lease(conduct(faults=faults, until_at=NOW), [LOST], now=NOW)

    assert after.until_at == NOW + timedelta(minutes=minutes)


def test_many_faults_of_one_lease_are_one() -> None:
    assert after_lease(Conduct(), [LOST, LOST, LOST, LOST], now=NOW) == Conduct(faults_in_a_row=1)


def test_what_ran_before_a_fault_breaks_the_row() -> None:
    assert after_lease(conduct(faults=2), [PASSED, LOST], now=NOW) == Conduct(faults_in_a_row=1)


def test_what_runs_after_a_fault_takes_it_back() -> None:
    assert after_lease(conduct(faults=2), [LOST, PASSED], now=NOW) == Conduct()


@pytest.mark.parametrize(
    "nothing",
    [
        AttemptSeen(verdict=Verdict.INFRA_ERROR, fault=Fault.US),
        AttemptSeen(verdict=Verdict.INFRA_ERROR, fault=Fault.INFRASTRUCTURE, loss=Loss.HOST),
        AttemptSeen(verdict=Verdict.APP_ERROR, fault=Fault.APP),
        AttemptSeen(verdict=Verdict.CONFIGURATION_ERROR, fault=Fault.CONFIGURATION),
        AttemptSeen(verdict=Verdict.CANCELLED, fault=None),
    ],
)
def test_what_is_not_the_workers_doing_neither_accuses_nor_clears_it(nothing: AttemptSeen) -> None:
    assert after_lease(conduct(faults=2), [nothing], now=NOW) == conduct(faults=2)


@given(leases=st.lists(st.lists(seen, max_size=4), max_size=30))
def test_no_quarantine_is_longer_than_the_longest(leases: list[list[AttemptSeen]]) -> None:
    standing = Conduct()
    for attempts in leases:
        standing = after_lease(standing, attempts, now=NOW)
        assert standing.until_at is None or standing.until_at <= NOW + QUARANTINE.longest
        assert (standing.until_at is None) == (standing.faults_in_a_row < QUARANTINE.after)
        assert (standing.reason is None) == (standing.until_at is None)


@given(faults=st.integers(0, 50), attempts=st.lists(seen, max_size=5))
def test_a_worker_whose_last_test_came_to_its_end_is_never_kept_from_work(
    faults: int, attempts: list[AttemptSeen]
) -> None:
    assert after_lease(conduct(faults=faults), [*attempts, PASSED], now=NOW) == Conduct()
