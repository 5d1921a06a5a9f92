"""Exit codes: what a finished job, a run of jobs, or an error comes to for the script that waits for it."""

from collections.abc import Iterable
from enum import IntEnum
from typing import assert_never

from qgjob.core.words import Verdict


class ExitCode(IntEnum):
    """The same for every command of the CLI."""

    DONE = 0
    TESTS_FAILED = 1
    USAGE = 2
    INFRASTRUCTURE = 3
    NOT_AUTHORISED = 4
    CANCELLED = 5
    NOT_FOUND = 6
    UNREACHABLE = 7
    NO_TESTS = 8
    WAIT_TIMED_OUT = 124
    INTERRUPTED = 130


_DECIDING_ORDER = (
    ExitCode.TESTS_FAILED,
    ExitCode.INFRASTRUCTURE,
    ExitCode.USAGE,
    ExitCode.NO_TESTS,
    ExitCode.CANCELLED,
    ExitCode.DONE,
)


def exit_code_of(verdict: Verdict | None) -> ExitCode:
    """Exit code of one finished job; a verdict that is not there is an infrastructure error, never a pass."""
    match verdict:
        case Verdict.PASSED | Verdict.FLAKY:
            return ExitCode.DONE
        case Verdict.FAILED | Verdict.TIMED_OUT | Verdict.APP_ERROR:
            return ExitCode.TESTS_FAILED
        case Verdict.CONFIGURATION_ERROR:
            return ExitCode.USAGE
        case Verdict.INFRA_ERROR | None:
            return ExitCode.INFRASTRUCTURE
        case Verdict.NO_TESTS:
            return ExitCode.NO_TESTS
        case Verdict.CANCELLED:
            return ExitCode.CANCELLED
        case _:
            assert_never(verdict)


def exit_code_of_all(verdicts: Iterable[Verdict | None]) -> ExitCode:
    """Exit code of several finished jobs: the first of 1, 3, 2, 8, 5, 0 that occurs; no job at all is 3."""
    codes = {exit_code_of(verdict) for verdict in verdicts}
    return next((code for code in _DECIDING_ORDER if code in codes), ExitCode.INFRASTRUCTURE)
