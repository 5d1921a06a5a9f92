"""Cases: what each came to in every job that ends from now on, how it did lately, and which are muted."""

from qgjob.store.migrations.steps import run

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Add the tables. What ended before is in none of them: the rule that counts cases is not SQL."""
    run("0013_case_history")
