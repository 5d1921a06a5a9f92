"""Requirements are rows of their own, with who meets them; jobs ask for OS version, model, tags, and can be pinned."""

from qgjob.store.migrations.steps import run

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Add columns and tables, and find out who meets what there is."""
    run("0011_requirements")
