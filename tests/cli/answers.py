"""Answers of a server, written out: what the views are shown."""

from qgjob.wire.apps import FactShown, WorkerShown
from qgjob.wire.estimates import EstimateOfInstall, EstimateOfTest
from qgjob.wire.jobs import AttemptShown, CaseShown
from qgjob.wire.ledger import LedgerEntryShown, LedgerPage
from qgjob.wire.prospects import JobDetail, RunDetail

JOB_ID = "0192f0c1-2b3c-7d4e-8f5a-6b7c8d9e0f1a"
RUN_ID = "0192f0c1-0000-7000-8000-000000000001"


def a_job() -> JobDetail:
    return {
        "job_id": JOB_ID,
        "payload": {
            "org_id": "acme",
            "app_version_id": "2.0.0",
            "test_path": "tests/cart.spec.js",
            "target": "emulator",
            "priority": "normal",
            "metadata": {},
            "platform": "android",
            "bundle": "b" * 64,
            "project": None,
            "reset": "clear",
            "timeout_s": None,
            "idle_timeout_s": None,
            "queue_timeout_s": None,
            "os_version": None,
            "model": None,
            "tags": [],
            "pin": None,
            "only": False,
            "deadline": None,
            "grep": None,
        },
        "status": "failed",
        "verdict": "failed",
        "created_at": "2026-11-23T02:47:05.100000+00:00",
        "updated_at": "2026-11-23T02:49:35.100000+00:00",
        "started_at": "2026-11-23T02:47:10+00:00",
        "completed_at": "2026-11-23T02:49:35.100000+00:00",
        "worker_id": "worker-0a1b2c",
        "result": None,
        "error_message": "1 of 2 cases failed: total is wrong",
        "retry_count": 1,
        "max_retries": 1,
        "run_id": RUN_ID,
        "group_id": "group-77",
        "attempts": 2,
        "retry_of": None,
        "cancel_requested": False,
        "excused": False,
        "waiting": None,
        "eta": None,
    }


def a_case(title: str, status: str, *, errors: list[str] | None = None, expected: str = "passed") -> CaseShown:
    return {
        "case_id": title,
        "title": title,
        "file": "tests/cart.spec.js",
        "line": 12,
        "status": status,
        "expected": expected,
        "seconds": 4.25,
        "errors": errors or [],
        "session": True,
    }


def an_attempt(number: int, cases: list[CaseShown], *, evidence: int = 0) -> AttemptShown:
    return {
        "attempt": number,
        "worker_id": "worker-0a1b2c",
        "worker_name": "Virtual 1",
        "started_at": "2026-11-23T02:47:10+00:00",
        "ended_at": "2026-11-23T02:48:20+00:00",
        "verdict": "failed",
        "fault": "test",
        "message": "1 of 2 cases failed\nand a second line",
        "seconds": 70.0,
        "sessions": 2,
        "loss": None,
        "late": False,
        "counts": {"total": 2, "passed": 1, "failed": 1, "flaky": 0, "skipped": 0, "not_run": 0},
        "cases": cases,
        "evidence": [
            {"name": f"file-{place}.txt", "kind": "output", "sha256": "e" * 64, "size_bytes": 10}
            for place in range(evidence)
        ],
    }


def a_run() -> RunDetail:
    return {
        "run_id": RUN_ID,
        "org_id": "acme",
        "status": "running",
        "created_at": "2026-11-23T02:47:05.100000+00:00",
        "jobs": {"failed": 1, "running": 2},
        "verdicts": {"failed": 1},
        "cases": {"total": 3, "passed": 2, "failed": 1, "flaky": 0, "skipped": 0, "not_run": 0},
        "job_ids": [JOB_ID, "two", "three"],
        "retry_budget": None,
        "retries": 0,
        "eta": None,
        "supersede": None,
        "superseded_by": None,
        "excused": {},
    }


def a_worker() -> WorkerShown:
    return {
        "worker_id": "worker-0a1b2c",
        "name": "Virtual 1",
        "target_types": ["emulator"],
        "status": "busy",
        "current_jobs": [JOB_ID],
        "last_heartbeat": "2026-11-23T02:49:35.100000+00:00",
        "metadata": {},
        "agent_id": "agent-1",
        "platform": "android",
        "model": "Virtual Pixel",
        "os_version": "14",
        "serial": "127.0.0.1:6655",
        "tags": [],
        "installed": {
            "org_id": "acme",
            "app_version_id": "2.0.0",
            "sha256": "a" * 64,
            "proof": "content_hash",
            "installed_at": "2026-11-23T02:47:08+00:00",
        },
        "draining": False,
        "faults_in_a_row": 0,
        "quarantined_until": None,
        "quarantine_reason": None,
    }


def a_fact(kind: str, *, job_id: str | None = JOB_ID, worker_id: str | None = None, **data: object) -> FactShown:
    return {
        "fact_id": 1,
        "at": "2026-11-23T02:47:05.100000+00:00",
        "kind": kind,
        "org_id": "acme",
        "run_id": RUN_ID,
        "job_id": job_id,
        "worker_id": worker_id,
        "data": data,
    }


def a_ledger_page(
    by: str,
    *,
    day: str | None = None,
    run_id: str | None = None,
    submitted_at: str | None = None,
    idle_seconds: float | None = None,
    stock_install_seconds: float | None = 160.0,
    unmeasured: int = 0,
) -> LedgerPage:
    entry: LedgerEntryShown = {
        "org_id": "acme",
        "day": day,
        "run_id": run_id,
        "submitted_at": submitted_at,
        "installs": 3,
        "installs_avoided": 37,
        "installs_stock": 40,
        "installs_group": 2,
        "sessions": 41,
        "install_seconds": 12.0,
        "test_seconds": 400.0,
        "idle_seconds": idle_seconds,
        "stock_install_seconds": stock_install_seconds,
        "group_install_seconds": 8.0,
        "unmeasured": unmeasured,
    }
    return {
        "by": by,
        "from_day": "2026-10-25",
        "to_day": "2026-11-23",
        "count": 1,
        "entries": [entry],
        "next_cursor": None,
    }


def a_known_test() -> EstimateOfTest:
    return {
        "org_id": "acme",
        "test_path": "tests/cart.spec.js",
        "target": "emulator",
        "platform": "android",
        "seconds": 12.25,
        "samples": 7,
    }


def a_known_install() -> EstimateOfInstall:
    return {
        "org_id": "acme",
        "package": "com.example.shop",
        "target": "emulator",
        "platform": None,
        "model": "",
        "seconds": 4.0,
        "samples": 1,
    }
