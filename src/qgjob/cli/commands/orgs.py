"""`qgjob orgs`, and the weight of one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from qgjob.cli.connect import connect
from qgjob.cli.exits import EPILOG
from qgjob.cli.lazy import Entry, LazyGroup
from qgjob.cli.options import with_settings
from qgjob.cli.say import Say
from qgjob.cli.views.orgs import orgs_view

if TYPE_CHECKING:
    from qgjob.cli.settings import Settings


@click.group(
    "orgs",
    cls=LazyGroup,
    entries={
        "weigh": Entry(
            target="qgjob.cli.commands.orgs:weigh_command",
            summary="Give an org a weight against the others.",
        ),
    },
    invoke_without_command=True,
    epilog=EPILOG,
)
@with_settings
def orgs_command(settings: Settings) -> None:
    """Show the orgs of the farm, or give one a weight.

    For each its weight, and what it has outstanding of each requirement: jobs that have not ended, and about how long
    they take all together.
    """
    if click.get_current_context().invoked_subcommand is not None:
        return
    with connect(settings) as client:
        page = client.orgs.all()
    Say(settings).result(page, orgs_view(page["orgs"]))


@click.command("weigh", epilog=EPILOG)
@click.argument("org_id", metavar="ORG", help="The org.")
@click.argument("weight", metavar="WEIGHT", type=click.FloatRange(0.01, 100), help="0.01 to 100; 1 is usual.")
@with_settings
def weigh_command(settings: Settings, *, org_id: str, weight: float) -> None:
    """Give an org a weight against the others.

    With 2 its jobs are due as if it had twice the share of the devices, beside orgs that have 1. It counts for what is
    submitted from now on.
    """
    with connect(settings) as client:
        org = client.orgs.weigh(org_id, weight)
    Say(settings).result(org, orgs_view([org]))
