"""`qgjob history`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from qgjob.cli.cases import find_case
from qgjob.cli.connect import connect
from qgjob.cli.exits import EPILOG
from qgjob.cli.options import org_of, org_option, with_settings
from qgjob.cli.say import Say
from qgjob.cli.views.history import history_view

if TYPE_CHECKING:
    from qgjob.cli.settings import Settings


@click.command("history", epilog=EPILOG)
@click.argument(
    "case",
    metavar="CASE",
    required=False,
    help="The case: its id, or part of `file › title` that no other case has.",
)
@org_option
@with_settings
def history_command(settings: Settings, *, case: str | None) -> None:
    """Show how a case did in its last runs.

    For each what it came to, how that compares with the run before, and how long it took.
    """
    if not case:
        raise click.UsageError("the history of which case? Say its id or its title; qgjob flaky list names cases.")
    org = org_of(settings)
    with connect(settings) as client:
        history = client.cases.history(org, find_case(client, org, case))
    Say(settings).result(history, history_view(history))
