"""The counts that must add up."""

from hypothesis import given
from hypothesis import strategies as st

from qgjob.core.attempt import Case, CaseCounts, CaseResult, count_cases
from qgjob.core.words import CaseStatus

PASSED, FAILED, INTERRUPTED = CaseStatus.PASSED, CaseStatus.FAILED, CaseStatus.INTERRUPTED


def execution(case_id: str, status: CaseStatus, expected: CaseStatus = PASSED) -> CaseResult:
    case = Case(case_id=case_id, title=case_id, file="a.spec.js", line=1)
    return CaseResult(case=case, status=status, expected=expected, seconds=1.0, errors=(), session=True)


def test_each_case_is_counted_once_by_its_last_execution() -> None:
    counts = count_cases(
        [
            execution("steady", PASSED),
            execution("mended", FAILED),
            execution("broken", FAILED),
            execution("cut off", INTERRUPTED),
            execution("mended", PASSED),
            execution("broken", FAILED),
            execution("left out", CaseStatus.SKIPPED),
            execution("never begun", CaseStatus.NOT_RUN),
        ]
    )

    assert counts == CaseCounts(passed=1, failed=1, flaky=1, skipped=1, not_run=2)


def test_a_case_that_was_only_cut_off_before_is_not_flaky() -> None:
    assert count_cases([execution("a", INTERRUPTED), execution("a", PASSED)]) == CaseCounts(passed=1)


def test_a_case_that_is_meant_to_fail_and_does_has_passed() -> None:
    assert count_cases([execution("a", FAILED, expected=FAILED)]) == CaseCounts(passed=1)


executions = st.lists(
    st.builds(
        execution,
        st.sampled_from(["a", "b", "c", "d", "e"]),
        st.sampled_from(CaseStatus),
        st.sampled_from([PASSED, FAILED]),
    )
)


@given(executions=executions)
def test_the_counts_add_up_to_the_number_of_cases(executions: list[CaseResult]) -> None:
    counts = count_cases(executions)

    assert counts.total == len({execution.case.case_id for execution in executions})
    assert counts.passed + counts.failed + counts.flaky + counts.skipped + counts.not_run == counts.total


@given(executions=executions)
def test_flaky_takes_two_executions(executions: list[CaseResult]) -> None:
    assert count_cases(executions).flaky <= len(executions) // 2
