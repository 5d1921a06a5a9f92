"""The scheduler: urgent work apart, when a group should be done, backlogs of orgs, and why a lease was given."""

from qgjob.store.migrations.steps import run

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Add the sums and work them out of what is there."""
    run("0008_scheduler")
