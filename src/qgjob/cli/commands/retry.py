"""`qgjob retry`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Unpack

import click

from qgjob.cli.connect import connect
from qgjob.cli.exits import EPILOG
from qgjob.cli.follow import Watched
from qgjob.cli.lookup import looking_for
from qgjob.cli.options import with_settings
from qgjob.cli.running.signals import OnSignal
from qgjob.cli.running.waiting import WaitOptions, chosen_wait, open_logbook, wait_for_run, waiting_options
from qgjob.cli.running.walk import Walk
from qgjob.cli.say import Say
from qgjob.cli.submission.project import find_project
from qgjob.core.errors import Conflict, NotFound
from qgjob.core.words import JobStatus

if TYPE_CHECKING:
    from qgjob.cli.settings import Settings
    from qgjob.client import Client
    from qgjob.wire.jobs import JobAccepted, RunAccepted


class _Options(WaitOptions):
    """The command line as Click hands it over."""

    name: str
    failed: bool
    is_wait: bool


@click.command("retry", epilog=EPILOG)
@click.argument("name", metavar="ID")
@click.option("--failed", is_flag=True, help="Only what did not pass.")
@click.option("--wait", "is_wait", is_flag=True, help="Wait for the new run as `qgjob run` does.")
@waiting_options(elsewhere=OnSignal.CANCEL)
@with_settings
def retry_command(settings: Settings, /, **options: Unpack[_Options]) -> None:
    """Submit a finished job again, or the jobs of a finished run.

    ID is the full id of either. They become new jobs in a new run; the old ones keep their verdicts.
    """
    say = Say(settings)
    logbook = open_logbook(settings, say, options, org_id=None)
    with logbook.of_errors(), connect(settings) as client:
        with looking_for(options["name"]):
            run_id = _retried(client, say, options)
        if options["is_wait"]:
            walk = Walk(settings=settings, client=client, say=say, logbook=logbook)
            wait = chosen_wait(say, options, project=find_project(Path.cwd()), elsewhere=OnSignal.CANCEL)
            click.get_current_context().exit(wait_for_run(walk, run_id, wait))
    say.progress(f"Follow it with: {Watched(run_id=run_id).resume_command}")


def _retried(client: Client, say: Say, options: _Options) -> str:
    """Submit the job of this id again, or else the run; return the new run's id."""
    try:
        return _retried_job(client, say, options)
    except NotFound as refusal:
        return _retried_run(client, say, options, refusal)


def _retried_job(client: Client, say: Say, options: _Options) -> str:
    job_id = options["name"]
    if options["failed"] and client.jobs.get(job_id)["status"] == JobStatus.COMPLETED:
        raise Conflict(f"Job {job_id} passed: there is nothing to submit again. Without --failed it is.")
    accepted = client.jobs.retry(job_id)
    lines = [f"Job ID: {accepted['job_id']}", f"Status: {accepted['status'].upper()}"]
    _tell(say, accepted, lines, options)
    return client.jobs.get(accepted["job_id"], prospect=False)["run_id"]


def _retried_run(client: Client, say: Say, options: _Options, no_job: NotFound) -> str:
    try:
        accepted = client.jobs.retry_run(options["name"], failed=options["failed"])
    except NotFound:
        raise no_job from None
    lines = [f"Job ID: {job_id}" for job_id in accepted["job_ids"]]
    _tell(say, accepted, [f"Run ID: {accepted['run_id']}", f"Status: {JobStatus.PENDING.upper()}", *lines], options)
    return accepted["run_id"]


def _tell(say: Say, accepted: JobAccepted | RunAccepted, lines: list[str], options: _Options) -> None:
    """Tell what was accepted: as an event where more of them follow."""
    if options["is_wait"]:
        say.event({"event": "accepted", "run": accepted})
    if not (options["is_wait"] and say.in_json):
        say.result(accepted, lines)
