"""Groups: found by their org, and the ends of their leases summed up in milliseconds."""

from qgjob.store.migrations.steps import run

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Add the index, and sum up anew what leases are in force."""
    run("0006_groups")
