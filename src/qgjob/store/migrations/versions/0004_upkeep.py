"""Lists that cost the same at any size, and what retention needs: where to go on, what was removed, what lies loose."""

from qgjob.store.migrations.steps import run

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add the indexes and the narrow tables beside jobs."""
    run("0004_upkeep")
