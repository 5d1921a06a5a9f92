"""`qgjob submit`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict, Unpack

import click

from qgjob.cli.connect import connect
from qgjob.cli.exits import EPILOG, Interrupted, WaitTimedOut
from qgjob.cli.follow import Patience, Watched
from qgjob.cli.options import strictness_options, wait_options, with_settings
from qgjob.cli.parameters import MomentType, PairType, PriorityType, RangeType
from qgjob.cli.say import Say
from qgjob.cli.standing import Standing, find_job, find_run, job_standing, run_standing
from qgjob.cli.submission.project import find_project, named_project
from qgjob.cli.submission.specs import find_spec
from qgjob.cli.submission.submit import JobTerms, Submission, Submitted, submit
from qgjob.cli.verdicts import Strictness
from qgjob.cli.views.accepted import accepted_document, accepted_view, unserved_view
from qgjob.cli.watch import watch
from qgjob.core.job import MOST_RETRIES
from qgjob.core.words import Platform, Priority, ResetMode, Target

if TYPE_CHECKING:
    from datetime import datetime

    from qgjob.cli.settings import Settings
    from qgjob.client import Client


class _Options(TypedDict):
    """The command line as Click hands it over."""

    org_id: str | None
    app_version_id: str
    tests: tuple[str, ...]
    target: str
    priority: Priority
    platform: str | None
    os_version: str | None
    model: str | None
    tags: tuple[str, ...]
    pin: str | None
    only: bool
    require_worker: bool
    project_dir: Path | None
    app: Path | None
    no_bundle: bool
    appwright_project: str | None
    reset: str
    max_retries: int | None
    retry_budget: int | None
    run_timeout: float | None
    idle_timeout: float | None
    queue_timeout: float | None
    deadline: datetime | None
    supersede: str | None
    grep: str | None
    metadata: tuple[tuple[str, str], ...]
    wait: bool
    poll_interval: float
    timeout: float | None
    fail_on_flaky: bool
    infra_as_failure: bool


@click.command("submit", epilog=EPILOG)
@click.option("--org-id", metavar="ORG", help="Org to submit for.  [default: QGJOB_ORG]")
@click.option("--app-version-id", metavar="VERSION", required=True, help="App version to test.")
@click.option(
    "--test",
    "tests",
    metavar="PATH",
    multiple=True,
    required=True,
    help="Spec file, a line of one (FILE:LINE), or a quoted glob such as 'tests/**/*.spec.ts'; several are allowed.",
)
@click.option("--grep", metavar="REGEX", help="Of these tests only those that Playwright's --grep picks.")
@click.option(
    "--target",
    type=click.Choice([target.value for target in Target]),
    default=Target.EMULATOR.value,
    show_default=True,
    help="Kind of device to run on.",
)
@click.option(
    "--priority", type=PriorityType(), default=Priority.NORMAL.value, show_default=True, help="How soon to run."
)
@click.option(
    "--platform",
    type=click.Choice([platform.value for platform in Platform]),
    help="Platform to test, where the app version is there for both.",
)
@click.option(
    "--os-version",
    metavar="RANGE",
    type=RangeType(),
    help="OS version of the device: 14, which means 14.1 as well, or bounds such as '>=13,<15'.",
)
@click.option("--model", metavar="MODEL", help="Model of the device, in any case.")
@click.option("--tag", "tags", metavar="TAG", multiple=True, help="Tag that the device must have; several are allowed.")
@click.option(
    "--on",
    "pin",
    metavar="DEVICE|tag:TAG",
    help="Rather run on this device (its worker id, name or serial), or on one with this tag, while one is free.",
)
@click.option("--only", is_flag=True, help="With --on: run there or nowhere.")
@click.option(
    "--require-worker", is_flag=True, help="Submit nothing while no worker could serve it (exit 2), instead of waiting."
)
@click.option(
    "--project-dir",
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="The Appwright project.  [default: the nearest one from the current folder upwards]",
)
@click.option(
    "--app",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="APK or IPA to upload as this app version.  [default: the config's buildPath, if the version is not known]",
)
@click.option(
    "--no-bundle", is_flag=True, help="Send neither project nor app: for workers that have a checkout of their own."
)
@click.option(
    "--appwright-project", metavar="NAME", help="Project of the Appwright config to run.  [default: the first]"
)
@click.option(
    "--reset",
    type=click.Choice([mode.value for mode in ResetMode]),
    default=ResetMode.CLEAR.value,
    show_default=True,
    help="The app's data between two cases: cleared, kept, or the app installed afresh for each lease.",
)
@click.option(
    "--max-retries",
    metavar="N",
    type=click.IntRange(0, MOST_RETRIES),
    help=f"Retries of a failed test, 0 to {MOST_RETRIES}.  [default: the project's, else 2]",
)
@click.option(
    "--retry-budget",
    metavar="N",
    type=click.IntRange(0, 100_000),
    help="Retries of failed tests that all jobs submitted here may have together.  [default: as many as each has]",
)
@click.option(
    "--run-timeout",
    metavar="SECONDS",
    type=click.FloatRange(min=0, min_open=True, max=86400),
    help="End a job that runs longer, as timed out.",
)
@click.option(
    "--idle-timeout",
    metavar="SECONDS",
    type=click.FloatRange(min=0, min_open=True, max=86400),
    help="End a job that gives no sign of life for so long, as timed out.  [default: 360]",
)
@click.option(
    "--queue-timeout",
    metavar="SECONDS",
    type=click.FloatRange(min=0, min_open=True, max=30 * 86400),
    help="Cancel a job that no worker takes within this time.  [default: it waits as long as it takes]",
)
@click.option(
    "--deadline",
    metavar="WHEN",
    type=MomentType(),
    help="When the results should be there, as 20m (from now) or an ISO time; it brings the jobs forward in line.",
)
@click.option(
    "--supersede",
    metavar="KEY",
    help="Take the place of older runs with this key, a branch for example: what has not begun of them is cancelled.",
)
@click.option(
    "--metadata", metavar="KEY=VALUE", type=PairType(), multiple=True, help="Kept with the job; several are allowed."
)
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
    org_id = options["org_id"] or settings.org
    if not org_id:
        raise click.UsageError("which org? Say --org-id ORG, or set QGJOB_ORG.")
    if options["only"] and not options["pin"]:
        raise click.UsageError("--only says nothing without --on: name a device, or tag:TAG.")
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
        terms=JobTerms(
            target=Target(options["target"]),
            priority=options["priority"],
            reset=ResetMode(options["reset"]),
            max_retries=options["max_retries"],
            retry_budget=options["retry_budget"],
            run_timeout_s=options["run_timeout"],
            idle_timeout_s=options["idle_timeout"],
            queue_timeout_s=options["queue_timeout"],
            os_version=options["os_version"],
            model=options["model"],
            tags=options["tags"],
            pin=options["pin"],
            only=options["only"],
            require_worker=options["require_worker"],
            deadline_at=options["deadline"],
            supersede=options["supersede"],
            grep=options["grep"],
            metadata=dict(options["metadata"]),
        ),
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
