"""`qgjob cancel`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from qgjob.cli.connect import connect
from qgjob.cli.exits import EPILOG
from qgjob.cli.lookup import looking_for
from qgjob.cli.options import with_settings
from qgjob.cli.say import Say, say_problem
from qgjob.core.errors import Conflict, NotFound

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from qgjob.cli.settings import Settings
    from qgjob.client import Client
    from qgjob.wire.jobs import JobShown


@click.command("cancel", epilog=EPILOG)
@click.argument("job_ids", metavar="[JOB_ID]...", nargs=-1, help="The jobs to stop, by their full ids.")
@click.option("--run-id", metavar="RUN", help="Stop every job of this run that is not finished.")
@with_settings
def cancel_command(settings: Settings, job_ids: tuple[str, ...], run_id: str | None) -> None:
    """Stop jobs.

    A waiting job is cancelled at once, a running one as soon as its agent has stopped it. A finished job keeps its
    verdict; naming one is an error (exit 2), being in the run that is stopped is none.
    """
    if bool(job_ids) == bool(run_id):
        raise click.UsageError("name either the jobs to stop or a --run-id.")
    with connect(settings) as client:
        jobs, refusals = _cancel_run(client, run_id) if run_id else _cancel(client, job_ids)
    Say(settings).result({"count": len(jobs), "jobs": jobs}, _view(jobs))
    for refusal in refusals[1:]:
        say_problem(refusal.message)
    if refusals:
        raise refusals[0]


def _cancel(client: Client, job_ids: Sequence[str]) -> tuple[list[JobShown], list[NotFound | Conflict]]:
    """Cancel each; one that cannot be is no reason to leave the others running."""
    jobs: list[JobShown] = []
    refusals: list[NotFound | Conflict] = []
    for job_id in job_ids:
        try:
            with looking_for(job_id):
                jobs.append(client.jobs.cancel(job_id))
        except (NotFound, Conflict) as refusal:
            refusals.append(refusal)
    return jobs, refusals


def _cancel_run(client: Client, run_id: str) -> tuple[list[JobShown], list[NotFound | Conflict]]:
    with looking_for(run_id):
        run = client.jobs.get_run(run_id)
    jobs, refusals = _cancel(client, run["job_ids"])
    return jobs, [refusal for refusal in refusals if not isinstance(refusal, Conflict)]


def _view(jobs: Sequence[JobShown]) -> Iterator[str]:
    for job in jobs:
        yield f"Job ID: {job['job_id']}"
        yield f"Status: {job['status'].upper()}"
