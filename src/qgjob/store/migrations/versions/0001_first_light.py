"""The first schema: jobs, groups, leases, attempts, workers, apps, evidence, facts and totals."""

from qgjob.store.migrations.steps import run

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make all tables."""
    run("0001_first_light")
