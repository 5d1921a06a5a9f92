"""What faults need: losses, quarantine and draining, budgets of runs, time limits, places of cases."""

from qgjob.store.migrations.steps import run

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Add the columns and the table of waiting limits."""
    run("0005_faults")
