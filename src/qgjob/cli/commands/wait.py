"""`qgjob wait`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Unpack

import click

from qgjob.cli.connect import connect
from qgjob.cli.exits import EPILOG
from qgjob.cli.options import with_settings
from qgjob.cli.running.signals import OnSignal
from qgjob.cli.running.waiting import WaitOptions, chosen_wait, open_logbook, wait_for_run, waiting_options
from qgjob.cli.running.walk import Walk
from qgjob.cli.say import Say
from qgjob.cli.submission.project import find_project

if TYPE_CHECKING:
    from qgjob.cli.settings import Settings


class _Options(WaitOptions):
    """The command line as Click hands it over."""

    run_id: str


@click.command("wait", epilog=EPILOG)
@click.argument("run_id", metavar="RUN")
@waiting_options(elsewhere=OnSignal.DETACH)
@with_settings
def wait_command(settings: Settings, /, **options: Unpack[_Options]) -> None:
    """Wait for the end of a run, as `qgjob run` does.

    RUN is its full id. Progress, reports and exit codes are the same.
    """
    say = Say(settings)
    logbook = open_logbook(settings, say, options, org_id=None)
    with logbook.of_errors(), connect(settings) as client:
        walk = Walk(settings=settings, client=client, say=say, logbook=logbook)
        code = wait_for_run(
            walk,
            options["run_id"],
            chosen_wait(say, options, project=find_project(Path.cwd()), elsewhere=OnSignal.DETACH),
        )
    click.get_current_context().exit(code)
