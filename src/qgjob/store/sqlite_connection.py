"""One connection to a SQLite file."""

import json
import re
import sqlite3
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from functools import cache

from qgjob.store.clock import system_clock, to_micros
from qgjob.store.dialect import Parameters, Row, Value
from qgjob.store.statements import LIST

_LOCKING = re.compile(r"\s+FOR NO KEY UPDATE( OF [a-z_]+)?( SKIP LOCKED)?")


class SqliteConnection:
    """A `store.dialect.Connection`."""

    def __init__(self, raw: sqlite3.Connection, *, begin: str) -> None:
        self._raw = raw
        self._begin = begin

    def rows(self, sql: str, parameters: Parameters) -> list[Row]:
        """Run a statement and fetch its whole answer."""
        cursor = self._raw.execute(spoken(sql), _bound(parameters))
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, values, strict=True)) for values in cursor.fetchall()]

    def rows_each(self, sql: str, parameters: Sequence[Parameters]) -> list[list[Row]]:
        """Ask one after the other: there is no way to wait for."""
        return [self.rows(sql, each) for each in parameters]

    def execute(self, sql: str, parameters: Parameters) -> int:
        """Run a statement; how many rows it changed."""
        return self._raw.execute(spoken(sql), _bound(parameters)).rowcount

    def execute_many(self, sql: str, parameters: Sequence[Parameters]) -> int:
        """Run a statement once for each of `parameters`; how many rows they changed together."""
        return self._raw.executemany(spoken(sql), map(_bound, parameters)).rowcount

    def begin(self) -> None:
        """Begin; a writer takes its lock now, not at its first write."""
        self._raw.execute(self._begin)

    def now(self) -> datetime:
        """Tell the time of this machine, which the owner of the file is on."""
        return system_clock()

    def take_turn(self) -> None:
        """Do nothing: it is always the one writer's turn."""

    def commit(self, topics: frozenset[str] = frozenset()) -> None:  # noqa: ARG002  # there are no other replicas
        """Commit; with synchronous=FULL the WAL is on disk when this returns."""
        self._raw.execute("COMMIT")

    def rollback(self) -> None:
        """Undo. SQLite has done it by itself after some errors, such as a full disk."""
        if self._raw.in_transaction:
            with suppress(sqlite3.Error):
                self._raw.execute("ROLLBACK")

    def close(self) -> None:
        """Close."""
        with suppress(sqlite3.Error):
            self._raw.close()


@cache
def spoken(sql: str) -> str:
    """Put a statement into SQLite's words: a list comes as JSON, and nobody else has a row locked."""
    return _LOCKING.sub("", LIST.sub(r"IN (SELECT value FROM json_each(\1))", sql))


def _bound(parameters: Parameters) -> dict[str, str | int | float | bytes | None]:
    return {name: _kept(value) for name, value in parameters.items()}


def _kept(value: Value) -> str | int | float | bytes | None:
    match value:
        case str() | int() | float() | bytes() | None:
            return value
        case datetime() | timedelta():
            return to_micros(value)
        case _:
            return json.dumps(list(value))
