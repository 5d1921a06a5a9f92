"""Migrations: forward only, SQL text, run by Alembic when a store opens. A file that was released is never edited.

Alembic and SQLAlchemy are imported only when there is something to migrate: a start of a server that is up to date
does not pay for them.
"""

import logging
import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from qgjob.core.errors import ConfigurationError
from qgjob.store.backup import back_up

if TYPE_CHECKING:
    import psycopg

_log = logging.getLogger(__name__)

_MIGRATING = 7_140_002
"""The advisory lock of whoever migrates."""
_POSTGRES_TABLES = """
SELECT tablename FROM pg_catalog.pg_tables WHERE schemaname = current_schema() ORDER BY tablename
"""


@dataclass(frozen=True, kw_only=True)
class Migrated:
    """A database was brought from one schema to another. `was` None: it was new. `backup`: as it was before."""

    was: str | None
    now: str
    backup: Path | None = None


def migrate(raw: sqlite3.Connection, *, path: Path) -> Migrated | None:
    """Bring a SQLite database to the newest schema, a transaction for each step; None: it was there already.

    A copy of what was there before is kept beside it. Raises ConfigurationError when the database was made by a newer
    program, since there is no way back, or is somebody else's; Unavailable when there is no room for the copy.
    """
    was = revision_of(raw)
    if not _is_due(was, _tables(raw), database=str(path)):
        return None
    backup = None if was is None else _backup_of(path, was)
    if backup is not None:
        back_up(raw, backup)
    from qgjob.store.migrations.upgrade import upgrade_sqlite  # noqa: PLC0415  # half a second of import, seldom needed

    upgrade_sqlite(raw)
    return _told(Migrated(was=was, now=revisions()[-1], backup=backup), database=str(path))


def migrate_postgres(raw: "psycopg.Connection", *, database: str) -> Migrated | None:
    """Bring a PostgreSQL database to the newest schema, a transaction for each step; None: it was there already.

    Other replicas wait meanwhile. `raw` is in autocommit, and of no use for anything else afterwards. Raises
    ConfigurationError as `migrate` does; a backup is left to PostgreSQL's own tools.
    """
    from qgjob.store.postgres_connection import UNHURRIED  # noqa: PLC0415  # brings psycopg, which is here already

    raw.execute(UNHURRIED.replace("SET LOCAL", "SET"))
    _lock(raw, database)
    tables = [str(row[0]) for row in raw.execute(_POSTGRES_TABLES).fetchall()]
    row = raw.execute("SELECT version_num FROM alembic_version").fetchone() if "alembic_version" in tables else None
    was = None if row is None else str(row[0])
    if not _is_due(was, tables, database=database):
        return None
    from qgjob.store.migrations.upgrade import upgrade_postgres  # noqa: PLC0415  # as above

    upgrade_postgres(raw)
    return _told(Migrated(was=was, now=revisions()[-1]), database=database)


def revisions() -> list[str]:
    """Name all the schema revisions that this program knows, oldest first."""
    versions = files("qgjob.store.migrations").joinpath("versions")
    return sorted(source.name[:4] for source in versions.iterdir() if source.name[:4].isdigit())


def revision_of(raw: sqlite3.Connection) -> str | None:
    """Read which revision a database has; None: it is new."""
    if "alembic_version" not in _tables(raw):
        return None
    row = raw.execute("SELECT version_num FROM alembic_version").fetchone()
    return None if row is None else str(row[0])


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


def _lock(raw: "psycopg.Connection", database: str) -> None:
    """Be the only one who migrates, until `raw` is closed."""
    row = raw.execute(f"SELECT pg_try_advisory_lock({_MIGRATING})").fetchone()
    if row is not None and row[0]:
        return
    _log.info("Another replica is migrating %s: waiting for it.", database)
    raw.execute(f"SELECT pg_advisory_lock({_MIGRATING})")


def _backup_of(path: Path, revision: str) -> Path:
    """Name the copy by the schema that it has and the time: `qgjob.db.0001.20261123T120000Z.backup`."""
    return path.with_name(f"{path.name}.{revision}.{datetime.now(UTC):%Y%m%dT%H%M%SZ}.backup")


def _tables(raw: sqlite3.Connection) -> list[str]:
    rows = raw.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall()
    return [str(row[0]) for row in rows]


def _told(migrated: Migrated, *, database: str) -> Migrated:
    if migrated.was is None:
        _log.info("Made the schema %s in the new database %s.", migrated.now, database)
        return migrated
    kept = "" if migrated.backup is None else f" As it was before it is kept in {migrated.backup}."
    _log.info("Brought the database %s from schema %s to %s.%s", database, migrated.was, migrated.now, kept)
    return migrated
