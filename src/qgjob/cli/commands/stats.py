"""`qgjob stats`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from qgjob.cli.connect import connect
from qgjob.cli.exits import EPILOG
from qgjob.cli.options import with_settings
from qgjob.cli.say import Say
from qgjob.cli.views.farm import stats_view

if TYPE_CHECKING:
    from qgjob.cli.settings import Settings


@click.command("stats", epilog=EPILOG)
@with_settings
def stats_command(settings: Settings) -> None:
    """Show what the farm has done and saved.

    Installs and sessions are counted from what devices did. Stock Appwright installs the app for every test that opens
    a session: the difference is what was avoided.
    """
    with connect(settings) as client:
        stats = client.farm.stats()
    Say(settings).result(stats, stats_view(stats))
