"""Run the named statements of a migration: `migrations/sql/<revision>.<dialect>.sql`, in the order of the file."""

from importlib.resources import files

from alembic import op

from qgjob.store.statements import parse


def run(revision: str) -> None:
    """Run a revision's statements in the dialect of the database at hand."""
    source = files("qgjob.store.migrations").joinpath("sql", f"{revision}.{op.get_bind().dialect.name}.sql")
    for statement in parse(source.read_text("utf-8"), source=source.name).values():
        op.get_bind().exec_driver_sql(statement)
