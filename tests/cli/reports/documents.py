"""Builders of what a server says of a finished run, and random runs for properties."""

from collections import Counter
from collections.abc import Sequence

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from qgjob.core.attempt import Case, CaseResult, count_cases
from qgjob.core.words import CaseStatus
from qgjob.wire.cases import ExecutionShown, RunCaseShown
from qgjob.wire.jobs import CaseCountsBody, JobShown
from qgjob.wire.prospects import RunDetail
from tests.cli import answers

RUN_ID = answers.RUN_ID
HOSTILE = "]]></failure>\x1b[31m<b>&\"'\x00\x0b\ufffe\ud800 ☂ $(id) `id` \r\n\t../../x"


def an_execution(
    status: str = "passed",
    *,
    attempt: int = 1,
    expected: str = "passed",
    errors: Sequence[str] = (),
    worker: str = "V1",
) -> ExecutionShown:
    return {
        "attempt": attempt,
        "attempt_started_at": f"2026-11-23T02:4{attempt % 10}:00+00:00",
        "worker_id": f"worker-{worker}",
        "worker_name": worker,
        "status": status,
        "expected": expected,
        "ok": status == expected,
        "seconds": 1.5,
        "errors": list(errors),
        "session": True,
    }


def a_case(
    title: str,
    executions: Sequence[ExecutionShown] | None = None,
    *,
    job_id: str = "job-1",
    file: str = "tests/cart.spec.js",
    project: str | None = None,
    muted: bool = False,
    standing: str | None = None,
) -> RunCaseShown:
    told = [an_execution()] if executions is None else list(executions)
    return {
        "job_id": job_id,
        "case_id": f"{file}-{title}",
        "title": title,
        "file": file,
        "line": 12,
        "project": project,
        "target": "emulator",
        "outcome": outcome_of(told),
        "seconds": told[-1]["seconds"] if told else 0.0,
        "muted": muted,
        "standing": standing,
        "failing_since": "2026-11-20T00:00:00+00:00" if standing == "known_failure" else None,
        "flaky_score": None,
        "executions": told,
    }


def outcome_of(executions: Sequence[ExecutionShown]) -> str:
    """What the server counts such a case as."""
    case = Case(case_id="one", title="one", file="one", line=1)
    results = [
        CaseResult(
            case=case,
            status=CaseStatus(told["status"]),
            expected=CaseStatus(told["expected"]),
            seconds=told["seconds"],
            errors=(),
            session=True,
        )
        for told in executions
    ]
    counts = count_cases(results)
    words = ("passed", "failed", "flaky", "skipped", "not_run")
    return next((word for word in words if getattr(counts, word)), "not_run")


def a_job(
    job_id: str = "job-1",
    verdict: str | None = "passed",
    *,
    test_path: str = "tests/cart.spec.js",
    target: str = "emulator",
    os_version: str | None = None,
    project: str | None = None,
    message: str | None = None,
) -> JobShown:
    shown = answers.a_job()
    shown["payload"] = {
        **shown["payload"],
        "test_path": test_path,
        "target": target,
        "os_version": os_version,
        "project": project,
        "grep": None,
    }
    status = {"passed": "completed", "flaky": "completed", "cancelled": "cancelled"}.get(verdict or "", "failed")
    shown |= {"job_id": job_id, "verdict": verdict, "status": status, "error_message": message, "excused": False}
    return shown


def a_run(jobs: Sequence[JobShown], cases: Sequence[RunCaseShown]) -> RunDetail:
    return {
        **answers.a_run(),
        "status": "completed",
        "jobs": dict(Counter(job["status"] for job in jobs)),
        "verdicts": dict(Counter(job["verdict"] for job in jobs if job["verdict"])),
        "excused": {},
        "cases": counts_of(cases),
        "job_ids": [job["job_id"] for job in jobs],
    }


def counts_of(cases: Sequence[RunCaseShown]) -> CaseCountsBody:
    counted = Counter(case["outcome"] for case in cases)
    return {
        "total": len(cases),
        "passed": counted["passed"],
        "failed": counted["failed"],
        "flaky": counted["flaky"],
        "skipped": counted["skipped"],
        "not_run": counted["not_run"],
    }


_TEXTS = st.sampled_from(["adds up", "adds up ", "adds up (2)", HOSTILE, "", "\x00", "a\nb", "›"])
RUNS = settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])
_VERDICTS = st.sampled_from(
    [
        *("passed", "flaky", "failed", "timed_out", "app_error", "configuration_error", "infra_error", "no_tests"),
        *("cancelled", None, "of a newer server"),
    ]
)


@st.composite
def executions(draw: st.DrawFn) -> list[ExecutionShown]:
    statuses = st.sampled_from([status.value for status in CaseStatus])
    expected = draw(st.sampled_from(["passed", "failed", "skipped"]))
    told = draw(st.lists(st.tuples(statuses, st.lists(_TEXTS, max_size=2)), max_size=4))
    return [
        an_execution(status, attempt=attempt, expected=expected, errors=errors, worker=HOSTILE)
        for attempt, (status, errors) in enumerate(told, start=1)
    ]


@st.composite
def random_runs(draw: st.DrawFn) -> tuple[RunDetail, list[JobShown], list[RunCaseShown]]:
    """Runs of any kind of jobs with any kind of cases, the same case in several of them as well."""
    jobs = []
    cases = []
    for number in range(draw(st.integers(min_value=0, max_value=4))):
        job = a_job(
            f"job-{number}",
            draw(_VERDICTS),
            test_path=draw(st.sampled_from(["tests/a.spec.js", "tests/b.spec.js", HOSTILE])),
            target=draw(st.sampled_from(["emulator", "device"])),
            os_version=draw(st.sampled_from([None, HOSTILE])),
            project=draw(st.sampled_from([None, HOSTILE])),
            message=draw(st.one_of(st.none(), _TEXTS)),
        )
        titles = draw(st.lists(_TEXTS, max_size=4))
        jobs.append(job)
        cases += [
            a_case(
                title,
                draw(executions()),
                job_id=job["job_id"],
                file=job["payload"]["test_path"],
                project=draw(st.sampled_from([None, "android", HOSTILE])),
                muted=draw(st.booleans()),
                standing=draw(st.sampled_from([None, "known_failure", "new_failure"])),
            )
            for title in titles
        ]
    return a_run(jobs, cases), jobs, cases
