"""`qgjob run`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Unpack

import click

from qgjob.cli.ci import ci_of
from qgjob.cli.connect import connect
from qgjob.cli.exits import EPILOG
from qgjob.cli.follow import Watched
from qgjob.cli.job_options import JobOptions, chosen_org, job_options, job_terms
from qgjob.cli.options import with_settings
from qgjob.cli.running.reporting import flat
from qgjob.cli.running.signals import OnSignal
from qgjob.cli.running.waiting import WaitOptions, chosen_wait, open_logbook, waiting_options
from qgjob.cli.running.walk import Walk
from qgjob.cli.say import Say
from qgjob.cli.submission.discovery import ShardBy
from qgjob.cli.submission.grep import joined_grep
from qgjob.cli.submission.matrix import MatrixType, Terms, wanted_devices
from qgjob.cli.submission.project import find_project, named_project
from qgjob.cli.submission.run import RunOrder, look_ahead
from qgjob.cli.submission.terms import WantedDevice
from qgjob.cli.views.accepted import accepted_document, accepted_view
from qgjob.cli.views.plan import plan_view
from qgjob.core.errors import ConfigurationError
from qgjob.core.job import MOST_RETRIES
from qgjob.core.outcome import ExitCode
from qgjob.core.words import Platform, Target

if TYPE_CHECKING:
    from qgjob.cli.running.telling import Awaited
    from qgjob.cli.settings import Settings


class _Options(JobOptions, WaitOptions):
    """The command line as Click hands it over."""

    written: tuple[str, ...]
    app_version_id: str | None
    targets: tuple[str, ...]
    matrix: tuple[Terms, ...]
    appwright_project: str | None
    grep: str | None
    test_tags: tuple[str, ...]
    shard_by: str
    tags: tuple[str, ...]
    is_plan: bool
    no_wait: bool


@click.command("run", epilog=EPILOG)
@click.argument("written", metavar="[PATH[:LINE]]...", nargs=-1)
@click.option(
    "--app-version-id",
    metavar="VERSION",
    help="App version to test.  [default: QGJOB_APP_VERSION, else named by the app's own bytes]",
)
@click.option(
    "--target",
    "targets",
    type=click.Choice([target.value for target in Target]),
    multiple=True,
    help="Kind of device to run on; all tests run on each of several.  [default: emulator]",
)
@click.option(
    "--matrix",
    metavar="TERMS",
    type=MatrixType(),
    multiple=True,
    help="Also run all tests on a device such as 'target=device,os_version=>=13,<15,model=Pixel 8,tag=lab'; several "
    "are allowed.",
)
@click.option(
    "--project",
    "appwright_project",
    metavar="NAME",
    help="Project of the Appwright config to run.  [default: the first]",
)
@click.option("--grep", metavar="RE", help="Only tests whose title Playwright's --grep picks with this.")
@click.option(
    "--tag",
    "test_tags",
    metavar="TAG",
    multiple=True,
    help="Only tests with this Playwright tag, as @smoke or smoke; of several, any.",
)
@click.option(
    "--shard-by",
    type=click.Choice([shard.value for shard in ShardBy]),
    default=ShardBy.FILE.value,
    show_default=True,
    help="What becomes one job: a spec file, or each test alone.",
)
@click.option(
    "--device-tag", "tags", metavar="TAG", multiple=True, help="Tag that the device must have; several are allowed."
)
@click.option(
    "--retries",
    "max_retries",
    metavar="N",
    type=click.IntRange(0, MOST_RETRIES),
    help=f"Retries of a failed test, 0 to {MOST_RETRIES}.  [default: the project's, else 2]",
)
@job_options
@click.option("--plan", "is_plan", is_flag=True, help="Say what the run would come to; upload and submit nothing.")
@click.option("--no-wait", is_flag=True, help="Submit, print the ids, and do not wait.")
@waiting_options(elsewhere=OnSignal.CANCEL)
@with_settings
def run_command(settings: Settings, /, **options: Unpack[_Options]) -> None:
    """Find the tests of an Appwright project, run them on the farm, and wait: one line for a CI.

    PATH is a spec file, a folder, a quoted glob, or FILE:LINE for a test or block; without any it is all that the
    project's config finds. The project's own Playwright lists the tests. --grep and --tag must both pick a test.

    Project and app are uploaded once. In a CI the same attempt finds its run again; a signal cancels it.
    """
    say = Say(settings)
    logbook = open_logbook(settings, say, options, org_id=options["org_id"] or settings.org)
    with logbook.of_errors():
        order = _order(settings, options)
        with connect(settings) as client:
            walk = Walk(settings=settings, client=client, say=say, logbook=logbook)
            code = _planned(walk, order) if options["is_plan"] else _run(walk, order, options)
    click.get_current_context().exit(code)


def _run(walk: Walk, order: RunOrder, options: _Options) -> ExitCode:
    def awaited() -> Awaited | None:
        run, awaited = walk.submit(order)
        if options["no_wait"]:
            walk.say.result(accepted_document(run), accepted_view(run))
            walk.say.progress(f"Wait for it with: {Watched(run_id=run.run_id).resume_command}")
            return None
        walk.say.event({"event": "accepted", "run": accepted_document(run)})
        walk.say.progress(f"Run {run.run_id}: {len(run.tests)} job{'' if len(run.tests) == 1 else 's'}")
        return awaited

    wait = chosen_wait(walk.say, options, project=order.project, elsewhere=OnSignal.CANCEL)
    return walk.wait_and_tell(awaited, wait)


def _planned(walk: Walk, order: RunOrder) -> ExitCode:
    walk.client.farm.health()
    prospect = look_ahead(order, walk.say)
    plan = walk.client.jobs.plan(prospect.body)
    walk.say.result({**plan, "cases": prospect.cases}, plan_view(plan, cases=prospect.cases))
    return ExitCode.DONE


def _order(settings: Settings, options: _Options) -> RunOrder:
    """Read the command line; everything wrong with it is found here, before the server is asked."""
    if options["no_wait"] and options["reports"]:
        raise click.UsageError("--report needs the end of the run: leave out --no-wait, or use `qgjob report` later.")
    cwd = Path.cwd()
    project = named_project(options["project_dir"]) if options["project_dir"] else find_project(cwd)
    if project is None:
        raise ConfigurationError(
            f"there is no Appwright project at {cwd} or above it: go to its folder, or name it with --project-dir"
        )
    ci, receipt = ci_of(os.environ), options["receipt"]
    platform = options["platform"]
    base = WantedDevice(
        target=Target.EMULATOR,
        os_version=options["os_version"],
        model=options["model"],
        tags=options["tags"],
        pin=options["pin"],
    )
    return RunOrder(
        org_id=chosen_org(options, settings.org),
        written=options["written"],
        cwd=cwd,
        project=project,
        app=options["app"],
        app_version_id=options["app_version_id"] or settings.app_version_id,
        platform=Platform(platform) if platform else None,
        appwright_project=options["appwright_project"],
        shard_by=ShardBy(options["shard_by"]),
        devices=wanted_devices(base, [Target(target) for target in options["targets"]], options["matrix"]),
        terms=job_terms(options, grep=joined_grep(options["grep"], options["test_tags"]), metadata=ci.metadata()),
        attempt=ci.attempt,
        outputs=[*(report.path for report in flat(options["reports"])), *([receipt] if receipt else [])],
    )
