"""How a job or a run stands, with all that is shown of it, and the exit code that it comes to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qgjob.cli.lookup import looking_for
from qgjob.cli.verdicts import Strictness, deciding_verdict, deciding_verdicts, exit_code_for
from qgjob.cli.views.job import job_view
from qgjob.cli.views.moments import here_and_now
from qgjob.cli.views.run import run_view
from qgjob.core.outcome import ExitCode
from qgjob.core.words import JobStatus

if TYPE_CHECKING:
    from collections.abc import Iterable

    from qgjob.cli.say import Block
    from qgjob.client import Client
    from qgjob.wire.jobs import JobShown, RunShown
    from qgjob.wire.prospects import JobDetail, RunDetail

MOST_JOBS_SHOWN = 500


@dataclass(frozen=True, kw_only=True)
class Standing:
    """`document` is for scripts, `view` for people. `exit_code` is DONE while it is still going."""

    document: object
    view: Iterable[Block]
    exit_code: ExitCode


def job_standing(client: Client, job: JobDetail, strictness: Strictness) -> Standing:
    """Ask for a job's attempts and put everything together."""
    attempts = client.jobs.attempts(job["job_id"])["attempts"]
    finished = JobStatus(job["status"]).is_final
    return Standing(
        document={**job, "attempt_list": attempts},
        view=job_view(job, attempts, now=here_and_now()),
        exit_code=exit_code_for([deciding_verdict(job)], strictness) if finished else ExitCode.DONE,
    )


def run_standing(client: Client, run: RunDetail, strictness: Strictness) -> Standing:
    """Ask for a run's jobs, the first 500 of them, and put everything together."""
    jobs = jobs_of(client, run)
    finished = run["status"] == JobStatus.COMPLETED
    return Standing(
        document={**run, "job_list": jobs},
        view=run_view(run, jobs, now=here_and_now()),
        exit_code=exit_code_for(deciding_verdicts(run), strictness) if finished else ExitCode.DONE,
    )


def find_job(client: Client, job_id: str) -> JobDetail:
    """Fetch a job; NotFound names the id."""
    with looking_for(job_id):
        return client.jobs.get(job_id)


def find_run(client: Client, run_id: str) -> RunDetail:
    """Fetch a run; NotFound names the id."""
    with looking_for(run_id):
        return client.jobs.get_run(run_id)


def jobs_of(client: Client, run: RunShown) -> list[JobShown]:
    """Fetch the jobs of a run, the first 500 of them."""
    return client.jobs.page(run_id=run["run_id"], limit=MOST_JOBS_SHOWN)["jobs"]
