"""Answers that are remembered by the key of their request."""

from qgjob.store.migrations.steps import run

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the table."""
    run("0002_idempotency")
