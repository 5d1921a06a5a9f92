"""`qgjob github publish`."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from qgjob.cli.connect import connect
from qgjob.cli.exits import EPILOG
from qgjob.cli.github.annotations import annotate
from qgjob.cli.github.api import GithubApi, GithubBusy, GithubRefused
from qgjob.cli.github.check import check
from qgjob.cli.github.commands import notice
from qgjob.cli.github.comment import comment
from qgjob.cli.github.files import write_outputs, write_summary
from qgjob.cli.github.lookup import look_up
from qgjob.cli.github.publish import patiently, put_check, put_comment
from qgjob.cli.github.surroundings import Place, place_in_repository, read_surroundings
from qgjob.cli.options import with_settings
from qgjob.cli.receipt import read_receipt
from qgjob.cli.say import Say, say_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from qgjob.cli.github.outcome import Outcome
    from qgjob.cli.github.surroundings import Surroundings
    from qgjob.cli.settings import Settings


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Where the outcome is told, beside the outputs of the step."""

    summary: bool
    annotations: bool
    comment: bool
    check: bool


@click.command("publish", epilog=EPILOG)
@click.option(
    "--receipt",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    help="The receipt that `qgjob run --receipt FILE` wrote.",
)
@click.option("--summary", "summary_too", is_flag=True, help="Write the summary of the job.")
@click.option("--annotations", "annotate_too", is_flag=True, help="Write an annotation for each case that failed.")
@click.option("--comment", "comment_too", is_flag=True, help="Keep one comment on the pull request up to date.")
@click.option("--check", "check_too", is_flag=True, help="Write a check run for the commit.")
@click.option(
    "--project-dir",
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path(),
    show_default=".",
    help="Where the project is, which the paths of its tests begin at.",
)
@click.option("--leg", metavar="JSON", default="", help="The leg of a matrix: the workflow's `toJSON(matrix)`.")
@click.option("--step", metavar="NAME", default="", help="Tells two steps of one job apart: `github.action`.")
@click.option("--name", metavar="NAME", default="", help="What to call it.  [default: workflow and job]")
@with_settings
def github_publish_command(
    settings: Settings,
    *,
    receipt: Path,
    summary_too: bool,
    annotate_too: bool,
    comment_too: bool,
    check_too: bool,
    project_dir: Path,
    leg: str,
    step: str,
    name: str,
) -> None:
    """Tell GitHub how a run came out. For a step of GitHub Actions, after `qgjob run`.

    It reads the GITHUB_ variables of the step, and GITHUB_TOKEN, which needs `pull-requests: write` for the comment and
    `checks: write` for the check. What GitHub does not let it write is a notice: the colour of the job is that of
    `qgjob run`. The outputs `run-id`, `status` and `report-url` are always written.
    """
    surroundings = read_surroundings(os.environ, Place(leg=leg, step=step, name=name))
    place = place_in_repository(surroundings.workspace, project_dir)
    with connect(settings) as client:
        outcome = look_up(client, read_receipt(receipt), place=place)
    wanted = Wanted(summary=summary_too, annotations=annotate_too, comment=comment_too, check=check_too)
    write_outputs(surroundings, outcome)
    if wanted.summary:
        write_summary(surroundings, outcome)
    for line in annotate(outcome) if wanted.annotations else ():
        say_text(line)
    _tell_by_api(Say(settings), surroundings, outcome, wanted)


def _tell_by_api(say: Say, surroundings: Surroundings, outcome: Outcome, wanted: Wanted) -> None:
    tells_pull_request = wanted.comment and surroundings.pull_request is not None
    if not (tells_pull_request or wanted.check):
        return
    if surroundings.token is None:
        say_text(notice("No comment and no check were written: the step has no GITHUB_TOKEN in its environment."))
        return
    with GithubApi(surroundings.api_url, token=surroundings.token) as api:
        if tells_pull_request:
            text = comment(outcome, surroundings)
            _try(say, lambda: put_comment(api, surroundings, text), "comment", "pull-requests: write", surroundings)
        if wanted.check:
            wished = check(outcome, surroundings)
            _try(say, lambda: put_check(api, surroundings, wished), "check", "checks: write", surroundings)


def _try(say: Say, deed: Callable[[], str], what: str, permission: str, surroundings: Surroundings) -> None:
    """Do it, or say in a notice why it could not be done."""
    try:
        say.progress(f"GitHub: {patiently(deed)}")
    except GithubRefused as refusal:
        say_text(notice(f"No {what} was written. {_why(refusal, permission, surroundings)}"))
    except GithubBusy as busy:
        say_text(notice(f"No {what} was written: GitHub was away or had too many requests. {busy.message}"))


def _why(refusal: GithubRefused, permission: str, surroundings: Surroundings) -> str:
    if not refusal.is_permission:
        return f"GitHub refused it: {refusal.message}"
    if surroundings.from_fork:
        return (
            f"It needs `{permission}`, and to pull requests from forks GitHub gives a token that only reads; "
            f"the summary of the job has everything. {refusal.message}"
        )
    return f"The job needs `permissions: {permission}` in its workflow. {refusal.message}"
