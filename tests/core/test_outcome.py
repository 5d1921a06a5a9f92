"""Exit codes: a script may trust the colour."""

import itertools

import pytest

from qgjob.core.outcome import ExitCode, exit_code_of, exit_code_of_all
from qgjob.core.words import Verdict


@pytest.mark.parametrize(
    ("verdict", "code"),
    [
        (Verdict.PASSED, 0),
        (Verdict.FLAKY, 0),
        (Verdict.FAILED, 1),
        (Verdict.TIMED_OUT, 1),
        (Verdict.APP_ERROR, 1),
        (Verdict.CONFIGURATION_ERROR, 2),
        (Verdict.INFRA_ERROR, 3),
        (Verdict.NO_TESTS, 8),
        (Verdict.CANCELLED, 5),
        (None, 3),
    ],
)
def test_each_verdict_has_the_exit_code_of_the_contract(verdict: Verdict | None, code: int) -> None:
    assert exit_code_of(verdict) == code


def test_of_several_jobs_the_first_of_1_3_2_8_5_0_decides() -> None:
    order = [Verdict.FAILED, None, Verdict.CONFIGURATION_ERROR, Verdict.NO_TESTS, Verdict.CANCELLED, Verdict.PASSED]
    for stronger, weaker in itertools.combinations(order, 2):
        assert exit_code_of_all([weaker, stronger]) == exit_code_of(stronger)


def test_no_job_at_all_is_never_a_pass() -> None:
    assert exit_code_of_all([]) is ExitCode.INFRASTRUCTURE
