"""The cases of a job: the table of what was executed, what the failures said, and the counts over all attempts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qgjob.cli.tables import Column, Table
from qgjob.cli.views.moments import duration
from qgjob.core.attempt import Case, CaseCounts, CaseResult, count_cases
from qgjob.core.words import CaseStatus

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from qgjob.cli.say import Block
    from qgjob.wire.jobs import AttemptShown, CaseShown

_COLUMNS = (
    Column(title="Case"),
    Column(title="Result", whole=True),
    Column(title="Attempt", right=True, whole=True),
    Column(title="Time", right=True, whole=True),
)


def cases_view(attempts: Sequence[AttemptShown]) -> list[Block]:
    """Show counts, one row per execution, and the errors of those that did not come out as their test expects."""
    executions = [(attempt, case) for attempt in attempts for case in attempt["cases"]]
    if not executions:
        return []
    rows = tuple(
        (case["title"], _result(case), str(attempt["attempt"]), duration(case["seconds"]))
        for attempt, case in executions
    )
    return [
        f"Cases: {counts_line(_counts(attempts))}",
        Table(columns=_COLUMNS, rows=rows),
        *(line for attempt, case in executions for line in _failure(attempt, case)),
    ]


def counts_line(counts: CaseCounts) -> str:
    """Write counts as `5 total, 3 passed, 1 failed, 1 skipped`; what is zero is left out."""
    parts = {
        "passed": counts.passed,
        "failed": counts.failed,
        "flaky": counts.flaky,
        "skipped": counts.skipped,
        "not run": counts.not_run,
    }
    return ", ".join([f"{counts.total} total", *(f"{count} {word}" for word, count in parts.items() if count)])


def _counts(attempts: Iterable[AttemptShown]) -> CaseCounts:
    """Count as the farm does. What came late is evidence and counts for nothing."""
    return count_cases(_execution(case) for attempt in attempts if not attempt["late"] for case in attempt["cases"])


def _execution(case: CaseShown) -> CaseResult:
    return CaseResult(
        case=Case(case_id=case["case_id"], title=case["title"], file=case["file"], line=case["line"]),
        status=CaseStatus(case["status"]),
        expected=CaseStatus(case["expected"]),
        seconds=case["seconds"],
        errors=tuple(case["errors"]),
        session=case["session"],
    )


def _is_ok(case: CaseShown) -> bool:
    return case["status"] in {case["expected"], CaseStatus.SKIPPED, CaseStatus.NOT_RUN}


def _result(case: CaseShown) -> str:
    """Name the result; one that is expected but no pass (`test.fail`) says so."""
    if case["status"] == case["expected"] and case["status"] not in {CaseStatus.PASSED, CaseStatus.SKIPPED}:
        return f"{case['status']} as expected"
    return case["status"]


def _failure(attempt: AttemptShown, case: CaseShown) -> Iterator[str]:
    if _is_ok(case):
        return
    yield ""
    yield f"✗ {case['title']} (attempt {attempt['attempt']}, {case['file']}:{case['line']})"
    for error in case["errors"]:
        yield from (f"    {line}".rstrip() for line in error.splitlines())
