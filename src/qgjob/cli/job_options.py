"""The options that `qgjob submit` and `qgjob run` share: how jobs are to be run, and of which project."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, ParamSpec, TypedDict, TypeVar

import click

from qgjob.cli.parameters import DeadlineType, PairType, PriorityType, RangeType
from qgjob.cli.submission.terms import JobTerms
from qgjob.core.words import Platform, Priority, ResetMode

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

P = ParamSpec("P")
R = TypeVar("R")


class JobOptions(TypedDict):
    """The command line as Click hands it over. `max_retries` is an option of each command's own name."""

    org_id: str | None
    priority: Priority
    platform: str | None
    os_version: str | None
    model: str | None
    pin: str | None
    only: bool
    require_worker: bool
    project_dir: Path | None
    app: Path | None
    reset: str
    max_retries: int | None
    retry_budget: int | None
    run_timeout: float | None
    idle_timeout: float | None
    queue_timeout: float | None
    deadline: float | datetime | None
    supersede: str | None
    metadata: tuple[tuple[str, str], ...]


_OPTIONS = (
    click.option("--org-id", metavar="ORG", help="Org to submit for.  [default: QGJOB_ORG]"),
    click.option(
        "--priority", type=PriorityType(), default=Priority.NORMAL.value, show_default=True, help="How soon to run."
    ),
    click.option(
        "--platform",
        type=click.Choice([platform.value for platform in Platform]),
        help="Platform to test, where the app version is there for both.",
    ),
    click.option(
        "--os-version",
        metavar="RANGE",
        type=RangeType(),
        help="OS version of the device: 14, which means 14.1 as well, or bounds such as '>=13,<15'.",
    ),
    click.option("--model", metavar="MODEL", help="Model of the device, in any case."),
    click.option(
        "--on",
        "pin",
        metavar="DEVICE|tag:TAG",
        help="Rather run on this device (its worker id, name or serial), or on one with this tag, while one is free.",
    ),
    click.option("--only", is_flag=True, help="With --on: run there or nowhere."),
    click.option(
        "--require-worker",
        is_flag=True,
        help="Submit nothing while no worker could serve it (exit 2), instead of waiting.",
    ),
    click.option(
        "--project-dir",
        metavar="DIR",
        type=click.Path(path_type=Path, file_okay=False, exists=True),
        help="The Appwright project.  [default: the nearest one from the current folder upwards]",
    ),
    click.option(
        "--app",
        metavar="FILE",
        type=click.Path(path_type=Path, dir_okay=False, exists=True),
        help="APK or IPA to upload as this app version.  [default: the config's buildPath, if the version is not "
        "known]",
    ),
    click.option(
        "--reset",
        type=click.Choice([mode.value for mode in ResetMode]),
        default=ResetMode.CLEAR.value,
        show_default=True,
        help="The app's data between two cases: cleared, kept, or the app installed afresh for each lease.",
    ),
    click.option(
        "--retry-budget",
        metavar="N",
        type=click.IntRange(0, 100_000),
        help="Retries of failed tests that all jobs submitted here may have together.  [default: as many as each has]",
    ),
    click.option(
        "--run-timeout",
        metavar="SECONDS",
        type=click.FloatRange(min=0, min_open=True, max=86400),
        help="End a job that runs longer, as timed out.",
    ),
    click.option(
        "--idle-timeout",
        metavar="SECONDS",
        type=click.FloatRange(min=0, min_open=True, max=86400),
        help="End a job that gives no sign of life for so long, as timed out.  [default: 360]",
    ),
    click.option(
        "--queue-timeout",
        metavar="SECONDS",
        type=click.FloatRange(min=0, min_open=True, max=30 * 86400),
        help="Cancel a job that no worker takes within this time.  [default: it waits as long as it takes]",
    ),
    click.option(
        "--deadline",
        metavar="WHEN",
        type=DeadlineType(),
        help="When the results should be there, as 20m (from now) or an ISO time; it brings the jobs forward in line.",
    ),
    click.option(
        "--supersede",
        metavar="KEY",
        help="Take the place of older runs with this key, a branch for example: what has not begun of them is "
        "cancelled.",
    ),
    click.option(
        "--metadata",
        metavar="KEY=VALUE",
        type=PairType(),
        multiple=True,
        help="Kept with the job; several are allowed.",
    ),
)


def job_options(command: Callable[P, R]) -> Callable[P, R]:
    """Add the options of `JobOptions`, save `--max-retries`."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def chosen_org(options: JobOptions, org: str | None) -> str:
    """Take the org that the command line names, else that of the settings; UsageError without any."""
    org_id = options["org_id"] or org
    if not org_id:
        raise click.UsageError("which org? Say --org-id ORG, or set QGJOB_ORG.")
    return org_id


def job_terms(options: JobOptions, *, grep: str | None = None, metadata: Mapping[str, str] | None = None) -> JobTerms:
    """Put together how the jobs are to be run. `metadata`: kept with them besides, unless the user says otherwise."""
    if options["only"] and not options["pin"]:
        raise click.UsageError("--only says nothing without --on: name a device, or tag:TAG.")
    return JobTerms(
        priority=options["priority"],
        reset=ResetMode(options["reset"]),
        max_retries=options["max_retries"],
        retry_budget=options["retry_budget"],
        run_timeout_s=options["run_timeout"],
        idle_timeout_s=options["idle_timeout"],
        queue_timeout_s=options["queue_timeout"],
        only=options["only"],
        require_worker=options["require_worker"],
        deadline=options["deadline"],
        supersede=options["supersede"],
        grep=grep,
        metadata={**(metadata or {}), **dict(options["metadata"])},
    )
