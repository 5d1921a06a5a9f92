"""Migrations: forward only, SQL text, run by Alembic when a store opens. A file that was released is never edited.

Alembic and SQLAlchemy are imported only when there is something to migrate: a start of a server that is up to date
does not pay for them.
"""

import sqlite3
from importlib.resources import files

from qgjob.core.errors import ConfigurationError


def migrate(raw: sqlite3.Connection, *, database: str) -> None:
    """Bring a database to the newest schema; each step is a transaction of its own.

    Raises ConfigurationError when it was made by a newer program, since there is no way back, or is somebody else's.
    """
    known = revisions()
    current = revision_of(raw)
    if current == known[-1]:
        return
    if current is not None and current not in known:
        raise ConfigurationError(
            f"The database {database} was made by a newer qgjob (its schema is {current}, this program knows up to "
            f"{known[-1]}): start that newer version, or choose another data folder."
        )
    if tables := _foreign_tables(raw):
        raise ConfigurationError(
            f"The database {database} belongs to another program (it has a table {tables[0]}) and was left as it is: "
            "choose another data folder."
        )
    from qgjob.store.migrations.upgrade import upgrade  # noqa: PLC0415  # half a second of import, seldom needed

    upgrade(raw)


def revisions() -> list[str]:
    """Name all the schema revisions that this program knows, oldest first."""
    versions = files("qgjob.store.migrations").joinpath("versions")
    return sorted(source.name[:4] for source in versions.iterdir() if source.name[:4].isdigit())


def revision_of(raw: sqlite3.Connection) -> str | None:
    """Read which revision a database has; None: it is new."""
    tables = raw.execute("SELECT name FROM sqlite_master WHERE name = 'alembic_version'").fetchall()
    if not tables:
        return None
    row = raw.execute("SELECT version_num FROM alembic_version").fetchone()
    return None if row is None else str(row[0])


def _foreign_tables(raw: sqlite3.Connection) -> list[str]:
    """Name the tables of a database that no migration of ours ever touched."""
    rows = raw.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall()
    tables = [str(row[0]) for row in rows]
    return [] if "alembic_version" in tables else tables
