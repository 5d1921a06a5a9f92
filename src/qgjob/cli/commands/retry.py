"""`qgjob retry`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from qgjob.cli.connect import connect
from qgjob.cli.exits import EPILOG
from qgjob.cli.lookup import looking_for
from qgjob.cli.options import with_settings
from qgjob.cli.say import Say
from qgjob.core.errors import Conflict, NotFound
from qgjob.core.words import JobStatus

if TYPE_CHECKING:
    from qgjob.cli.settings import Settings
    from qgjob.client import Client


@click.command("retry", epilog=EPILOG)
@click.argument("name", metavar="ID", help="The job or the run, by its full id.")
@click.option("--failed", is_flag=True, help="Only what did not pass.")
@with_settings
def retry_command(settings: Settings, *, name: str, failed: bool) -> None:
    """Submit a finished job again, or the jobs of a finished run.

    They become new jobs in a new run; the old ones keep their verdicts.
    """
    say = Say(settings)
    with connect(settings) as client, looking_for(name):
        try:
            _retry_job(client, say, name, failed=failed)
        except NotFound as refusal:
            _retry_run(client, say, name, refusal, failed=failed)


def _retry_job(client: Client, say: Say, job_id: str, *, failed: bool) -> None:
    if failed and client.jobs.get(job_id)["status"] == JobStatus.COMPLETED:
        raise Conflict(f"Job {job_id} passed: there is nothing to submit again. Without --failed it is.")
    accepted = client.jobs.retry(job_id)
    say.result(accepted, [f"Job ID: {accepted['job_id']}", f"Status: {accepted['status'].upper()}"])


def _retry_run(client: Client, say: Say, run_id: str, no_job: NotFound, *, failed: bool) -> None:
    try:
        accepted = client.jobs.retry_run(run_id, failed=failed)
    except NotFound:
        raise no_job from None
    lines = [f"Job ID: {job_id}" for job_id in accepted["job_ids"]]
    say.result(accepted, [f"Run ID: {accepted['run_id']}", f"Status: {JobStatus.PENDING.upper()}", *lines])
    say.progress(f"Follow it with: qgjob status --run-id {accepted['run_id']} --watch")
