"""From what the server says of a finished run to the one model that all formats are written from. Fetches nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, TypeVar

from qgjob.cli.reports.legible import MOST_NAME, legible, one_line
from qgjob.cli.reports.model import Execution, ReportedCase, ReportedJob, RunReport
from qgjob.cli.reports.names import UniqueNames, kinds_of, suite_name
from qgjob.core.attempt import CaseCounts
from qgjob.core.errors import ConfigurationError, InfrastructureError
from qgjob.core.words import CaseOutcome, CaseStatus, JobStatus, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from qgjob.wire.cases import ExecutionShown, RunCaseShown
    from qgjob.wire.jobs import JobPayload, JobShown, RunShown

_Word = TypeVar("_Word", bound=StrEnum)
_SENTENCES = {
    Verdict.TIMED_OUT: "The job's own run time was up.",
    Verdict.APP_ERROR: "The app could not be installed, or did not start.",
    Verdict.CONFIGURATION_ERROR: "The project, the bundle or the job is wrong.",
    Verdict.INFRA_ERROR: "Infrastructure let the job down more often than it may.",
    Verdict.NO_TESTS: "No test was executed.",
    Verdict.CANCELLED: "The job was cancelled.",
    Verdict.FAILED: "The job failed, and no case says why.",
}


def report_of(run: RunShown, jobs: Sequence[JobShown], cases: Iterable[RunCaseShown]) -> RunReport:
    """Put a run together.

    Raises ConfigurationError while it goes on, and InfrastructureError where its cases do not add up to its counts.
    """
    if run["status"] != JobStatus.COMPLETED:
        raise ConfigurationError(
            f"Run {run['run_id']} is still going, and a report is of a finished run: wait for it with "
            f"`qgjob wait {run['run_id']}`, then ask again."
        )
    by_job: dict[str, list[RunCaseShown]] = {}
    for case in cases:
        by_job.setdefault(case["job_id"], []).append(case)
    told = _jobs(jobs, by_job)
    counts = _counts(run)
    if (found := _count(case for job in told for case in job.cases)) != counts:
        raise InfrastructureError(
            f"The cases of run {run['run_id']} add up to {found}, and its counts are {counts}: no report was written, "
            "since it could not be right. Ask again, and report it if that changes nothing."
        )
    created_at = _moment(run["created_at"])
    return RunReport(
        run_id=run["run_id"],
        org_id=one_line(run["org_id"]),
        created_at=created_at,
        ended_at=max([created_at, *(job.ended_at for job in told if job.ended_at is not None)]),
        counts=counts,
        verdicts={word: count for word, count in run["verdicts"].items() if count},
        excused={word: count for word, count in run["excused"].items() if count},
        app_versions=tuple(sorted({one_line(job["payload"]["app_version_id"]) for job in jobs})),
        jobs=tuple(told),
    )


def _jobs(jobs: Sequence[JobShown], by_job: Mapping[str, Sequence[RunCaseShown]]) -> list[ReportedJob]:
    kinds = kinds_of(jobs)
    names: dict[str, UniqueNames] = {}
    entries = UniqueNames()
    told = []
    for job in jobs:
        clock = _Clock()
        listed = by_job.get(job["job_id"], [])
        cases = tuple(_case(case, kind=kinds[job["job_id"]], names=names, clock=clock) for case in listed)
        told.append(_job(job, cases, kind=kinds[job["job_id"]], entries=entries))
    return told


def _job(job: JobShown, cases: tuple[ReportedCase, ...], *, kind: str, entries: UniqueNames) -> ReportedJob:
    verdict = _verdict(job["verdict"])
    passed = verdict in {Verdict.PASSED, Verdict.FLAKY}
    is_told = any(case.outcome is CaseOutcome.FAILED for case in cases) and verdict is Verdict.FAILED
    name = one_line(f"{job['payload']['test_path']} ({kind})" if kind else job["payload"]["test_path"])
    return ReportedJob(
        job_id=job["job_id"],
        test_path=one_line(job["payload"]["test_path"]),
        kind=kind,
        project=_line(job["payload"]["project"]),
        verdict=verdict,
        excused=job["excused"],
        told_by=None if is_told or (passed and cases) else entries.give(name),
        problem=None if passed else _problem(job, verdict),
        attempts=job["attempts"],
        started_at=_moment(job["started_at"]) if job["started_at"] else None,
        ended_at=_moment(job["completed_at"]) if job["completed_at"] else None,
        asked=_asked(job["payload"]),
        cases=cases,
    )


def _asked(payload: JobPayload) -> Mapping[str, str | None]:
    return {
        "app_version_id": _line(payload["app_version_id"]),
        "target": payload["target"],
        "platform": payload["platform"],
        "os_version": _line(payload["os_version"]),
        "model": _line(payload["model"]),
    }


def _line(text: str | None) -> str | None:
    return None if text is None else one_line(text)


def _problem(job: JobShown, verdict: Verdict | None) -> str:
    if job["error_message"]:
        return legible(job["error_message"])
    return _SENTENCES[verdict] if verdict in _SENTENCES else f"Its verdict {job['verdict']!r} is not known here."


def _case(case: RunCaseShown, *, kind: str, names: dict[str, UniqueNames], clock: _Clock) -> ReportedCase:
    suite = suite_name(case["file"], project=case["project"], kind=kind)
    name = one_line(case["title"]) or "a case without a title"
    return ReportedCase(
        job_id=case["job_id"],
        case_id=one_line(case["case_id"]),
        suite=suite,
        name=names.setdefault(suite, UniqueNames()).give(name),
        title=legible(case["title"], MOST_NAME),
        file=one_line(case["file"]),
        line=case["line"],
        project=_line(case["project"]),
        target=case["target"],
        outcome=_known(CaseOutcome, case["outcome"]),
        seconds=case["seconds"],
        muted=case["muted"],
        standing=case["standing"],
        failing_since=case["failing_since"],
        flaky_score=case["flaky_score"],
        executions=tuple(_execution(told, retry=retry, clock=clock) for retry, told in enumerate(case["executions"])),
    )


def _execution(told: ExecutionShown, *, retry: int, clock: _Clock) -> Execution:
    return Execution(
        retry=retry,
        attempt=told["attempt"],
        worker_id=one_line(told["worker_id"]),
        worker=one_line(told["worker_name"]),
        status=_known(CaseStatus, told["status"]),
        expected=_known(CaseStatus, told["expected"]),
        ok=told["ok"],
        started_at=clock.starts(told),
        seconds=told["seconds"],
        errors=tuple(legible(error) for error in told["errors"]),
    )


class _Clock:
    """Works out when the executions of a job began: those of an attempt one after the other, from its start."""

    def __init__(self) -> None:
        self._taken: dict[int, timedelta] = {}

    def starts(self, told: ExecutionShown) -> datetime | None:
        if told["attempt_started_at"] is None:
            return None
        taken = self._taken.get(told["attempt"], timedelta())
        self._taken[told["attempt"]] = taken + timedelta(seconds=told["seconds"])
        return _moment(told["attempt_started_at"]) + taken


def _counts(run: RunShown) -> CaseCounts:
    counts = run["cases"]
    return CaseCounts(
        passed=counts["passed"],
        failed=counts["failed"],
        flaky=counts["flaky"],
        skipped=counts["skipped"],
        not_run=counts["not_run"],
    )


def _count(cases: Iterable[ReportedCase]) -> CaseCounts:
    found = dict.fromkeys(CaseOutcome, 0)
    for case in cases:
        found[case.outcome] += 1
    return CaseCounts(**{outcome.value: count for outcome, count in found.items()})


def _verdict(word: str | None) -> Verdict | None:
    return Verdict(word) if word in set(Verdict) else None


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def _known(words: type[_Word], word: str) -> _Word:
    try:
        return words(word)
    except ValueError:
        raise ConfigurationError(
            f"The server says {word!r} of a case, which this qgjob does not know: update it, the server is newer."
        ) from None
