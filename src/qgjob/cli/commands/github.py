"""`qgjob github`: what a step of GitHub Actions does beside running tests."""

from __future__ import annotations

import click

from qgjob.cli.exits import EPILOG
from qgjob.cli.lazy import Entry, LazyGroup


@click.group(
    "github",
    cls=LazyGroup,
    entries={
        "publish": Entry(
            target="qgjob.cli.commands.github_publish:github_publish_command",
            summary="Tell GitHub how a run came out: summary, annotations, comment, check.",
        )
    },
    epilog=EPILOG,
)
def github_command() -> None:
    """Tell GitHub how a run came out."""
