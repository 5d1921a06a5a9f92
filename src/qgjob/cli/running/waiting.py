"""What `qgjob run`, `wait` and `retry --wait` share: their options, and waiting for a run by its id."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, ParamSpec, TypedDict, TypeVar

import click

from qgjob.cli.ci import is_ci
from qgjob.cli.follow import Patience
from qgjob.cli.options import strictness_options, wait_options
from qgjob.cli.receipt import check_place
from qgjob.cli.running.ending import Logbook
from qgjob.cli.running.reporting import Wanted, flat, report_option, reporter
from qgjob.cli.running.signals import OnSignal
from qgjob.cli.running.telling import Awaited
from qgjob.cli.running.walk import Wait, Walk
from qgjob.cli.standing import find_run, jobs_of
from qgjob.cli.verdicts import Strictness

if TYPE_CHECKING:
    from collections.abc import Callable

    from qgjob.cli.say import Say
    from qgjob.cli.settings import Settings
    from qgjob.cli.submission.project import Project
    from qgjob.core.outcome import ExitCode

P = ParamSpec("P")
R = TypeVar("R")


class WaitOptions(TypedDict):
    """The command line as Click hands it over."""

    on_signal: str | None
    receipt: Path | None
    reports: Wanted
    poll_interval: float
    timeout: float | None
    fail_on_flaky: bool
    infra_as_failure: bool


def waiting_options(*, elsewhere: OnSignal) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Add the options of `WaitOptions`; `elsewhere` is what a signal does where no terminal can be asked."""

    def decorate(command: Callable[P, R]) -> Callable[P, R]:
        command = strictness_options(command)
        command = wait_options(command)
        command = report_option(command)
        for option in (
            click.option(
                "--receipt",
                metavar="FILE",
                type=click.Path(path_type=Path),
                help="Write which run it is and how it ended to this JSON file, whatever the end is.",
            ),
            click.option(
                "--on-signal",
                type=click.Choice([choice.value for choice in OnSignal]),
                help="What SIGINT and SIGTERM do to the run.  [default: ask on a terminal, where SIGTERM cancels; "
                f"{elsewhere.value} elsewhere]",
            ),
        ):
            command = option(command)
        return command

    return decorate


def open_logbook(settings: Settings, say: Say, options: WaitOptions, *, org_id: str | None) -> Logbook:
    """Begin to keep the receipt, if one is wanted; ConfigurationError when it could not be written."""
    if options["receipt"] is not None:
        check_place(options["receipt"])
    return Logbook(say, receipt=options["receipt"], server_url=settings.server_url, org_id=org_id)


def chosen_wait(say: Say, options: WaitOptions, *, project: Project | None, elsewhere: OnSignal) -> Wait:
    """Put together how to wait. Unless something is said a terminal asks what a signal means; `elsewhere`: the rest."""
    on_terminal = sys.stdin is not None and sys.stdin.isatty() and not is_ci(os.environ)
    usual = OnSignal.ASK if on_terminal else elsewhere
    return Wait(
        patience=Patience(poll_interval_s=options["poll_interval"], timeout_s=options["timeout"]),
        strictness=Strictness(fail_on_flaky=options["fail_on_flaky"], infra_as_failure=options["infra_as_failure"]),
        on_signal=OnSignal(options["on_signal"]) if options["on_signal"] else usual,
        report=reporter(say, flat(options["reports"]), project=project),
    )


def wait_for_run(walk: Walk, run_id: str, wait: Wait) -> ExitCode:
    """Wait for a run that is there already. NotFound names the id."""

    def awaited() -> Awaited:
        run = find_run(walk.client, run_id)
        walk.trail.run_id = run["run_id"]
        walk.logbook.accepted(run["run_id"], org_id=run["org_id"])
        tests = {job["job_id"]: job["payload"]["test_path"] for job in jobs_of(walk.client, run)}
        return Awaited(run_id=run["run_id"], tests=tests, jobs=len(run["job_ids"]), cases=None)

    return walk.wait_and_tell(awaited, wait)
