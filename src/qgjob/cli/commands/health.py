"""`qgjob health`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from qgjob.cli.connect import connect
from qgjob.cli.exits import EPILOG
from qgjob.cli.options import with_settings
from qgjob.cli.say import Say
from qgjob.cli.views.farm import health_view

if TYPE_CHECKING:
    from qgjob.cli.settings import Settings


@click.command("health", epilog=EPILOG)
@with_settings
def health_command(settings: Settings) -> None:
    """Ask whether the server is up and well.

    Exit 0 when it is, 7 when nobody answers, 3 when it is unwell.
    """
    with connect(settings) as client:
        health = client.farm.health()
    Say(settings).result(health, health_view(health, server_url=settings.server_url))
