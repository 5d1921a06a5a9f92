"""Which cases of a test path a job picks, and what is learnt of cases that are named by a line."""

from qgjob.store.migrations.steps import run

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Keep the grep of jobs, and count what is known of cases apart from what is known of files."""
    run("0014_picking")
