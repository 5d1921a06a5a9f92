"""Either database, fresh and with the newest schema, as a copy of one that was migrated: faster than migrating each."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from shutil import copyfile
from tempfile import TemporaryDirectory

import psycopg
import pytest
from psycopg import sql

from local_postgres import LocalPostgres
from qgjob.store import Store

_TABLES = """
SELECT tables.tablename, sequences.relname
FROM pg_catalog.pg_tables AS tables
LEFT JOIN pg_catalog.pg_depend AS owned
  ON owned.refobjid = (quote_ident(tables.schemaname) || '.' || quote_ident(tables.tablename))::regclass
 AND owned.deptype = 'i'
 AND owned.classid = 'pg_class'::regclass
LEFT JOIN pg_catalog.pg_class AS sequences ON sequences.oid = owned.objid AND sequences.relkind = 'S'
WHERE tables.schemaname = current_schema() AND tables.tablename <> 'alembic_version'
"""
Databases = Callable[[], AbstractContextManager[Path | str]]
"""Makes an empty database, and drops it when the block ends."""


def files(folder: Path) -> Databases:
    """SQLite files; `folder` keeps the template."""
    template = folder / "qgjob.db"
    Store.open(template).close()

    @contextmanager
    def fresh() -> Iterator[Path]:
        with TemporaryDirectory() as name:
            path = Path(name) / "qgjob.db"
            copyfile(template, path)
            yield path

    return fresh


def databases_of(server: LocalPostgres) -> Databases:
    """Databases of a PostgreSQL server. One that was used is emptied and used again: making one takes a second."""
    template = server.template("qgjob", lambda url: Store.open(url).close())
    idle: list[str] = []

    @contextmanager
    def fresh() -> Iterator[str]:
        url = idle.pop() if idle else server.create_database(template=template)
        try:
            yield url
        finally:
            empty(url)
            idle.append(url)

    return fresh


def empty(url: str) -> None:
    """Leave nothing in a database but its schema. Deleting a few rows takes less than truncating all tables."""
    with psycopg.connect(url, autocommit=True) as raw:
        rows = raw.execute(_TABLES).fetchall()
        deletions = [sql.SQL("DELETE FROM {};").format(sql.Identifier(table)) for table, _ in rows]
        restarts = [
            sql.SQL("ALTER SEQUENCE {} RESTART;").format(sql.Identifier(sequence)) for _, sequence in rows if sequence
        ]
        raw.execute(sql.SQL("").join([*deletions, *restarts]))


@pytest.fixture(scope="session", params=["sqlite", pytest.param("postgres", marks=pytest.mark.exam)])
def databases(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Databases:
    """In turn SQLite and PostgreSQL."""
    if request.param == "postgres":
        return databases_of(request.getfixturevalue("postgres"))
    return files(tmp_path_factory.mktemp("template"))
