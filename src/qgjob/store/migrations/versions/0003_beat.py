"""When the farm was swept last, so that a time in which nobody could renew is told from a time in which nobody did."""

from qgjob.store.migrations.steps import run

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the table."""
    run("0003_beat")
