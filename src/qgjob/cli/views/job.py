"""One job: how it stands, what its attempts did, why it failed, and where its evidence is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qgjob.cli.tables import Column, Table
from qgjob.cli.views.cases import cases_view
from qgjob.cli.views.moments import duration, moment, seconds_between
from qgjob.cli.views.prospect import prospect_lines

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from qgjob.cli.say import Block
    from qgjob.wire.jobs import AttemptShown, JobShown
    from qgjob.wire.prospects import JobDetail

_LIST_COLUMNS = (
    Column(title="Job ID", whole=True),
    Column(title="Status", whole=True),
    Column(title="Verdict", whole=True),
    Column(title="Test"),
    Column(title="App version"),
    Column(title="Org"),
    Column(title="Created", whole=True),
)
_ATTEMPT_COLUMNS = (
    Column(title="Attempt", right=True, whole=True),
    Column(title="Verdict", whole=True),
    Column(title="Worker", whole=True),
    Column(title="Time", right=True, whole=True),
    Column(title="Message"),
)


def jobs_table(jobs: Sequence[JobShown]) -> Table:
    """Show one row per job, with the id that `qgjob status` takes."""
    return Table(columns=_LIST_COLUMNS, rows=tuple(_row(job) for job in jobs))


def job_view(job: JobDetail, attempts: Sequence[AttemptShown], *, now: datetime) -> Iterator[Block]:
    """Show everything about one job. Scripts rely on the line `Status: WORD` and on the full id."""
    yield from _facts(job)
    yield from prospect_lines(job["waiting"], job["eta"], now=now)
    if job["error_message"]:
        yield "Why: " + "\n    ".join(job["error_message"].splitlines())
    if attempts:
        yield ""
        yield Table(columns=_ATTEMPT_COLUMNS, rows=tuple(_attempt_row(attempt, job) for attempt in attempts))
    cases = cases_view(attempts)
    if cases:
        yield ""
        yield from cases
    files = sum(len(attempt["evidence"]) for attempt in attempts)
    if files:
        yield ""
        stored = "1 file" if files == 1 else f"{files} files"
        yield f"Evidence: {stored}; download with: qgjob evidence {job['job_id']} --to DIR"


def _facts(job: JobShown) -> Iterator[str]:
    payload = job["payload"]
    yield f"Job ID: {job['job_id']}"
    yield f"Status: {job['status'].upper()}"
    if job["verdict"]:
        yield f"Verdict: {job['verdict']}"
    if job.get("excused"):
        yield "Excused: only muted cases made it so, and it decides nothing"
    yield f"Test: {payload['test_path']}"
    if payload["grep"] is not None:
        yield f"Grep: {payload['grep']}"
    yield f"App version: {payload['app_version_id']}"
    yield f"Org: {payload['org_id']}"
    yield f"Target: {_target(job)}"
    if payload["pin"]:
        yield f"{'Only on' if payload['only'] else 'Rather on'}: {payload['pin']}"
    yield f"Priority: {payload['priority']}"
    yield f"Run ID: {job['run_id']}"
    if job["retry_of"]:
        yield f"Retry of: {job['retry_of']}"
    if job["worker_id"]:
        yield f"Worker: {job['worker_id']}"
    yield f"Retries: {job['retry_count']} of at most {job['max_retries']}"
    yield f"Created: {moment(job['created_at'])}"
    if job["started_at"]:
        yield f"Started: {moment(job['started_at'])}"
    if job["completed_at"]:
        taken = duration(seconds_between(job["created_at"], job["completed_at"]))
        yield f"Completed: {moment(job['completed_at'])} ({taken} after it was submitted)"


def _target(job: JobShown) -> str:
    payload = job["payload"]
    parts = (
        payload["target"],
        " ".join(part for part in (payload["platform"], payload["os_version"]) if part),
        payload["model"],
        *(f"tag {tag}" for tag in payload["tags"]),
    )
    return ", ".join(part for part in parts if part)


def _row(job: JobShown) -> tuple[str, ...]:
    payload = job["payload"]
    return (
        job["job_id"],
        job["status"].upper(),
        f"{job['verdict'] or '-'}{' (excused)' if job.get('excused') else ''}",
        payload["test_path"],
        payload["app_version_id"],
        payload["org_id"],
        moment(job["created_at"]),
    )


def _attempt_row(attempt: AttemptShown, job: JobShown) -> tuple[str, ...]:
    verdict = attempt["verdict"] or "going on"
    said = attempt["message"] or ""
    message = "as above" if said and said == job["error_message"] else said
    return (
        str(attempt["attempt"]),
        f"{verdict}, late" if attempt["late"] else verdict,
        attempt["worker_name"],
        duration(attempt["seconds"]),
        next(iter(message.splitlines()), ""),
    )
