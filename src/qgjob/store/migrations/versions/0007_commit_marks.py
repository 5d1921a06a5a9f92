"""What the last commit of each writer was: how one finds out what became of a commit whose answer was lost."""

from qgjob.store.migrations.steps import run

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Add the table."""
    run("0007_commit_marks")
