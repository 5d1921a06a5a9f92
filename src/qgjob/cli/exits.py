"""How an error becomes an exit code: the one place. Verdicts become exit codes in `core.outcome`."""

from __future__ import annotations

from typing import assert_never

from qgjob.core.errors import Forbidden, NotFound, QgjobError, Unreachable
from qgjob.core.outcome import ExitCode
from qgjob.core.words import Fault

EPILOG = """\b
Exit codes, the same for every command:
  0    passed or done
  1    tests failed
  2    usage or configuration
  3    infrastructure error or job lost, never blamed on the test
  4    not authorised
  5    cancelled
  6    not found
  7    server unreachable
  8    no test ran
  124  the wait timed out; the run goes on
  130  interrupted; the run goes on
"""
"""The end of every help page. `\\b` is Click's mark for lines that must not be rewrapped."""


class WaitTimedOut(QgjobError):
    """The time that the caller would wait is up; what was waited for goes on."""

    code = "wait_timed_out"
    fault = Fault.CONFIGURATION


class Interrupted(QgjobError):
    """Ctrl-C; what was waited for goes on."""

    code = "interrupted"
    fault = Fault.CONFIGURATION


class NoTests(QgjobError):
    """There is no test to run; nothing was submitted."""

    code = "no_tests"
    fault = Fault.CONFIGURATION


_BY_CLASS: tuple[tuple[type[QgjobError], ExitCode], ...] = (
    (Forbidden, ExitCode.NOT_AUTHORISED),
    (NotFound, ExitCode.NOT_FOUND),
    (Unreachable, ExitCode.UNREACHABLE),
    (WaitTimedOut, ExitCode.WAIT_TIMED_OUT),
    (Interrupted, ExitCode.INTERRUPTED),
    (NoTests, ExitCode.NO_TESTS),
)


def exit_code_of_error(error: QgjobError) -> ExitCode:
    """Choose the code of the errors that have one of their own, else by whose problem it is."""
    for kind, code in _BY_CLASS:
        if isinstance(error, kind):
            return code
    match error.fault:
        case Fault.CONFIGURATION:
            return ExitCode.USAGE
        case Fault.INFRASTRUCTURE | Fault.US:
            return ExitCode.INFRASTRUCTURE
        case Fault.TEST | Fault.APP:
            return ExitCode.TESTS_FAILED
        case _:
            assert_never(error.fault)
