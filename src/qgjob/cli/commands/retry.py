"""`qgjob retry`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from qgjob.cli.connect import connect
from qgjob.cli.exits import EPILOG
from qgjob.cli.lookup import looking_for
from qgjob.cli.options import with_settings
from qgjob.cli.say import Say

if TYPE_CHECKING:
    from qgjob.cli.settings import Settings


@click.command("retry", epilog=EPILOG)
@click.argument("job_id", help="The job, by its full id.")
@with_settings
def retry_command(settings: Settings, job_id: str) -> None:
    """Submit a finished job again.

    It becomes a new job; the old one keeps its verdict.
    """
    with connect(settings) as client, looking_for(job_id):
        accepted = client.jobs.retry(job_id)
    Say(settings).result(accepted, [f"Job ID: {accepted['job_id']}", f"Status: {accepted['status'].upper()}"])
