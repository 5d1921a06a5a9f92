"""How a run came out, as all that is written for GitHub tells it: the one model that the writers share."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qgjob.cli.receipt import ReceiptStatus
    from qgjob.core.attempt import CaseCounts


class Kind(StrEnum):
    """What is to be said of a case that did not simply pass, what matters most first: text is cut from the end."""

    NEW = "new"
    """It failed and did not before, as far as is known."""
    KNOWN = "known"
    FLAKY = "flaky"
    MUTED = "muted"
    """It failed or was flaky, and decides nothing."""


@dataclass(frozen=True, kw_only=True)
class CaseTold:
    """One case worth telling of. `file` is as in the repository; `said` is how it stands, in a few words.

    `where`: on what it ran, empty where the run has only one kind of it. `errors`: of its last execution that failed.
    """

    kind: Kind
    title: str
    file: str
    line: int
    where: str
    said: str
    errors: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class JobTold:
    """A job that came out as no case of it can tell: its app did not start, a device was lost, nobody could run it."""

    test_path: str
    where: str
    verdict: str
    message: str


@dataclass(frozen=True, kw_only=True)
class Savings:
    """What devices did for the run, and what they were spared."""

    installs: int
    installs_avoided: int
    test_seconds: float


@dataclass(frozen=True, kw_only=True)
class Result:
    """What the server knows of a run. `cases` and `jobs` are by importance; `seconds`: from submission to its end."""

    counts: CaseCounts
    jobs: int
    cases: tuple[CaseTold, ...]
    jobs_told: tuple[JobTold, ...]
    seconds: float | None
    savings: Savings | None


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """How a run ended, by its receipt. `result` None: nothing more is known, and `unknown` says why if it should be."""

    status: ReceiptStatus
    message: str | None
    run_id: str | None
    report_url: str | None
    result: Result | None
    unknown: str | None = None

    def cases_of(self, kind: Kind) -> tuple[CaseTold, ...]:
        """The cases of one kind, in order."""
        return tuple(case for case in self.result.cases if case.kind is kind) if self.result else ()
