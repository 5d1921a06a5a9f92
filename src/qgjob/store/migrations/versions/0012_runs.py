"""Runs: what of each still goes, which single jobs join one, what supersedes what, and deadlines of jobs."""

from qgjob.store.migrations.steps import run

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Add the counters of runs and count what is there."""
    run("0012_runs")
