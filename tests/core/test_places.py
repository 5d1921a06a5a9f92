"""Which cases of a job run again."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qgjob.core.attempt import Case, CaseResult, count_cases
from qgjob.core.places import MOST_PLACES, EarlierAttempt, Place, places_again
from qgjob.core.words import CaseStatus, ResetMode, Sha256

BUNDLE = Sha256("b" * 64)
SPEC = "tests/a.spec.js"


def ran(
    name: str, status: CaseStatus = CaseStatus.PASSED, *, line: int = 1, file: str = SPEC, session: bool = True
) -> CaseResult:
    case = Case(case_id=name, title=name, file=file, line=line, select_line=line)
    return CaseResult(case=case, status=status, expected=CaseStatus.PASSED, seconds=1, errors=(), session=session)


def told(*executions: CaseResult) -> EarlierAttempt:
    return EarlierAttempt(told=True, executions=executions)


def lost(*executions: CaseResult) -> EarlierAttempt:
    return EarlierAttempt(told=False, executions=executions)


def again(*earlier: EarlierAttempt, bundle: Sha256 | None = BUNDLE, reset: ResetMode = ResetMode.CLEAR) -> list[int]:
    """The lines that run again; none: all of the job."""
    return [place.line for place in places_again(earlier, bundle=bundle, reset=reset)]


def test_only_what_failed_runs_again() -> None:
    assert again(told(ran("a", line=3), ran("b", CaseStatus.FAILED, line=7), ran("c", line=11))) == [7]


@pytest.mark.parametrize(
    "status", [CaseStatus.FAILED, CaseStatus.TIMED_OUT, CaseStatus.INTERRUPTED, CaseStatus.NOT_RUN]
)
def test_what_was_broken_off_or_never_ran_runs_again_too(status: CaseStatus) -> None:
    assert again(told(ran("a", line=3), ran("b", status, line=7, session=status is not CaseStatus.NOT_RUN))) == [7]


def test_what_was_skipped_does_not_run_again() -> None:
    assert again(told(ran("a", CaseStatus.SKIPPED, line=3, session=False), ran("b", CaseStatus.FAILED, line=7))) == [7]


def test_a_case_that_passed_the_last_time_is_done() -> None:
    first = told(ran("a", CaseStatus.FAILED, line=3), ran("b", CaseStatus.FAILED, line=7), ran("c", line=9))

    assert again(first, told(ran("a", line=3), ran("b", CaseStatus.FAILED, line=7))) == [7]


def test_all_runs_again_when_all_failed() -> None:
    assert again(told(ran("a", CaseStatus.FAILED, line=3), ran("b", CaseStatus.TIMED_OUT, line=7))) == []


def test_all_runs_again_while_nobody_knows_all_cases() -> None:
    assert again(lost(ran("a", line=3), ran("b", CaseStatus.FAILED, line=7))) == []


def test_an_attempt_that_was_lost_still_counts_once_the_cases_are_known() -> None:
    first = told(ran("a", line=3), ran("b", CaseStatus.FAILED, line=7), ran("c", CaseStatus.NOT_RUN, line=9))

    assert again(first, lost(ran("b", line=7))) == [9]


def test_a_project_of_the_workers_own_runs_all_again() -> None:
    assert again(told(ran("a", line=3), ran("b", CaseStatus.FAILED, line=7)), bundle=None) == []


def test_cases_that_may_build_upon_one_another_run_all_again() -> None:
    failed = told(ran("a", line=3), ran("b", CaseStatus.FAILED, line=7))
    shared = told(ran("a", line=3), ran("b", line=5, session=False), ran("c", CaseStatus.FAILED, line=7))

    assert again(failed, reset=ResetMode.KEEP) == []
    assert again(shared) == []


def test_a_case_that_no_line_picks_takes_its_whole_file_with_it() -> None:
    other = "tests/b.spec.js"
    executions = [
        ran("a", line=3),
        ran("b", CaseStatus.FAILED, line=0, file=other),
        ran("c", CaseStatus.FAILED, line=7, file=other),
    ]

    assert places_again([told(*executions)], bundle=BUNDLE, reset=ResetMode.CLEAR) == (Place(file=other, line=0),)


def test_cases_that_share_a_line_are_one_place() -> None:
    assert again(told(ran("a"), ran("b", CaseStatus.FAILED, line=7), ran("c", CaseStatus.FAILED, line=7))) == [7]


def test_more_places_than_a_command_line_takes_are_all_of_the_job() -> None:
    failed = [ran(f"case {line}", CaseStatus.FAILED, line=line) for line in range(1, MOST_PLACES + 2)]

    assert again(told(ran("passes", line=1000), *failed)) == []


executions = st.builds(
    ran,
    st.sampled_from("abcdefgh"),
    st.sampled_from(CaseStatus),
    line=st.integers(0, 5),
    session=st.booleans(),
)


@given(attempts=st.lists(st.tuples(st.booleans(), st.lists(executions, max_size=6)), max_size=4))
def test_a_case_that_has_not_come_out_well_always_runs_again(
    attempts: Sequence[tuple[bool, list[CaseResult]]],
) -> None:
    earlier = [EarlierAttempt(told=is_told, executions=ran) for is_told, ran in attempts]
    places = places_again(earlier, bundle=BUNDLE, reset=ResetMode.CLEAR)
    last = {each.case.case_id: each for attempt in earlier for each in attempt.executions}

    for execution in last.values():
        picked = {Place(file=SPEC, line=execution.case.select_line), Place(file=SPEC, line=0)} & set(places)
        assert not places or execution.ok or execution.status is CaseStatus.SKIPPED or picked


@given(first=st.lists(executions, min_size=1, max_size=8, unique_by=lambda each: each.case.case_id))
def test_running_some_again_leaves_the_number_of_cases_as_it_was(first: list[CaseResult]) -> None:
    picked = {place.line for place in places_again([told(*first)], bundle=BUNDLE, reset=ResetMode.CLEAR)}
    second = [
        ran(each.case.case_id, line=each.case.select_line)
        for each in first
        if not picked or 0 in picked or each.case.select_line in picked
    ]
    counts = count_cases([*first, *second])

    assert counts.total == len(first)
    assert (counts.failed, counts.not_run) == (0, 0)


def test_of_a_job_with_a_line_runs_again_what_is_within_it() -> None:
    block = told(ran("a", line=6), ran("b", CaseStatus.FAILED, line=7), ran("c", CaseStatus.FAILED, line=5))

    assert [place.line for place in places_again([block], bundle=BUNDLE, reset=ResetMode.CLEAR, line=5)] == [5, 7]


@pytest.mark.parametrize("picked_by", [0, 3])
def test_of_a_job_with_a_line_all_runs_again_where_a_place_would_pick_more(picked_by: int) -> None:
    """It is a case of a serial block, which its own line picks alone; or one that no line picks."""
    attempt = told(ran("a", line=5), ran("b", CaseStatus.FAILED, line=picked_by))

    assert places_again([attempt], bundle=BUNDLE, reset=ResetMode.CLEAR, line=5) == ()
