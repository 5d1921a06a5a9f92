"""What is learnt of how long things take."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qgjob.core.estimate import after_install, after_test
from qgjob.core.words import Verdict

lengths = st.timedeltas(timedelta(0), timedelta(hours=10))


def seconds(number: float) -> timedelta:
    return timedelta(seconds=number)


def test_the_first_run_of_a_test_is_taken_at_its_word() -> None:
    assert after_test(None, took=seconds(12), verdict=Verdict.PASSED) == seconds(12)


def test_the_newest_run_of_a_test_counts_half() -> None:
    assert after_test(seconds(20), took=seconds(10), verdict=Verdict.PASSED) == seconds(15)


@pytest.mark.parametrize("verdict", [Verdict.FAILED, Verdict.TIMED_OUT])
def test_a_failed_run_teaches_only_that_a_test_can_take_longer(verdict: Verdict) -> None:
    assert after_test(seconds(20), took=seconds(40), verdict=verdict) == seconds(30)
    assert after_test(seconds(20), took=seconds(2), verdict=verdict) == seconds(20)
    assert after_test(None, took=seconds(2), verdict=verdict) is None


@pytest.mark.parametrize("verdict", [Verdict.INFRA_ERROR, Verdict.CANCELLED, Verdict.NO_TESTS])
def test_what_was_not_the_tests_doing_teaches_nothing(verdict: Verdict) -> None:
    assert after_test(seconds(20), took=seconds(40), verdict=verdict) == seconds(20)


def test_the_newest_installation_counts_three_tenths() -> None:
    assert after_install(seconds(10), took=seconds(20)) == seconds(13)
    assert after_install(None, took=seconds(20)) == seconds(20)


@given(known=lengths, took=lengths)
def test_an_estimate_stays_between_what_was_known_and_what_is_new(known: timedelta, took: timedelta) -> None:
    learnt = after_test(known, took=took, verdict=Verdict.PASSED)

    assert learnt is not None
    assert min(known, took) <= learnt <= max(known, took)
    assert min(known, took) <= after_install(known, took=took) <= max(known, took)
