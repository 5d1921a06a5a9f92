"""`qgjob app`: what there is to do with app versions."""

from __future__ import annotations

import click

from qgjob.cli.exits import EPILOG
from qgjob.cli.lazy import Entry, LazyGroup


@click.group(
    "app",
    cls=LazyGroup,
    entries={
        "upload": Entry(
            target="qgjob.cli.commands.app_upload:app_upload_command", summary="Upload an APK or IPA as an app version."
        )
    },
    epilog=EPILOG,
)
def app_command() -> None:
    """Upload app versions."""
