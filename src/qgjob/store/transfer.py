"""Moves a farm from a SQLite file to a PostgreSQL database: all of one moment, compared on both sides, or nothing.

Rows go over as they are, since both databases have the same tables. Uploaded files are not in a database and stay.
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import psycopg
from psycopg import sql

from qgjob.core.errors import ConfigurationError, Conflict, InfrastructureError
from qgjob.store.backup import read_only
from qgjob.store.migrations import revision_of, revisions
from qgjob.store.place import opening, without_password
from qgjob.store.postgres import PostgresDialect
from qgjob.store.postgres_connection import connect

_ROWS_AT_ONCE = 5000
_TABLES = """
SELECT name FROM sqlite_master
WHERE type = 'table' AND name NOT LIKE 'sqlite~_%' ESCAPE '~' AND name <> 'alembic_version'
ORDER BY name
"""
_IDENTITIES = """
SELECT column_name FROM information_schema.columns
WHERE table_schema = current_schema() AND table_name = %s AND is_identity = 'YES'
"""

Progress = Callable[[str, int], None]
"""Told which table is being moved, and how many of its rows have been."""


@dataclass(frozen=True, kw_only=True)
class Moved:
    """A table that is the same on both sides. `digest`: sha256 of its rows in the order of its key."""

    table: str
    rows: int
    digest: str


@dataclass(frozen=True, kw_only=True)
class _Table:
    name: str
    columns: tuple[str, ...]
    key: tuple[str, ...]


def transfer(source: Path, url: str, *, on_progress: Progress | None = None) -> tuple[Moved, ...]:
    """Copy what `source` is committed to now into the empty database at `url`, in one transaction there.

    The schema is made there first. Raises ConfigurationError when the source is missing or has another schema than this
    program, Conflict when the target holds anything, InfrastructureError when both sides do not compare equal, and what
    opening the target raises. Nothing is stored there then.
    """
    dialect = PostgresDialect(url)
    with closing(read_only(source)) as raw, _snapshot(raw), opening(without_password(url), dialect):
        _refuse_other_schema(raw, source)
        dialect.migrate()
        with connect(url) as target, target.transaction():
            target.execute("SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0")
            tables = [_table(raw, name) for (name,) in raw.execute(_TABLES).fetchall()]
            _lock(target, tables)
            _refuse_what_is_there(target, tables)
            moved = tuple(_kept(raw, target, table, on_progress) for table in tables)
        with connect(url) as target:
            target.execute("ANALYZE")
    return moved


@contextmanager
def _snapshot(raw: sqlite3.Connection) -> Iterator[None]:
    raw.execute("BEGIN")
    try:
        yield
    finally:
        raw.execute("ROLLBACK")


def _refuse_other_schema(raw: sqlite3.Connection, source: Path) -> None:
    known, newest = revision_of(raw), revisions()[-1]
    if known != newest:
        raise ConfigurationError(
            f"The schema of {source} is {known or 'none'}, and this program's is {newest}: migrate it first "
            "(qgjob db migrate), or use the program that it belongs to."
        )


def _lock(target: psycopg.Connection, tables: Iterable[_Table]) -> None:
    """Let nobody write there meanwhile: a server that is started too early waits until all is in its place."""
    names = sql.SQL(", ").join(sql.Identifier(table.name) for table in tables)
    target.execute(sql.SQL("LOCK TABLE {} IN EXCLUSIVE MODE").format(names))


def _refuse_what_is_there(target: psycopg.Connection, tables: Iterable[_Table]) -> None:
    for table in tables:
        found = target.execute(sql.SQL("SELECT 1 FROM {} LIMIT 1").format(sql.Identifier(table.name))).fetchone()
        if found is not None:
            raise Conflict(f"The target's table {table.name} is not empty: a farm is moved into a new database only.")


def _table(raw: sqlite3.Connection, name: str) -> _Table:
    info = raw.execute(f"PRAGMA table_info({name})").fetchall()
    keyed = sorted((place, column) for _, column, _, _, _, place in info if place)
    return _Table(name=name, columns=tuple(row[1] for row in info), key=tuple(column for _, column in keyed))


def _kept(raw: sqlite3.Connection, target: psycopg.Connection, table: _Table, on_progress: Progress | None) -> Moved:
    try:
        return _move(raw, target, table, on_progress)
    except psycopg.DataError as error:
        raise InfrastructureError(
            f"A row of the table {table.name} cannot be kept in the target ({error}): nothing was kept there."
        ) from error


def _move(raw: sqlite3.Connection, target: psycopg.Connection, table: _Table, on_progress: Progress | None) -> Moved:
    fields = ", ".join(table.columns)
    order = ", ".join(table.key)
    question = f"SELECT {fields} FROM {table.name} ORDER BY {order}"  # noqa: S608  # names of our own schema
    into = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table.name), sql.SQL(", ").join(map(sql.Identifier, table.columns))
    )
    with target.cursor() as cursor, cursor.copy(into) as copy:
        there = _Digest()
        for rows in _batches(raw.execute(question)):
            for row in rows:
                copy.write_row(row)
            there.add(rows)
            if on_progress is not None:
                on_progress(table.name, there.rows)
    _set_sequence(raw, target, table)
    here = _Digest()
    with target.cursor(f"moved_{table.name}") as cursor:
        cursor.execute(question.encode())
        for rows in _batches(cursor):
            here.add(rows)
    if (here.rows, here.hexdigest()) != (there.rows, there.hexdigest()):
        raise InfrastructureError(
            f"The table {table.name} does not read back from the target as it was ({here.rows} rows of {there.rows}): "
            "nothing was kept there. Try again, and check the target's encoding (it must be UTF8)."
        )
    return Moved(table=table.name, rows=here.rows, digest=here.hexdigest())


class _Digest:
    """Of rows, as they come. Numbers, texts and NULL look the same from either database."""

    def __init__(self) -> None:
        self.rows = 0
        self._hash = sha256()

    def add(self, rows: Sequence[Sequence[object]]) -> None:
        self.rows += len(rows)
        self._hash.update("".join(f"{tuple(row)!r}\n" for row in rows).encode())

    def hexdigest(self) -> str:
        return self._hash.hexdigest()


def _batches(cursor: sqlite3.Cursor | psycopg.ServerCursor[tuple[object, ...]]) -> Iterator[list[tuple[object, ...]]]:
    while rows := cursor.fetchmany(_ROWS_AT_ONCE):
        yield rows


def _set_sequence(raw: sqlite3.Connection, target: psycopg.Connection, table: _Table) -> None:
    """Go on counting where SQLite would: a number that was given once is never given again."""
    for (column,) in target.execute(_IDENTITIES, [table.name]).fetchall():
        largest = raw.execute(f"SELECT MAX({column}) FROM {table.name}").fetchone()[0]  # noqa: S608  # as above
        counted = raw.execute("SELECT MAX(seq) FROM sqlite_sequence WHERE name = ?", [table.name]).fetchone()[0]
        last = max(largest or 0, counted or 0)
        if last:
            target.execute("SELECT setval(pg_get_serial_sequence(%s, %s), %s)", [table.name, column, last])
