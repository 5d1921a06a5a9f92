"""`qgjob flaky`, and what there is to do about a case that is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from qgjob.cli.cases import find_case, find_mute
from qgjob.cli.connect import connect
from qgjob.cli.exits import EPILOG
from qgjob.cli.lazy import Entry, LazyGroup
from qgjob.cli.options import org_of, org_option, with_settings
from qgjob.cli.parameters import MomentType
from qgjob.cli.say import Say
from qgjob.cli.views.history import cases_table, mutes_table

if TYPE_CHECKING:
    from datetime import datetime

    from qgjob.cli.settings import Settings

_HERE = "qgjob.cli.commands.flaky"
_ORDERS = ("flaky", "slowest", "slowing", "failing", "recent")
_SHOWN = 20
_CASE_HELP = "The case: its id, or part of `file › title` that no other case has."


@click.group(
    "flaky",
    cls=LazyGroup,
    entries={
        "list": Entry(target=f"{_HERE}:list_command", summary="List cases by how they did in their last runs."),
        "mute": Entry(
            target=f"{_HERE}:mute_command", summary="Let a case run and decide nothing until somebody has mended it."
        ),
        "unmute": Entry(target=f"{_HERE}:unmute_command", summary="Let a case decide again."),
        "mutes": Entry(
            target=f"{_HERE}:mutes_command", summary="List the cases that are muted, and who is to mend them."
        ),
    },
    invoke_without_command=True,
    epilog=EPILOG,
)
@org_option
@with_settings
def flaky_command(settings: Settings) -> None:
    """Show the flakiest cases of an org, or mute one.

    The score is the share of the last 30 runs in which a case passed only on a retry, or came out otherwise than the
    time before on the same app version and kind of device.
    """
    if click.get_current_context().invoked_subcommand is None:
        _list(settings, order="flaky", limit=_SHOWN)


@click.command("list", epilog=EPILOG)
@org_option
@click.option(
    "--order",
    type=click.Choice(_ORDERS),
    default="flaky",
    show_default=True,
    help="What to list them by; those that have none of it are left out.",
)
@click.option(
    "--limit",
    metavar="N",
    type=click.IntRange(min=1, max=500),
    default=_SHOWN,
    show_default=True,
    help="At most so many.",
)
@with_settings
def list_command(settings: Settings, *, order: str, limit: int) -> None:
    """List cases by how they did in their last runs: the flakiest, the slowest, those that slow down, and so on."""
    _list(settings, order=order, limit=limit)


@click.command("mute", epilog=EPILOG)
@click.argument("case", metavar="CASE", help=_CASE_HELP)
@org_option
@click.option("--owner", metavar="NAME", required=True, help="Who is to mend it.")
@click.option(
    "--until", type=MomentType(), required=True, help="Until when at most, as 30d or an ISO 8601 time; a year at most."
)
@click.option("--reason", metavar="TEXT", help="Why, perhaps with the address of an issue.")
@with_settings
def mute_command(settings: Settings, *, case: str, owner: str, until: datetime, reason: str | None) -> None:
    """Let a case run and decide nothing until somebody has mended it.

    A job in which nothing else failed or was flaky counts as passed in exit codes. Jobs that have ended stay as they
    are. Muting it again says anew until when.
    """
    org = org_of(settings)
    with connect(settings) as client:
        case_id = find_case(client, org, case)
        mute = client.cases.mute(org, case_id, {"owner": owner, "until": until.isoformat(), "reason": reason})
    Say(settings).result(mute, [mutes_table([mute])])


@click.command("unmute", epilog=EPILOG)
@click.argument("case", metavar="CASE", help=_CASE_HELP)
@org_option
@with_settings
def unmute_command(settings: Settings, *, case: str) -> None:
    """Let a case decide again, in jobs that end from now on."""
    org = org_of(settings)
    say = Say(settings)
    with connect(settings) as client:
        mute = client.cases.unmute(org, find_mute(client, org, case))
    say.result(mute, [mutes_table([mute])])
    say.progress("It decides again; this is the mute that it had.")


@click.command("mutes", epilog=EPILOG)
@org_option
@with_settings
def mutes_command(settings: Settings) -> None:
    """List the cases that are muted, and who is to mend them, by when that ends."""
    with connect(settings) as client:
        mutes = client.cases.mutes(org_of(settings))
    Say(settings).result(mutes, [mutes_table(mutes["mutes"])])


def _list(settings: Settings, *, order: str, limit: int) -> None:
    say = Say(settings)
    with connect(settings) as client:
        page = client.cases.of_org(org_of(settings), order=order, limit=limit)
    say.result(page, [cases_table(page["cases"])])
    if page["next_cursor"]:
        say.progress(f"These are the first {page['count']}; --limit shows more.")
    if not page["cases"]:
        say.progress("No case has any of that in its last runs.")
