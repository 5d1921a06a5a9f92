"""Our own JSON of a run."""

import json
from collections import Counter

from hypothesis import given
from inline_snapshot import snapshot

from qgjob.cli.reports.plain_json import plain_json
from qgjob.cli.reports.reading import report_of
from qgjob.wire.cases import RunCaseShown
from qgjob.wire.jobs import JobShown
from qgjob.wire.prospects import RunDetail
from tests.cli.reports.documents import RUNS, a_case, a_job, a_run, an_execution, random_runs


def test_it_has_all_that_the_other_formats_are_written_from() -> None:
    job = a_job(verdict="flaky")
    case = a_case("adds up", [an_execution("failed", errors=["slow"]), an_execution(attempt=2)], standing="recovered")
    document = json.loads(plain_json(report_of(a_run([job], [case]), [job], [case])))
    assert document == snapshot(
        {
            "format": "qgjob-report",
            "version": 1,
            "run_id": "0192f0c1-0000-7000-8000-000000000001",
            "org_id": "acme",
            "created_at": "2026-11-23T02:47:05.100000+00:00",
            "ended_at": "2026-11-23T02:49:35.100000+00:00",
            "cases": {"passed": 0, "failed": 0, "flaky": 1, "skipped": 0, "not_run": 0, "total": 1},
            "verdicts": {"flaky": 1},
            "excused": {},
            "jobs": [
                {
                    "job_id": "job-1",
                    "test_path": "tests/cart.spec.js",
                    "kind": None,
                    "project": None,
                    "asked": {
                        "app_version_id": "2.0.0",
                        "target": "emulator",
                        "platform": "android",
                        "os_version": None,
                        "model": None,
                    },
                    "verdict": "flaky",
                    "excused": False,
                    "told_by_cases": True,
                    "problem": None,
                    "attempts": 2,
                    "started_at": "2026-11-23T02:47:10+00:00",
                    "ended_at": "2026-11-23T02:49:35.100000+00:00",
                    "cases": [
                        {
                            "case_id": "tests/cart.spec.js-adds up",
                            "suite": "tests/cart.spec.js",
                            "name": "adds up",
                            "title": "adds up",
                            "file": "tests/cart.spec.js",
                            "line": 12,
                            "project": None,
                            "target": "emulator",
                            "outcome": "flaky",
                            "seconds": 1.5,
                            "muted": False,
                            "standing": "recovered",
                            "failing_since": None,
                            "flaky_score": None,
                            "executions": [
                                {
                                    "retry": 0,
                                    "attempt": 1,
                                    "worker_id": "worker-V1",
                                    "worker": "V1",
                                    "status": "failed",
                                    "expected": "passed",
                                    "ok": False,
                                    "started_at": "2026-11-23T02:41:00+00:00",
                                    "seconds": 1.5,
                                    "errors": ["slow"],
                                },
                                {
                                    "retry": 1,
                                    "attempt": 2,
                                    "worker_id": "worker-V1",
                                    "worker": "V1",
                                    "status": "passed",
                                    "expected": "passed",
                                    "ok": True,
                                    "started_at": "2026-11-23T02:42:00+00:00",
                                    "seconds": 1.5,
                                    "errors": [],
                                },
                            ],
                        }
                    ],
                }
            ],
        }
    )


@given(random_runs())
@RUNS
def test_its_counts_are_the_runs(told: tuple[RunDetail, list[JobShown], list[RunCaseShown]]) -> None:
    run, _, _ = told
    document = json.loads(plain_json(report_of(*told)))
    counted = Counter(case["outcome"] for job in document["jobs"] for case in job["cases"])
    assert {**dict.fromkeys(run["cases"], 0), **counted, "total": counted.total()} == run["cases"] == document["cases"]
