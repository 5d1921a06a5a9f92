import pytest

from qgjob.cli.exits import Interrupted, WaitTimedOut, exit_code_of_error
from qgjob.cli.verdicts import Strictness, exit_code_for
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
