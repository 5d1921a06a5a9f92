"""What is said of a case's past, by figures that were worked out by hand, and by what holds whatever happened."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qgjob.core.history import LEAST_FOR_SCORE, Compared, Result, Standing, compared, figures
from qgjob.core.words import AppVersionId, CaseOutcome

PASSED, FAILED, FLAKY, SKIPPED, NOT_RUN = (
    CaseOutcome.PASSED,
    CaseOutcome.FAILED,
    CaseOutcome.FLAKY,
    CaseOutcome.SKIPPED,
    CaseOutcome.NOT_RUN,
)
BEGIN = datetime(2026, 11, 23, tzinfo=UTC)
LATER = BEGIN + timedelta(days=1)


def a_result(
    outcome: CaseOutcome = PASSED,
    *,
    version: str = "v1",
    kind: str = "emulator",
    seconds: float = 10,
    since: datetime | None = None,
) -> Result:
    return Result(
        outcome=outcome,
        took=timedelta(seconds=seconds),
        app_version_id=AppVersionId(version),
        kind=kind,
        failing_since_at=since,
    )


def in_turn(*outcomes: CaseOutcome, version: str = "v1") -> list[Result]:
    return [a_result(outcome, version=version) for outcome in outcomes]


def the_next(outcome: CaseOutcome, *earlier: Result, kind: str = "emulator") -> Compared:
    return compared(outcome, ended_at=LATER, kind=kind, earlier=earlier)


@pytest.mark.parametrize("before", [PASSED, FLAKY])
def test_what_fails_after_it_passed_is_a_new_failure(before: CaseOutcome) -> None:
    assert the_next(FAILED, a_result(before)) == Compared(standing=Standing.NEW_FAILURE, failing_since_at=LATER)


def test_what_fails_and_was_never_seen_before_is_first_seen_failing() -> None:
    assert the_next(FAILED) == Compared(standing=Standing.FIRST_SEEN_FAILING, failing_since_at=LATER)


def test_what_failed_before_is_a_known_failure_since_the_first_of_the_row() -> None:
    second = a_result(FAILED, since=BEGIN)

    assert the_next(FAILED, second) == Compared(standing=Standing.KNOWN_FAILURE, failing_since_at=BEGIN)


def test_what_passes_after_it_failed_has_recovered_and_what_was_only_flaky_has_not() -> None:
    assert the_next(PASSED, a_result(FAILED)).standing is Standing.RECOVERED
    assert the_next(FLAKY, a_result(FAILED)).standing is None
    assert the_next(PASSED, a_result(PASSED)).standing is None


def test_results_that_say_nothing_and_other_devices_are_passed_over() -> None:
    earlier = [a_result(FAILED), a_result(SKIPPED), a_result(NOT_RUN), a_result(PASSED, kind="device")]

    assert the_next(PASSED, *earlier).standing is Standing.RECOVERED
    assert the_next(FAILED, *earlier, kind="device").standing is Standing.NEW_FAILURE
    assert the_next(FAILED, *earlier, kind="tablet").standing is Standing.FIRST_SEEN_FAILING
    assert the_next(SKIPPED, *earlier) == Compared(standing=None, failing_since_at=None)


def test_flaky_results_and_flips_on_one_version_make_the_score() -> None:
    """Of ten that came out two were flaky and three flipped; the change between the versions is none."""
    results = [
        *in_turn(PASSED, FAILED, PASSED, FLAKY, PASSED, SKIPPED, version="v1"),
        *in_turn(FAILED, FAILED, FLAKY, FAILED, FAILED, version="v2"),
    ]
    known = figures(results)

    assert (known.counts.flaky, known.flips) == (2, 3)
    assert known.flaky_score == 0.5


def test_the_same_version_on_two_kinds_of_devices_does_not_flip() -> None:
    results = [a_result(FAILED if place % 2 else PASSED, kind=f"{place % 2}") for place in range(10)]

    assert (figures(results).flips, figures(results).flaky_score) == (0, 0.0)


def test_too_few_results_have_no_score() -> None:
    assert figures(in_turn(PASSED, FAILED, PASSED, FAILED, SKIPPED)).flaky_score is None
    assert figures(in_turn(PASSED, FAILED, PASSED, FAILED, PASSED)).flaky_score == 0.8
    assert figures([]).mean is None


def test_the_trend_is_that_of_the_newer_half_against_the_older() -> None:
    lengths = [10, 10, 10, 99, 15, 15, 15]
    known = figures([a_result(seconds=each) for each in lengths])

    assert known.trend == 1.5
    assert known.mean == timedelta(seconds=174) / 7
    assert figures([a_result(seconds=each) for each in lengths[:5]]).trend is None
    assert figures([a_result(seconds=0)] * 6).trend is None


def test_what_was_not_executed_is_in_no_mean() -> None:
    results = [a_result(seconds=10), a_result(SKIPPED, seconds=0), a_result(NOT_RUN, seconds=0)]

    assert figures(results).mean == timedelta(seconds=10)


results_of_a_case = st.lists(
    st.builds(
        a_result,
        st.sampled_from(CaseOutcome),
        version=st.sampled_from(["v1", "v2"]),
        kind=st.sampled_from(["emulator", "device"]),
        seconds=st.floats(min_value=0, max_value=1000),
    ),
    max_size=30,
)


@given(results=results_of_a_case)
def test_a_score_is_a_share_and_a_result_counts_once(results: list[Result]) -> None:
    known = figures(results)
    came_out = known.counts.passed + known.counts.failed + known.counts.flaky

    assert known.counts.total == len(results)
    assert known.counts.flaky + known.flips <= came_out
    assert (known.flaky_score is None) == (came_out < LEAST_FOR_SCORE)
    assert known.flaky_score is None or 0 <= known.flaky_score <= 1


@given(results=results_of_a_case, times=st.integers(min_value=1, max_value=30))
def test_a_case_that_always_passes_is_not_flaky(results: list[Result], times: int) -> None:
    known = figures(in_turn(*[PASSED] * times))

    assert (known.flips, known.flaky_score) == (0, None if times < LEAST_FOR_SCORE else 0.0)
    assert figures([each for each in results if each.outcome in {SKIPPED, NOT_RUN}]).flaky_score is None


@given(outcomes=st.lists(st.sampled_from(CaseOutcome), max_size=12))
def test_a_failure_in_a_row_has_failed_since_the_first_of_the_row(outcomes: list[CaseOutcome]) -> None:
    earlier: list[Result] = []
    row_began: datetime | None = None
    for hours, outcome in enumerate(outcomes):
        at = BEGIN + timedelta(hours=hours)
        if outcome is FAILED:
            row_began = row_began or at
        elif outcome in {PASSED, FLAKY}:
            row_began = None
        against = compared(outcome, ended_at=at, kind="emulator", earlier=earlier)
        assert against.failing_since_at == (row_began if outcome is FAILED else None)
        assert (against.standing is Standing.KNOWN_FAILURE) == (outcome is FAILED and row_began != at)
        earlier.append(a_result(outcome, since=against.failing_since_at))
