"""What a runner process says while it runs, as values.

Nothing here reads a file or knows Playwright's own objects; `reader` turns the reporter's lines into these.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from qgjob.core.attempt import Case
from qgjob.core.words import CaseStatus


class Outcome(StrEnum):
    """How a case stands after all its executions so far, in Playwright's words."""

    EXPECTED = "expected"
    UNEXPECTED = "unexpected"
    FLAKY = "flaky"
    SKIPPED = "skipped"


class RunStatus(StrEnum):
    """How Playwright says that the whole run ended."""

    PASSED = "passed"
    FAILED = "failed"
    TIMED_OUT = "timedout"
    INTERRUPTED = "interrupted"


class FailureReason(StrEnum):
    """What a failure outside of any case is about."""

    NO_TESTS = "no_tests"
    CONFIGURATION = "configuration"
    """The project could not be loaded: its config, a spec with a syntax error, two tests of one title."""
    DURING_RUN = "during_run"
    """Something failed beside the cases while they ran: a worker's teardown, a global teardown."""


@dataclass(frozen=True, kw_only=True)
class Location:
    """A place in a source file; the path is relative to the project, or absolute when outside of it."""

    file: str
    line: int


@dataclass(frozen=True, kw_only=True)
class CaseError:
    """One error of a case, without colour codes; `location` is where in the test it was raised, if that is known."""

    message: str
    location: Location | None

    def __str__(self) -> str:
        if self.location is None:
            return self.message
        return f"{self.message}\n    at {self.location.file}:{self.location.line}"


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step of a case. `depth` 0 is outermost; steps come in the order they began."""

    title: str
    category: str
    seconds: float
    depth: int
    failed: bool


@dataclass(frozen=True, kw_only=True)
class Attachment:
    """A file that a case left behind; `path` None: its content is in Playwright's own reports only."""

    name: str
    path: Path | None
    content_type: str


@dataclass(frozen=True, kw_only=True)
class RunBegan:
    """The project is loaded. `cases` are all that will run, in that order; none: loading failed, as a RunFailed told.

    `lines`: of each case, by its id, the lines of its file that pick it: its own and those of the blocks around it.
    `retries`, `timeout_s` and `build_path` are the user's own, as configured, before ours were laid over them; a
    timeout of None means no limit. All are None when the configuration was not read.
    """

    at: datetime
    cases: tuple[Case, ...]
    retries: int | None
    timeout_s: float | None
    build_path: Path | None = None
    lines: Mapping[str, frozenset[int]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class CaseBegan:
    """One execution of a case has begun; `retry` counts from 0."""

    at: datetime
    case: Case
    retry: int


@dataclass(frozen=True, kw_only=True)
class CaseEnded:
    """One execution of a case has ended. `expected` is what the test itself says it should come to."""

    at: datetime
    case: Case
    retry: int
    status: CaseStatus
    expected: CaseStatus
    outcome: Outcome
    seconds: float
    errors: tuple[CaseError, ...]
    steps: tuple[Step, ...]
    attachments: tuple[Attachment, ...]


@dataclass(frozen=True, kw_only=True)
class Alive:
    """A case moves: it took a step, or printed something. Said once a second at most."""

    at: datetime


@dataclass(frozen=True, kw_only=True)
class RunFailed:
    """Something outside of any case failed, with Playwright's own message."""

    at: datetime
    reason: FailureReason
    message: str
    location: Location | None


@dataclass(frozen=True, kw_only=True)
class RunEnded:
    """Playwright has finished in order."""

    at: datetime
    status: RunStatus
    seconds: float


@dataclass(frozen=True, kw_only=True)
class RunCrashed:
    """The process ended, or had to be ended, without saying so itself: the last event then.

    `exit_code` is negative when a signal ended it; `output` is the tail of what it printed.
    """

    at: datetime
    message: str
    exit_code: int
    output: str


RunnerEvent = RunBegan | CaseBegan | Alive | CaseEnded | RunFailed | RunEnded | RunCrashed
