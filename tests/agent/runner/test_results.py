import json
from datetime import UTC, datetime
from pathlib import Path

from qgjob.agent.runner import CaseEnded, Outcome, disagreements
from qgjob.core.attempt import Case
from qgjob.core.words import CaseStatus


def ended(case_id: str, status: CaseStatus, *, retry: int = 0) -> CaseEnded:
    return CaseEnded(
        at=datetime(2026, 11, 23, tzinfo=UTC),
        case=Case(case_id=case_id, title="t", file="a.spec.js", line=1),
        retry=retry,
        status=status,
        expected=CaseStatus.PASSED,
        outcome=Outcome.EXPECTED,
        seconds=1,
        errors=(),
        steps=(),
        attachments=(),
    )


def spec(case_id: str, *statuses: str) -> object:
    results = [{"retry": retry, "status": status} for retry, status in enumerate(statuses)]
    return {"id": case_id, "tests": [{"results": results}]}


def report(path: Path, *suites: object) -> Path:
    path.write_text(json.dumps({"suites": suites}))
    return path


def test_a_report_that_says_the_same_is_no_news(tmp_path: Path) -> None:
    path = report(
        tmp_path / "report.json",
        {"specs": [spec("a", "failed", "passed")], "suites": [{"specs": [spec("b", "skipped")]}]},
    )
    live = [
        ended("a", CaseStatus.FAILED),
        ended("a", CaseStatus.PASSED, retry=1),
        ended("b", CaseStatus.SKIPPED),
    ]
    assert disagreements(path, live) == []


def test_every_execution_that_is_told_differently_is_named(tmp_path: Path) -> None:
    path = report(tmp_path / "report.json", {"specs": [spec("a", "failed"), spec("c", "passed")]})
    assert disagreements(path, [ended("a", CaseStatus.PASSED), ended("b", CaseStatus.PASSED)]) == [
        "case a, retry 0: live it was passed, in the report failed",
        "case b, retry 0: live it was passed, in the report not there",
        "case c, retry 0: live it was not there, in the report passed",
    ]


def test_a_report_that_is_missing_or_broken_is_told(tmp_path: Path) -> None:
    (missing,) = disagreements(tmp_path / "report.json", [])
    assert missing.startswith("Playwright's report report.json cannot be read: FileNotFoundError")
    (tmp_path / "report.json").write_text('{"suites": [{"specs": [{}]}]}')
    (broken,) = disagreements(tmp_path / "report.json", [])
    assert broken == "Playwright's report report.json cannot be read: KeyError('tests')"


def test_suites_may_be_nested_however_deep(tmp_path: Path) -> None:
    suite: dict[str, object] = {"specs": [spec("a", "passed")]}
    for _ in range(400):
        suite = {"specs": [], "suites": [suite]}
    assert disagreements(report(tmp_path / "report.json", suite), [ended("a", CaseStatus.PASSED)]) == []
