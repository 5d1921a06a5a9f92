"""`qgjob status`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from qgjob.cli.connect import connect
from qgjob.cli.exits import EPILOG
from qgjob.cli.follow import Patience, Watched
from qgjob.cli.options import strictness_options, wait_options, with_settings
from qgjob.cli.say import Say
from qgjob.cli.standing import Standing, find_job, find_run, job_standing, jobs_of, run_standing
from qgjob.cli.verdicts import Strictness
from qgjob.cli.watch import watch

if TYPE_CHECKING:
    from qgjob.cli.settings import Settings
    from qgjob.client import Client


@click.command("status", epilog=EPILOG)
@click.argument("job", metavar="[JOB_ID]", required=False, help="The job to show, by its full id.")
@click.option("--job-id", metavar="JOB_ID", help="The same as the argument.")
@click.option("--run-id", metavar="RUN_ID", help="Show a whole run: the jobs submitted together.")
@click.option("--watch", "is_watch", is_flag=True, help="Follow it to its end.")
@wait_options
@strictness_options
@with_settings
def status_command(
    settings: Settings,
    *,
    job: str | None,
    job_id: str | None,
    run_id: str | None,
    is_watch: bool,
    poll_interval: float,
    timeout: float | None,
    fail_on_flaky: bool,
    infra_as_failure: bool,
) -> None:
    """Show how a job or a run stands, or follow it to its end.

    That is: verdict, attempts, cases, what the failures said, and where the evidence is. While it is still going
    the exit code is 0; when it is finished, its verdict's.
    """
    named = [name for name in (job, job_id, run_id) if name]
    if len(named) != 1:
        raise click.UsageError("name one job or one --run-id.")
    say = Say(settings)
    patience = Patience(poll_interval_s=poll_interval, timeout_s=timeout) if is_watch else None
    strictness = Strictness(fail_on_flaky=fail_on_flaky, infra_as_failure=infra_as_failure)
    with connect(settings) as client:
        stand = _run if run_id else _job
        standing = stand(client, say, named[0], patience, strictness)
    say.result(standing.document, standing.view)
    click.get_current_context().exit(standing.exit_code)


def _job(client: Client, say: Say, job_id: str, patience: Patience | None, strictness: Strictness) -> Standing:
    job = find_job(client, job_id)
    if patience is not None:
        watched = Watched(run_id=job["run_id"], job_id=job["job_id"])
        watch(client, say, watched, patience=patience, tests={job["job_id"]: job["payload"]["test_path"]})
        job = find_job(client, job_id)
    return job_standing(client, job, strictness)


def _run(client: Client, say: Say, run_id: str, patience: Patience | None, strictness: Strictness) -> Standing:
    run = find_run(client, run_id)
    if patience is not None:
        tests = {job["job_id"]: job["payload"]["test_path"] for job in jobs_of(client, run)}
        watch(client, say, Watched(run_id=run["run_id"]), patience=patience, tests=tests)
        run = find_run(client, run_id)
    return run_standing(client, run, strictness)
