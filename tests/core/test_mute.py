"""Which jobs muted cases excuse, and how long a case may be muted."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qgjob.core.errors import InvalidRequest
from qgjob.core.mute import check_until, is_excused
from qgjob.core.words import CaseOutcome, Verdict

PASSED, FAILED, FLAKY, NOT_RUN = CaseOutcome.PASSED, CaseOutcome.FAILED, CaseOutcome.FLAKY, CaseOutcome.NOT_RUN
NOW = datetime(2026, 11, 23, tzinfo=UTC)


@pytest.mark.parametrize("verdict", [Verdict.FAILED, Verdict.FLAKY])
def test_a_job_is_excused_when_all_that_made_it_so_was_muted(verdict: Verdict) -> None:
    assert is_excused(verdict, [(PASSED, False), (FAILED, True), (FLAKY, True)])
    assert not is_excused(verdict, [(FAILED, True), (FLAKY, False)])


def test_what_was_not_run_is_nobodys_to_excuse() -> None:
    assert not is_excused(Verdict.FAILED, [(FAILED, True), (NOT_RUN, True)])


def test_a_failure_of_no_case_is_not_excused() -> None:
    assert not is_excused(Verdict.FAILED, [(PASSED, True)])
    assert not is_excused(Verdict.FAILED, [])


cases = st.lists(st.tuples(st.sampled_from(CaseOutcome), st.booleans()))


@given(verdict=st.sampled_from([each for each in Verdict if each not in {Verdict.FAILED, Verdict.FLAKY}]), cases=cases)
def test_no_other_verdict_is_ever_excused(verdict: Verdict, cases: list[tuple[CaseOutcome, bool]]) -> None:
    assert not is_excused(verdict, cases)


@given(cases=cases)
def test_without_a_mute_nothing_is_excused(cases: list[tuple[CaseOutcome, bool]]) -> None:
    assert not is_excused(Verdict.FAILED, [(outcome, False) for outcome, _ in cases])


@pytest.mark.parametrize("ahead", [timedelta(0), timedelta(days=-1), timedelta(days=366, seconds=1)])
def test_a_mute_is_for_a_time_to_come_and_for_a_year_at_most(ahead: timedelta) -> None:
    with pytest.raises(InvalidRequest, match="until must be") as caught:
        check_until(NOW + ahead, now=NOW)

    assert [problem.field for problem in caught.value.problems] == ["until"]


def test_a_mute_may_last_a_year() -> None:
    check_until(NOW + timedelta(seconds=1), now=NOW)
    check_until(NOW + timedelta(days=366), now=NOW)
