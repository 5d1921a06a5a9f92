"""Our own JSON of a run, for scripts: all that the other formats are written from, in our words.

`format` and `version` say what it is. Within a version fields are added, none removed or renamed; docs/reports.md
tells of each.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from qgjob.cli.reports.model import Execution, ReportedCase, ReportedJob, RunReport

FORMAT = "qgjob-report"
VERSION = 1


def plain_json(run: RunReport) -> bytes:
    """Write the whole document."""
    document = {
        "format": FORMAT,
        "version": VERSION,
        "run_id": run.run_id,
        "org_id": run.org_id,
        "created_at": run.created_at.isoformat(),
        "ended_at": run.ended_at.isoformat(),
        "cases": {**asdict(run.counts), "total": run.counts.total},
        "verdicts": dict(run.verdicts),
        "excused": dict(run.excused),
        "jobs": [_job(job) for job in run.jobs],
    }
    return json.dumps(document, indent=2, ensure_ascii=False).encode() + b"\n"


def _job(job: ReportedJob) -> Mapping[str, object]:
    return {
        "job_id": job.job_id,
        "test_path": job.test_path,
        "kind": job.kind or None,
        "project": job.project,
        "asked": dict(job.asked),
        "verdict": job.verdict,
        "excused": job.excused,
        "told_by_cases": job.told_by is None,
        "problem": job.problem,
        "attempts": job.attempts,
        "started_at": _moment(job.started_at),
        "ended_at": _moment(job.ended_at),
        "cases": [_case(case) for case in job.cases],
    }


def _case(case: ReportedCase) -> Mapping[str, object]:
    return {
        "case_id": case.case_id,
        "suite": case.suite,
        "name": case.name,
        "title": case.title,
        "file": case.file,
        "line": case.line,
        "project": case.project,
        "target": case.target,
        "outcome": case.outcome,
        "seconds": case.seconds,
        "muted": case.muted,
        "standing": case.standing,
        "failing_since": case.failing_since,
        "flaky_score": case.flaky_score,
        "executions": [_execution(execution) for execution in case.executions],
    }


def _execution(execution: Execution) -> Mapping[str, object]:
    return {
        "retry": execution.retry,
        "attempt": execution.attempt,
        "worker_id": execution.worker_id,
        "worker": execution.worker,
        "status": execution.status,
        "expected": execution.expected,
        "ok": execution.ok,
        "started_at": _moment(execution.started_at),
        "seconds": execution.seconds,
        "errors": list(execution.errors),
    }


def _moment(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()
