"""A run: the jobs submitted together, and how they stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qgjob.cli.tables import Column, Table
from qgjob.cli.views.cases import counts_line
from qgjob.cli.views.job import jobs_table
from qgjob.cli.views.moments import moment
from qgjob.cli.views.prospect import prospect_lines
from qgjob.core.attempt import CaseCounts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from qgjob.cli.say import Block
    from qgjob.wire.jobs import JobShown, RunListed, RunShown
    from qgjob.wire.prospects import RunDetail

_COLUMNS = (
    Column(title="Run ID", whole=True),
    Column(title="Org"),
    Column(title="Status", whole=True),
    Column(title="Jobs", right=True),
    Column(title="Ended", right=True),
    Column(title="Passed", right=True),
    Column(title="Key"),
    Column(title="Created", whole=True),
)


def run_view(run: RunDetail, jobs: Sequence[JobShown], *, now: datetime) -> Iterator[Block]:
    """Show the run's counts, and a table of the jobs given (at most a page of them)."""
    cases = run["cases"]
    counts = CaseCounts(
        passed=cases["passed"],
        failed=cases["failed"],
        flaky=cases["flaky"],
        skipped=cases["skipped"],
        not_run=cases["not_run"],
    )
    yield f"Run ID: {run['run_id']}"
    yield f"Status: {run['status'].upper()}"
    yield f"Org: {run['org_id']}"
    yield f"Created: {moment(run['created_at'])}"
    yield f"Jobs: {_tally(len(run['job_ids']), run['jobs'])}"
    if run["verdicts"]:
        yield f"Verdicts: {_tally(sum(run['verdicts'].values()), run['verdicts'])}"
    if excused := sum(run.get("excused", {}).values()):
        yield f"Excused: {excused}; only muted cases made them fail or flaky, so they decide nothing"
    if counts.total:
        yield f"Cases: {counts_line(counts)}"
    if run["supersede"] is not None:
        yield f"Supersedes by: {run['supersede']}"
    if run["superseded_by"] is not None:
        yield f"Superseded by: {run['superseded_by']}"
    if run["retry_budget"] is not None:
        yield f"Retries: {run['retries']} of at most {run['retry_budget']}"
    yield from prospect_lines(None, run["eta"], now=now)
    yield ""
    yield jobs_table(jobs)
    if len(jobs) < len(run["job_ids"]):
        yield f"and {len(run['job_ids']) - len(jobs)} more"
    yield from (line for job in jobs if job["error_message"] for line in _trouble(job, job["error_message"]))


def runs_table(runs: Sequence[RunListed]) -> Table:
    """Show one row per run."""
    rows = tuple(
        (
            run["run_id"],
            run["org_id"],
            run["status"],
            str(run["jobs"]),
            str(run["ended"]),
            str(run["passed"]),
            _key(run),
            moment(run["created_at"]),
        )
        for run in runs
    )
    return Table(columns=_COLUMNS, rows=rows)


def _key(run: RunListed) -> str:
    """Name the key that a run supersedes by; one that was superseded itself says so."""
    if run["supersede"] is None:
        return "-"
    return f"{run['supersede']} (superseded)" if run["superseded_by"] else run["supersede"]


def run_lines(run: RunShown) -> Iterator[str]:
    """Show in three lines which run it is and how it stands."""
    yield f"Run ID: {run['run_id']}"
    yield f"Status: {run['status'].upper()}"
    yield f"Jobs: {_tally(len(run['job_ids']), run['jobs'])}"


def _trouble(job: JobShown, message: str) -> Iterator[str]:
    yield ""
    yield f"✗ {job['payload']['test_path']}: {next(iter(message.splitlines()), '')}"
    yield f"    more with: qgjob status {job['job_id']}"


def _tally(total: int, counts: Mapping[str, int]) -> str:
    return ", ".join([f"{total} total", *(f"{count} {word}" for word, count in counts.items() if count)])
