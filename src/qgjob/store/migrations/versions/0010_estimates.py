"""Estimates by platform and worker class, with how many samples they rest on, and sums to take means from."""

from qgjob.store.migrations.steps import run

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Move what was learnt before into the new tables."""
    run("0010_estimates")
