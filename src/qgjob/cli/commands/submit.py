"""`qgjob submit`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Unpack

import click

from qgjob.cli.connect import connect
from qgjob.cli.exits import EPILOG, Interrupted, WaitTimedOut
from qgjob.cli.follow import Patience, Watched
from qgjob.cli.job_options import JobOptions, chosen_org, job_options, job_terms
from qgjob.cli.options import strictness_options, wait_options, with_settings
from qgjob.cli.say import Say
from qgjob.cli.standing import Standing, find_job, find_run, job_standing, run_standing
from qgjob.cli.submission.project import find_project, named_project
from qgjob.cli.submission.specs import find_spec
from qgjob.cli.submission.submit import Submission, Submitted, submit
from qgjob.cli.submission.terms import WantedDevice
from qgjob.cli.verdicts import Strictness
from qgjob.cli.views.accepted import accepted_document, accepted_view, unserved_view
from qgjob.cli.watch import watch
from qgjob.core.job import MOST_RETRIES
from qgjob.core.words import Platform, Target

if TYPE_CHECKING:
    from qgjob.cli.settings import Settings
    from qgjob.client import Client


class _Options(JobOptions):
    """The command line as Click hands it over."""

    app_version_id: str
    tests: tuple[str, ...]
    grep: str | None
    target: str
    tags: tuple[str, ...]
    no_bundle: bool
    appwright_project: str | None
    wait: bool
    poll_interval: float
    timeout: float | None
    fail_on_flaky: bool
    infra_as_failure: bool


@click.command("submit", epilog=EPILOG)
@click.option("--app-version-id", metavar="VERSION", required=True, help="App version to test.")
@click.option(
    "--test",
    "tests",
    metavar="PATH",
    multiple=True,
    required=True,
    help="Spec file, a line of one (FILE:LINE), or a quoted glob such as 'tests/**/*.spec.ts'; several are allowed.",
)
@click.option("--grep", metavar="RE", help="Of these tests only those that Playwright's --grep picks.")
@click.option(
    "--target",
    type=click.Choice([target.value for target in Target]),
    default=Target.EMULATOR.value,
    show_default=True,
    help="Kind of device to run on.",
)
@click.option("--tag", "tags", metavar="TAG", multiple=True, help="Tag that the device must have; several are allowed.")
@click.option(
    "--no-bundle", is_flag=True, help="Send neither project nor app: for workers that have a checkout of their own."
)
@click.option(
    "--appwright-project", metavar="NAME", help="Project of the Appwright config to run.  [default: the first]"
)
@click.option(
    "--max-retries",
    metavar="N",
    type=click.IntRange(0, MOST_RETRIES),
    help=f"Retries of a failed test, 0 to {MOST_RETRIES}.  [default: the project's, else 2]",
)
@job_options
@click.option("--wait", is_flag=True, help="Wait for the verdict, and exit with its code.")
@wait_options
@strictness_options
@with_settings
def submit_command(settings: Settings, /, **options: Unpack[_Options]) -> None:
    """Submit tests of an Appwright project, and wait for them if asked to.

    Inside an Appwright project the project is packed without node_modules and what git ignores, and uploaded once; the
    app that its config names as buildPath is uploaded when the app version is not known yet.
    """
    say = Say(settings)
    submission = _submission(settings, options)
    if submission.project is None:
        say.progress(
            "No Appwright project here: submitting without one, for workers that have a checkout of their own."
        )
    with connect(settings) as client:
        client.farm.health()  # a server that is away is told before a large project is packed
        submitted = submit(client, say, submission)
        for sentence in unserved_view(submitted):
            say.progress(sentence)
        if options["wait"]:
            standing = _waited_for(client, say, submitted, options)
            say.result(standing.document, standing.view)
            click.get_current_context().exit(standing.exit_code)
    say.result(accepted_document(submitted), accepted_view(submitted))
    say.progress(f"Follow it with: {_watched(submitted).resume_command}")


def _submission(settings: Settings, options: _Options) -> Submission:
    """Read the command line; everything wrong with it is found here, before the server is asked."""
    org_id, terms = chosen_org(options, settings.org), job_terms(options, grep=options["grep"])
    cwd = Path.cwd()
    project = named_project(options["project_dir"]) if options["project_dir"] else find_project(cwd)
    platform = options["platform"]
    return Submission(
        org_id=org_id,
        app_version_id=options["app_version_id"],
        specs=[find_spec(written, cwd=cwd, project=project) for written in options["tests"]],
        cwd=cwd,
        project=project,
        send_bundle=not options["no_bundle"],
        app=options["app"],
        platform=Platform(platform) if platform else None,
        appwright_project=options["appwright_project"],
        device=WantedDevice(
            target=Target(options["target"]),
            os_version=options["os_version"],
            model=options["model"],
            tags=options["tags"],
            pin=options["pin"],
        ),
        terms=terms,
    )


def _waited_for(client: Client, say: Say, submitted: Submitted, options: _Options) -> Standing:
    """Wait for the run to finish. The ids are said in any case: before the wait, and in JSON when it is cut short."""
    if not say.in_json:
        say.result(accepted_document(submitted), accepted_view(submitted))
    patience = Patience(poll_interval_s=options["poll_interval"], timeout_s=options["timeout"])
    try:
        watch(client, say, _watched(submitted), patience=patience, tests=submitted.tests)
    except (WaitTimedOut, Interrupted):
        if say.in_json:
            say.result(accepted_document(submitted), ())
        raise
    strictness = Strictness(fail_on_flaky=options["fail_on_flaky"], infra_as_failure=options["infra_as_failure"])
    standing = run_standing(client, find_run(client, submitted.run_id), strictness)
    if len(submitted.tests) > 1:
        return standing
    only = find_job(client, next(iter(submitted.tests)))
    return replace(standing, view=job_standing(client, only, strictness).view)


def _watched(submitted: Submitted) -> Watched:
    """Watch the job if it is the only one: its id is the one that was printed."""
    job_id = next(iter(submitted.tests)) if len(submitted.tests) == 1 else None
    return Watched(run_id=submitted.run_id, job_id=job_id)
