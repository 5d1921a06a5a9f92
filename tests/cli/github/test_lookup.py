"""What of a run is told, and how: from the farm's answers, written out."""

import pytest

from qgjob.cli.github.lookup import cases_told, settled
from qgjob.cli.github.outcome import Kind
from qgjob.cli.receipt import ReceiptStatus
from qgjob.wire.cases import ExecutionShown, RunCaseShown
from tests.cli.answers import a_job, a_run


def an_execution(*errors: str, ok: bool = False) -> ExecutionShown:
    return {
        "attempt": 1,
        "attempt_started_at": None,
        "worker_id": "worker-1",
        "worker_name": "Virtual 1",
        "status": "passed" if ok else "failed",
        "expected": "passed",
        "ok": ok,
        "seconds": 1.0,
        "errors": list(errors),
        "session": True,
    }


def a_case(
    outcome: str,
    *executions: ExecutionShown,
    standing: str | None = None,
    since: str | None = None,
    muted: bool = False,
    score: float | None = None,
    target: str = "emulator",
) -> RunCaseShown:
    return {
        "job_id": "job-1",
        "case_id": "case-1",
        "title": "total is right",
        "file": "tests/cart.spec.js",
        "line": 12,
        "project": None,
        "target": target,
        "outcome": outcome,
        "seconds": 1.0,
        "muted": muted,
        "standing": standing,
        "failing_since": since,
        "flaky_score": score,
        "executions": list(executions),
    }


@pytest.mark.parametrize(
    ("case", "kind", "said"),
    [
        (a_case("failed", standing="new_failure"), Kind.NEW, "new failure"),
        (a_case("failed", standing="first_seen_failing"), Kind.NEW, "failed when it was first seen"),
        (a_case("failed"), Kind.NEW, "failed"),
        (
            a_case("failed", standing="known_failure", since="2026-11-20T10:00:00+00:00", score=0.25),
            Kind.KNOWN,
            "known failure, failing since 2026-11-20, flaky score 0.25",
        ),
        (a_case("flaky", an_execution(), an_execution(ok=True)), Kind.FLAKY, "passed after 2 executions"),
        (a_case("failed", standing="new_failure", muted=True), Kind.MUTED, "muted: new failure"),
    ],
)
def test_a_case_is_told_by_how_it_stands(case: RunCaseShown, kind: Kind, said: str) -> None:
    (told,) = cases_told([case], place="apps/shop/")

    assert (told.kind, told.said, told.file) == (kind, said, "apps/shop/tests/cart.spec.js")


def test_what_passed_or_was_skipped_is_not_told() -> None:
    assert cases_told([a_case(outcome) for outcome in ("passed", "skipped", "not_run")], place="") == ()


def test_errors_are_those_of_the_last_execution_that_failed() -> None:
    (flaky,) = cases_told([a_case("flaky", an_execution("a"), an_execution("b"), an_execution(ok=True))], place="")

    assert flaky.errors == ("b",)


def test_the_kind_of_device_is_told_where_there_are_several() -> None:
    failed = a_case("failed")

    assert [told.where for told in cases_told([failed, failed], place="")] == ["", ""]
    assert [told.where for told in cases_told([failed, a_case("failed", target="device")], place="")] == [
        "emulator",
        "device",
    ]


def test_a_run_whose_command_was_killed_is_told_by_what_the_farm_knows() -> None:
    running = {**a_job(), "status": "running", "verdict": None}
    run, ended = a_run(), {**a_run(), "status": "completed", "verdicts": {"failed": 3}}
    cancelled = {**running, "cancel_requested": True}

    def said(status: ReceiptStatus, *of: object) -> ReceiptStatus:
        return settled(status, *of)  # type: ignore[arg-type]  # answers with a word changed

    assert said(ReceiptStatus.RUNNING, run, [running]) == "running"
    assert said(ReceiptStatus.RUNNING, run, [running, cancelled]) == "running"
    assert said(ReceiptStatus.RUNNING, run, [cancelled, a_job()]) == "cancelled"
    assert said(ReceiptStatus.RUNNING, ended, []) == "failed"
    assert said(ReceiptStatus.TIMED_OUT, run, [cancelled]) == "timed_out"
