"""Migrations: forward only, SQL text, run by Alembic when a store opens. A file that was released is never edited.

Alembic and SQLAlchemy are imported only when there is something to migrate: a start of a server that is up to date
does not pay for them.
"""

import sqlite3
from importlib.resources import files
from typing import TYPE_CHECKING

from qgjob.core.errors import ConfigurationError

if TYPE_CHECKING:
    import psycopg

_MIGRATING = 7_140_002
"""The advisory lock of whoever migrates."""
_POSTGRES_TABLES = """
SELECT tablename FROM pg_catalog.pg_tables WHERE schemaname = current_schema() ORDER BY tablename
"""


def migrate(raw: sqlite3.Connection, *, database: str) -> None:
    """Bring a SQLite database to the newest schema; each step is a transaction of its own.

    Raises ConfigurationError when it was made by a newer program, since there is no way back, or is somebody else's.
    """
    if not _is_due(revision_of(raw), _tables(raw), database=database):
        return
    from qgjob.store.migrations.upgrade import upgrade_sqlite  # noqa: PLC0415  # half a second of import, seldom needed

    upgrade_sqlite(raw)


def migrate_postgres(raw: "psycopg.Connection", *, database: str) -> None:
    """Bring a PostgreSQL database to the newest schema, a transaction for each step; other replicas wait meanwhile.

    `raw` is in autocommit, and of no use for anything else afterwards. Raises what `migrate` raises.
    """
    raw.execute(f"SELECT pg_advisory_lock({_MIGRATING})")  # until `raw` is closed
    tables = [str(row[0]) for row in raw.execute(_POSTGRES_TABLES).fetchall()]
    known = "alembic_version" in tables
    row = raw.execute("SELECT version_num FROM alembic_version").fetchone() if known else None
    if not _is_due(None if row is None else str(row[0]), tables, database=database):
        return
    from qgjob.store.migrations.upgrade import upgrade_postgres  # noqa: PLC0415  # as above

    upgrade_postgres(raw)


def _is_due(current: str | None, tables: list[str], *, database: str) -> bool:
    """Whether there is something to migrate. Raises ConfigurationError for a database that is not ours to migrate."""
    known = revisions()
    if current == known[-1]:
        return False
    if current is not None and current not in known:
        raise ConfigurationError(
            f"The database {database} was made by a newer qgjob (its schema is {current}, this program knows up to "
            f"{known[-1]}): start that newer version, or choose another database."
        )
    if tables and "alembic_version" not in tables:
        raise ConfigurationError(
            f"The database {database} belongs to another program (it has a table {tables[0]}) and was left as it is: "
            "choose another one."
        )
    return True


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


def _tables(raw: sqlite3.Connection) -> list[str]:
    rows = raw.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall()
    return [str(row[0]) for row in rows]
