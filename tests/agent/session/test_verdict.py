"""The table of verdicts: what was seen of an attempt, and what it came to."""

import pytest

from qgjob.agent.session.verdict import Judgement, Seen, Stop, Trouble, judge, judge_error
from qgjob.core.attempt import Case, CaseResult
from qgjob.core.errors import AppError, ConfigurationError, InfrastructureError, QgjobError
from qgjob.core.words import CaseStatus, Fault, Verdict

DEVICE_GONE = Trouble(fault=Fault.INFRASTRUCTURE, message="device 'a' not found")
NOT_STARTED = Trouble(fault=Fault.APP, message="Cannot start the 'shop' application")
SYNTAX = Trouble(fault=Fault.CONFIGURATION, message="SyntaxError: Unexpected token (tests/a.spec.js:3)")
TEARDOWN = Trouble(fault=Fault.TEST, message="Worker teardown timeout exceeded")


def result(
    status: CaseStatus = CaseStatus.PASSED,
    *,
    expected: CaseStatus = CaseStatus.PASSED,
    errors: tuple[str, ...] = (),
    session: bool = True,
) -> CaseResult:
    case = Case(case_id=f"{status}", title="cart › adds an item", file="tests/a.spec.js", line=7)
    return CaseResult(case=case, status=status, expected=expected, seconds=1.0, errors=errors, session=session)


PASSED = result()
FAILED = result(CaseStatus.FAILED, errors=("expected 2, got 1\n  at line 7",))
TIMED_OUT = result(CaseStatus.TIMED_OUT)
INTERRUPTED = result(CaseStatus.INTERRUPTED)
SKIPPED = result(CaseStatus.SKIPPED, session=False)


def seen(
    *results: CaseResult,
    trouble: tuple[Trouble, ...] = (),
    finished: bool = True,
    stop: Stop | None = None,
    not_run: int = 0,
) -> Seen:
    return Seen(
        test_path="tests/a.spec.js",
        listed=len(results) + not_run,
        results=results,
        trouble=trouble,
        finished=finished,
        stop=stop,
        timeout_s=90.0,
    )


@pytest.mark.parametrize(
    ("attempt", "verdict", "fault"),
    [
        (seen(PASSED, PASSED), Verdict.PASSED, None),
        (seen(PASSED, SKIPPED), Verdict.PASSED, None),
        (seen(result(CaseStatus.FAILED, expected=CaseStatus.FAILED)), Verdict.PASSED, None),
        (seen(PASSED, FAILED), Verdict.FAILED, Fault.TEST),
        (seen(TIMED_OUT), Verdict.FAILED, Fault.TEST),
        (seen(result(CaseStatus.PASSED, expected=CaseStatus.FAILED)), Verdict.FAILED, Fault.TEST),
        (seen(), Verdict.NO_TESTS, Fault.CONFIGURATION),
        (seen(SKIPPED, SKIPPED), Verdict.NO_TESTS, Fault.CONFIGURATION),
        (seen(FAILED, trouble=(DEVICE_GONE,)), Verdict.INFRA_ERROR, Fault.INFRASTRUCTURE),
        (seen(PASSED, FAILED, INTERRUPTED, trouble=(DEVICE_GONE,)), Verdict.INFRA_ERROR, Fault.INFRASTRUCTURE),
        (seen(PASSED, trouble=(DEVICE_GONE,), finished=False), Verdict.INFRA_ERROR, Fault.INFRASTRUCTURE),
        (seen(PASSED, finished=False), Verdict.INFRA_ERROR, Fault.INFRASTRUCTURE),
        (seen(PASSED, PASSED, trouble=(DEVICE_GONE,)), Verdict.PASSED, None),
        (seen(PASSED, trouble=(TEARDOWN,)), Verdict.PASSED, None),
        (seen(FAILED, trouble=(TEARDOWN,)), Verdict.FAILED, Fault.TEST),
        (seen(trouble=(SYNTAX,), finished=False), Verdict.CONFIGURATION_ERROR, Fault.CONFIGURATION),
        (seen(FAILED, FAILED, trouble=(NOT_STARTED, NOT_STARTED)), Verdict.APP_ERROR, Fault.APP),
        (seen(PASSED, FAILED, trouble=(NOT_STARTED,)), Verdict.FAILED, Fault.TEST),
        (seen(FAILED, trouble=(NOT_STARTED, DEVICE_GONE)), Verdict.INFRA_ERROR, Fault.INFRASTRUCTURE),
        (seen(PASSED, INTERRUPTED, finished=False, stop=Stop.CANCELLED), Verdict.CANCELLED, None),
        (seen(INTERRUPTED, finished=False, stop=Stop.TIMED_OUT), Verdict.TIMED_OUT, Fault.TEST),
        (seen(PASSED, finished=False, stop=Stop.SILENT), Verdict.TIMED_OUT, Fault.TEST),
        (seen(INTERRUPTED, finished=False, stop=Stop.AGENT_ENDS), Verdict.INFRA_ERROR, Fault.INFRASTRUCTURE),
        (seen(PASSED, stop=Stop.CANCELLED), Verdict.PASSED, None),
        (seen(PASSED, FAILED, not_run=2), Verdict.FAILED, Fault.TEST),
        (seen(PASSED, not_run=2), Verdict.INFRA_ERROR, Fault.INFRASTRUCTURE),
        (seen(not_run=2, trouble=(TEARDOWN,)), Verdict.FAILED, Fault.TEST),
    ],
)
def test_an_attempt_comes_to(attempt: Seen, verdict: Verdict, fault: Fault | None) -> None:
    judgement = judge(attempt)
    assert (judgement.verdict, judgement.fault) == (verdict, fault)


def test_a_failure_names_the_first_case_and_its_error() -> None:
    assert judge(seen(PASSED, FAILED, TIMED_OUT)).message == (
        "2 of 3 cases failed; the first: cart › adds an item: expected 2, got 1"
    )
    assert judge(seen(TIMED_OUT)).message == "1 of 1 cases failed; the first: cart › adds an item: it ended as timedOut"


def test_a_job_past_its_limit_names_the_limit() -> None:
    judgement = judge(seen(INTERRUPTED, finished=False, stop=Stop.TIMED_OUT))
    assert judgement.message == "tests/a.spec.js was still running after the job's own limit of 90 s."


def test_a_spec_that_could_not_be_read_is_not_taken_for_one_without_tests() -> None:
    judgement = judge(seen(trouble=(SYNTAX,)))
    assert judgement == Judgement(
        verdict=Verdict.CONFIGURATION_ERROR,
        fault=Fault.CONFIGURATION,
        message="SyntaxError: Unexpected token (tests/a.spec.js:3)",
    )


def test_nothing_to_run_says_whether_it_is_skipped_or_not_there() -> None:
    assert judge(seen()).message == "tests/a.spec.js holds no test that this Appwright project would run."
    assert judge(seen(SKIPPED)).message == "Nothing was executed: all 1 cases of tests/a.spec.js are skipped."


@pytest.mark.parametrize(
    ("error", "verdict"),
    [
        (AppError("no"), Verdict.APP_ERROR),
        (ConfigurationError("no"), Verdict.CONFIGURATION_ERROR),
        (InfrastructureError("no"), Verdict.INFRA_ERROR),
        (QgjobError("no"), Verdict.INFRA_ERROR),
    ],
)
def test_what_could_not_begin_is_judged_by_whose_problem_it_is(error: QgjobError, verdict: Verdict) -> None:
    assert judge_error(error) == Judgement(verdict=verdict, fault=error.fault, message="no")
