"""Fetches what a report is made from: the run, all its jobs and all its cases."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qgjob.cli.reports.reading import report_of
from qgjob.core.words import JobStatus

if TYPE_CHECKING:
    from qgjob.cli.reports.model import RunReport
    from qgjob.client import Client


def gather(client: Client, run_id: str) -> RunReport:
    """Return the run as reports tell it. Raises NotFound, and what `report_of` raises."""
    run = client.jobs.get_run(run_id, prospect=False)
    cases = client.cases.all_of_run(run_id) if run["status"] == JobStatus.COMPLETED else []
    jobs = {job["job_id"]: job for job in client.jobs.all_of_run(run_id)}
    return report_of(run, [jobs[job_id] for job_id in run["job_ids"] if job_id in jobs], cases)
