"""The ledger by day, run, app version and worker class; since when groups and workers are as they are."""

from qgjob.store.migrations.steps import run

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Add the columns and tables, with what was counted before."""
    run("0009_ledger")
