"""One connection to a SQLite file."""

import json
import re
import sqlite3
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from functools import cache

from qgjob.store.binding import PLAIN, picker, plain
from qgjob.store.clock import system_clock
from qgjob.store.dialect import Least, Parameters, Row, Value
from qgjob.store.statements import LIST, PARAMETER, parameters_of

_LOCKING = re.compile(r"\s+FOR NO KEY UPDATE( OF [a-z_]+)?( SKIP LOCKED)?")


class SqliteConnection:
    """A `store.dialect.Connection`."""

    def __init__(self, raw: sqlite3.Connection, *, begin: str) -> None:
        self._raw = raw
        self._begin = begin
        self._columns: dict[str, list[str]] = {}

    def rows(self, sql: str, parameters: Parameters) -> list[Row]:
        """Run a statement and fetch its whole answer."""
        cursor = self._raw.execute(spoken(sql), _bound(picker(sql)(parameters)))
        columns = self._columns.get(sql)
        if columns is None:  # what a statement answers with does not change while the file has one owner
            columns = self._columns[sql] = [column[0] for column in cursor.description]
        return [dict(zip(columns, values, strict=True)) for values in cursor.fetchall()]

    def rows_together(self, questions: Sequence[tuple[str, Parameters]]) -> list[list[Row]]:
        """Ask one after the other: there is no way to wait for."""
        return [self.rows(sql, parameters) for sql, parameters in questions]

    def execute(self, sql: str, parameters: Parameters) -> int:
        """Run a statement; how many rows it changed."""
        return self._raw.execute(spoken(sql), _bound(picker(sql)(parameters))).rowcount

    def execute_many(self, sql: str, parameters: Sequence[Parameters]) -> int:
        """Run a statement once for each of `parameters`; how many rows they changed together."""
        draw = picker(sql)
        return self._raw.executemany(spoken(sql), [_bound(draw(each)) for each in parameters]).rowcount

    def write_each(self, sql: str, rows: Sequence[Parameters]) -> None:
        """Write at once: there is no way to wait for."""
        self.execute_many(sql, rows)

    def write_rows(self, sql: str, rows: Sequence[Parameters], *, least: Least | None = None) -> None:
        """Write at once as well."""
        changed = self.execute_many(sql, rows)
        if least is not None and changed < least.rows:
            raise least.otherwise

    def catch_up(self) -> None:
        """Do nothing: all is done at once."""

    def forget(self) -> None:
        """Do nothing: all is done at once."""

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
    """Put a statement into SQLite's words: numbered parameters, a list as JSON, and nobody else has a row locked."""
    numbers = {name: f"?{place}" for place, name in enumerate(parameters_of(sql), start=1)}
    listed = LIST.sub(r"IN (SELECT value FROM json_each(\1))", sql)
    return PARAMETER.sub(lambda match: numbers[match["name"]], _LOCKING.sub("", listed))


def _bound(values: Sequence[Value]) -> list[object]:
    return [value if type(value) in PLAIN else plain(value, listed=json.dumps) for value in values]
