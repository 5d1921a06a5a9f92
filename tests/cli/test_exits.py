import pytest

from qgjob.cli.exits import Interrupted, WaitTimedOut, exit_code_of_error
from qgjob.cli.verdicts import Strictness, deciding_verdict, deciding_verdicts, exit_code_for
from qgjob.core.errors import (
    AppError,
    BinaryError,
    ConfigurationError,
    Conflict,
    Forbidden,
    IllegalTransition,
    InfrastructureError,
    InvalidRequest,
    NotFound,
    QgjobError,
    TooLarge,
    Unavailable,
    Unreachable,
)
from qgjob.wire.prospects import JobDetail, RunDetail
from tests.cli.answers import a_job, a_run

EXITS: list[tuple[type[QgjobError], int]] = [
    (AppError, 1),
    (ConfigurationError, 2),
    (BinaryError, 2),
    (InvalidRequest, 2),
    (Conflict, 2),
    (IllegalTransition, 2),
    (TooLarge, 2),
    (InfrastructureError, 3),
    (Unavailable, 3),
    (QgjobError, 3),
    (Forbidden, 4),
    (NotFound, 6),
    (Unreachable, 7),
    (WaitTimedOut, 124),
    (Interrupted, 130),
]


@pytest.mark.parametrize(("kind", "code"), EXITS)
def test_every_error_has_its_exit_code(kind: type[QgjobError], code: int) -> None:
    assert exit_code_of_error(kind("…")) == code


VERDICTS: list[tuple[str | None, int, int]] = [
    ("passed", 0, 0),
    ("flaky", 0, 1),
    ("failed", 1, 1),
    ("timed_out", 1, 1),
    ("app_error", 1, 1),
    ("configuration_error", 2, 2),
    ("infra_error", 3, 1),
    ("no_tests", 8, 8),
    ("cancelled", 5, 5),
    (None, 3, 1),
    ("a word of next year", 3, 1),
]


@pytest.mark.parametrize(("word", "code", "strict_code"), VERDICTS)
def test_every_verdict_has_its_exit_code(word: str | None, code: int, strict_code: int) -> None:
    assert exit_code_for([word], Strictness()) == code
    assert exit_code_for([word], Strictness(fail_on_flaky=True, infra_as_failure=True)) == strict_code


def test_the_gravest_verdict_of_a_run_decides() -> None:
    assert exit_code_for(["passed", "cancelled", "no_tests"], Strictness()) == 8
    assert exit_code_for(["passed", "infra_error", "failed"], Strictness()) == 1
    assert exit_code_for(["passed", None], Strictness()) == 3
    assert exit_code_for([], Strictness()) == 3


def a_finished_run(verdicts: dict[str, int], excused: dict[str, int], *, jobs: int | None = None) -> RunDetail:
    job_ids = [f"{number}" for number in range(sum(verdicts.values()) if jobs is None else jobs)]
    return {**a_run(), "verdicts": verdicts, "excused": excused, "job_ids": job_ids}


EXCUSED: list[tuple[dict[str, int], dict[str, int], int, int]] = [
    ({"failed": 1}, {"failed": 1}, 0, 0),
    ({"failed": 2, "passed": 3}, {"failed": 1}, 1, 1),
    ({"failed": 2, "passed": 3}, {"failed": 2}, 0, 0),
    ({"flaky": 1}, {"flaky": 1}, 0, 0),
    ({"flaky": 2}, {"flaky": 1}, 0, 1),
    ({"failed": 1, "infra_error": 1}, {"failed": 1}, 3, 1),
    ({"failed": 1, "cancelled": 1}, {"failed": 1}, 5, 5),
    ({"failed": 1, "no_tests": 1}, {"failed": 1}, 8, 8),
    ({"infra_error": 1}, {"infra_error": 1}, 3, 1),
    ({"timed_out": 1}, {"timed_out": 1}, 1, 1),
    ({"a word of next year": 1}, {"a word of next year": 1}, 3, 1),
]


@pytest.mark.parametrize(("verdicts", "excused", "code", "strict_code"), EXCUSED)
def test_what_muted_cases_alone_did_counts_as_passed_and_nothing_else_does(
    verdicts: dict[str, int], excused: dict[str, int], code: int, strict_code: int
) -> None:
    words = deciding_verdicts(a_finished_run(verdicts, excused))

    assert exit_code_for(words, Strictness()) == code
    assert exit_code_for(words, Strictness(fail_on_flaky=True, infra_as_failure=True)) == strict_code


def test_an_excused_run_with_a_job_that_has_no_verdict_is_not_known() -> None:
    assert exit_code_for(deciding_verdicts(a_finished_run({"failed": 1}, {"failed": 1}, jobs=2)), Strictness()) == 3


def test_a_server_that_knows_no_mutes_excuses_nothing() -> None:
    run = a_finished_run({"failed": 1}, {})
    del run["excused"]  # type: ignore[misc]  # as an older server answers

    assert exit_code_for(deciding_verdicts(run), Strictness()) == 1


@pytest.mark.parametrize(("verdict", "counts_as"), [("failed", "passed"), ("flaky", "passed"), ("infra_error", None)])
def test_an_excused_job_counts_as_passed(verdict: str, counts_as: str | None) -> None:
    excused: JobDetail = {**a_job(), "verdict": verdict, "excused": True}
    not_excused: JobDetail = {**excused, "excused": False}

    assert deciding_verdict(excused) == (counts_as or verdict)
    assert deciding_verdict(not_excused) == verdict
