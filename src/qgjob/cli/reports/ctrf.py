"""CTRF, the common test report format in JSON (specification 0.0.0, the one that its own validator knows).

One test per case. A flaky case is `passed` with `flaky: true`, as the format has it; a case that did not come to its
end is `other`; a job that no case tells of is a test of its own, whose `extra.qgjob.kind` is `job`. The run's own
counts stand in `summary.extra.qgjob`.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING
from uuid import NAMESPACE_URL, uuid5

from qgjob import __version__
from qgjob.cli.reports.legible import first_line, one_line
from qgjob.cli.reports.model import JOBS_SUITE, Execution, ReportedCase, ReportedJob
from qgjob.core.words import CaseOutcome

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from qgjob.cli.reports.model import RunReport

SPEC_VERSION = "0.0.0"
_STATUS = {
    CaseOutcome.PASSED: "passed",
    CaseOutcome.FLAKY: "passed",
    CaseOutcome.FAILED: "failed",
    CaseOutcome.SKIPPED: "skipped",
    CaseOutcome.NOT_RUN: "other",
}


def ctrf(run: RunReport) -> bytes:
    """Write the whole document."""
    tests = [*(_test(case) for case in run.cases), *(_entry(job) for job in run.entries)]
    statuses = [test["status"] for test in tests]
    suites = {*run.suites, *([JOBS_SUITE] if any(run.entries) else [])}
    document = {
        "reportFormat": "CTRF",
        "specVersion": SPEC_VERSION,
        "reportId": str(uuid5(NAMESPACE_URL, f"qgjob:ctrf:{run.run_id}")),
        "runId": run.run_id,
        "timestamp": run.ended_at.isoformat(),
        "generatedBy": f"qgjob {__version__}",
        "results": {
            "tool": {"name": "qgjob", "version": __version__},
            "summary": {
                "tests": len(tests),
                **{word: statuses.count(word) for word in ("passed", "failed", "skipped", "pending", "other")},
                "flaky": run.counts.flaky,
                "suites": len(suites),
                "start": _ms(run.created_at),
                "stop": _ms(run.ended_at),
                "duration": _ms(run.ended_at) - _ms(run.created_at),
                "extra": {"qgjob": {**asdict(run.counts), "total": run.counts.total}},
            },
            "tests": tests,
            "environment": {
                "reportName": f"qgjob run {run.run_id}",
                "appVersion": one_line(", ".join(run.app_versions)),
                "extra": {"qgjob": {"run_id": run.run_id, "org_id": run.org_id}},
            },
        },
    }
    return json.dumps(document, indent=2, ensure_ascii=False).encode() + b"\n"


def _test(case: ReportedCase) -> Mapping[str, object]:
    last = case.last
    began = last.started_at if last else None
    retries = [_retry(execution) for execution in case.earlier]
    return {
        "testId": case.case_id or case.name,
        "executionId": str(uuid5(NAMESPACE_URL, f"qgjob:case:{case.job_id}:{case.case_id}")),
        "name": case.name,
        "status": _STATUS[case.outcome],
        "rawStatus": case.outcome.value,
        "duration": round(case.seconds * 1000),
        **_times(began, case.seconds),
        "suite": [case.suite],
        **(_said(last) if last and case.outcome not in {CaseOutcome.PASSED, CaseOutcome.FLAKY} else {}),
        **({"line": case.line} if case.line > 0 else {}),
        "type": "e2e",
        "filePath": case.file,
        "retries": len(case.earlier),
        **({"retryAttempts": retries} if retries else {}),
        "flaky": case.outcome is CaseOutcome.FLAKY,
        **({"device": last.worker} if last and last.worker else {}),
        "extra": {"qgjob": _extra(case)},
    }


def _extra(case: ReportedCase) -> Mapping[str, object]:
    return {
        "kind": "case",
        "job_id": case.job_id,
        "case_id": case.case_id,
        "outcome": case.outcome.value,
        "project": case.project,
        "target": case.target,
        "muted": case.muted,
        "standing": case.standing,
        "failing_since": case.failing_since,
        "flaky_score": case.flaky_score,
    }


def _retry(execution: Execution) -> Mapping[str, object]:
    """Tell of an execution that did not decide. One that was broken off is `other`: it says nothing about the test."""
    status = "failed" if execution.failed else "passed" if execution.ok else "other"
    return {
        "attempt": execution.retry + 1,
        "status": status,
        "duration": round(execution.seconds * 1000),
        **_said(execution),
        **_times(execution.started_at, execution.seconds),
        "extra": {"qgjob": {"attempt": execution.attempt, "worker": execution.worker, "status": execution.status}},
    }


def _said(execution: Execution) -> Mapping[str, object]:
    if not execution.errors:
        return {}
    return {"message": first_line("\n".join(execution.errors)), "trace": "\n\n".join(execution.errors)}


def _entry(job: ReportedJob) -> Mapping[str, object]:
    return {
        "testId": f"job {job.told_by}",
        "executionId": str(uuid5(NAMESPACE_URL, f"qgjob:job:{job.job_id}")),
        "name": job.told_by,
        "status": "passed" if job.problem is None else "failed",
        "rawStatus": job.verdict or "unknown",
        "duration": 0,
        "suite": [JOBS_SUITE],
        **({} if job.problem is None else {"message": first_line(job.problem), "trace": job.problem}),
        "extra": {"qgjob": {"kind": "job", "job_id": job.job_id, "verdict": job.verdict, "attempts": job.attempts}},
    }


def _times(began: datetime | None, seconds: float) -> Mapping[str, int]:
    return {} if began is None else {"start": _ms(began), "stop": _ms(began) + round(seconds * 1000)}


def _ms(at: datetime) -> int:
    return round(at.timestamp() * 1000)
