"""`qgjob explain`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from qgjob.cli.connect import connect
from qgjob.cli.exits import EPILOG
from qgjob.cli.options import with_settings
from qgjob.cli.say import Say
from qgjob.cli.views.explained import job_explained, worker_explained
from qgjob.cli.views.moments import here_and_now
from qgjob.core.errors import NotFound

if TYPE_CHECKING:
    from qgjob.cli.settings import Settings
    from qgjob.client import Client
    from qgjob.wire.prospects import WorkerExplained


@click.command("explain", epilog=EPILOG)
@click.argument("name", metavar="JOB_ID|WORKER_ID", help="The job or the worker, by its full id.")
@with_settings
def explain_command(settings: Settings, *, name: str) -> None:
    """Say why a job waits and when it is done, or why a worker does what it does.

    Of a job also why it was given to each worker that had it; of a worker why it took what it took last.
    """
    say = Say(settings)
    with connect(settings) as client:
        try:
            job = client.jobs.explain(name)
        except NotFound:
            worker = _worker(client, name)
        else:
            say.result(job, job_explained(job, now=here_and_now()))
            return
    say.result(worker, worker_explained(worker))


def _worker(client: Client, name: str) -> WorkerExplained:
    try:
        return client.workers.explain(name)
    except NotFound:
        raise NotFound(f"There is no job and no worker {name}.") from None
