"""`qgjob workers`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from qgjob.cli.connect import connect
from qgjob.cli.exits import EPILOG
from qgjob.cli.options import with_settings
from qgjob.cli.say import Say
from qgjob.cli.views.farm import workers_view

if TYPE_CHECKING:
    from qgjob.cli.settings import Settings


@click.command("workers", epilog=EPILOG)
@with_settings
def workers_command(settings: Settings) -> None:
    """Show the devices of the farm.

    For each its model, its status, and the app version that it holds.
    """
    say = Say(settings)
    with connect(settings) as client:
        page = client.workers.all()
    say.result(page, workers_view(page["workers"]))
    if not page["workers"]:
        say.progress(f"No device has registered yet. Start one with: qgjob agent --server {settings.server_url}")
