"""What a finished run comes to, and what the summary of it says."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from qgjob.cli.standing import Standing, run_standing
from qgjob.cli.views.cases import counts_line
from qgjob.core.attempt import CaseCounts
from qgjob.core.outcome import ExitCode
from qgjob.core.words import JobStatus

if TYPE_CHECKING:
    from qgjob.cli.verdicts import Strictness
    from qgjob.client import Client
    from qgjob.wire.jobs import RunShown
    from qgjob.wire.prospects import RunDetail


def final_standing(client: Client, run: RunDetail, strictness: Strictness) -> Standing:
    """Say how a run that was waited for stands. What is not over is no pass, and neither is what ran nothing."""
    standing = run_standing(client, run, strictness)
    if run["status"] != JobStatus.COMPLETED:
        return replace(standing, exit_code=ExitCode.INFRASTRUCTURE)
    if standing.exit_code is ExitCode.DONE and _ran_nothing(client, run):
        return replace(standing, exit_code=ExitCode.NO_TESTS)
    return standing


def final_message(run: RunShown) -> str:
    """Write how its cases and its jobs came out; excused are those that muted cases alone made fail."""
    counts = counts_of(run)
    verdicts = ", ".join(f"{count} {word}" for word, count in run["verdicts"].items() if count)
    jobs = f"{len(run['job_ids'])} total{f', {verdicts}' if verdicts else ''}"
    excused = sum(run.get("excused", {}).values())
    return f"Tests: {counts_line(counts)}. Jobs: {jobs}{f', {excused} excused' if excused else ''}."


def counts_of(run: RunShown) -> CaseCounts:
    """Take the counts of a run's cases."""
    cases = run["cases"]
    return CaseCounts(
        passed=cases["passed"],
        failed=cases["failed"],
        flaky=cases["flaky"],
        skipped=cases["skipped"],
        not_run=cases["not_run"],
    )


def _ran_nothing(client: Client, run: RunShown) -> bool:
    """Whether no case was executed. Workers of protocol 1 tell of none: jobs without a bundle count as told."""
    counts = counts_of(run)
    if counts.passed + counts.failed + counts.flaky:
        return False
    jobs = client.jobs.page(run_id=run["run_id"], limit=1)["jobs"]
    return counts.total > 0 or any(job["payload"]["bundle"] for job in jobs)
