"""Attempts and cases: what one execution of a job did, and the counts that must add up."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from qgjob.core.words import CaseOutcome, CaseStatus, Fault, JobId, LeaseToken, Loss, Verdict, WorkerId

MOST_ERRORS_PER_CASE = 10
MOST_ERROR_CHARACTERS = 8000


@dataclass(frozen=True, kw_only=True)
class Case:
    """One test inside a spec file.

    `case_id` is Playwright's stable id; `title` is its titles from the outer describe block inwards, joined by ` › `.
    `select_line` is the line by which Playwright runs it without the rest of its file, save what must run with it; 0
    where there is none.
    """

    case_id: str
    title: str
    file: str
    line: int
    select_line: int = 0


@dataclass(frozen=True, kw_only=True)
class CaseResult:
    """One execution of one case. `session`: it opened a session on the device.

    `expected` is what the test itself says it should come to (`failed` for Playwright's `test.fail`), so `ok` is not
    the same as `status == passed`.
    """

    case: Case
    status: CaseStatus
    expected: CaseStatus
    seconds: float
    errors: tuple[str, ...]
    session: bool

    @property
    def ok(self) -> bool:
        """Whether this execution is as the test expects."""
        return self.status == self.expected


@dataclass(frozen=True, kw_only=True)
class CaseCounts:
    """How the cases of a job came out: passed + failed + flaky + skipped + not_run = total."""

    passed: int = 0
    failed: int = 0
    flaky: int = 0
    skipped: int = 0
    not_run: int = 0

    @property
    def total(self) -> int:
        """All cases of the job."""
        return self.passed + self.failed + self.flaky + self.skipped + self.not_run

    def __add__(self, other: "CaseCounts") -> "CaseCounts":
        return CaseCounts(
            passed=self.passed + other.passed,
            failed=self.failed + other.failed,
            flaky=self.flaky + other.flaky,
            skipped=self.skipped + other.skipped,
            not_run=self.not_run + other.not_run,
        )


_NO_CASES = CaseCounts()
_SAYS = frozenset({CaseStatus.PASSED, CaseStatus.FAILED, CaseStatus.TIMED_OUT})
"""Of an execution that came to an end by the test itself."""


def by_case(executions: Iterable[CaseResult]) -> dict[str, list[CaseResult]]:
    """Deal executions out to their cases, in the order in which these first come."""
    history: dict[str, list[CaseResult]] = {}
    for execution in executions:
        history.setdefault(execution.case.case_id, []).append(execution)
    return history


def count_cases(executions: Iterable[CaseResult]) -> CaseCounts:
    """Count cases over all the executions of a job, oldest first, each as its outcome is."""
    return count_outcomes(outcome_of(results) for results in by_case(executions).values())


def count_outcomes(outcomes: Iterable[CaseOutcome]) -> CaseCounts:
    """Count cases whose outcomes are known."""
    counts = Counter(outcomes)
    return CaseCounts(**{outcome.value: count for outcome, count in counts.items()}) if counts else _NO_CASES


def outcome_of(results: Sequence[CaseResult]) -> CaseOutcome:
    """Say what a case came to over all its executions in a job, oldest first.

    The last execution decides. One that is ok now and was not in an earlier execution is flaky; an interrupted
    execution says nothing about the test and makes nothing flaky.
    """
    last, earlier = results[-1], results[:-1]
    if last.status in {CaseStatus.NOT_RUN, CaseStatus.INTERRUPTED}:
        return CaseOutcome.NOT_RUN
    if last.status is CaseStatus.SKIPPED:
        return CaseOutcome.SKIPPED
    if not last.ok:
        return CaseOutcome.FAILED
    if any(not result.ok and result.status in _SAYS for result in earlier):
        return CaseOutcome.FLAKY
    return CaseOutcome.PASSED


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """One execution of a job on one worker. `verdict` None: still going. `sessions`: opened on the device.

    Numbers grow with every lease of the job; a number that is missing was given back before it began. `late`: part of
    it was reported when its lease was over, is kept as evidence, and counted for nothing. `loss`: what went down with
    it.
    """

    job_id: JobId
    number: int
    lease: LeaseToken
    worker_id: WorkerId
    started_at: datetime | None
    ended_at: datetime | None
    verdict: Verdict | None
    fault: Fault | None
    message: str | None
    seconds: float
    sessions: int
    counts: CaseCounts
    late: bool = False
    loss: Loss | None = None
