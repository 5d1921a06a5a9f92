"""A connection that breaks off at a given statement, as a process does that is killed."""

from collections.abc import Callable, Sequence
from functools import wraps
from typing import TypeVar

from qgjob.store import Row, Transaction
from qgjob.store.dialect import Connection, Least, Parameters

T = TypeVar("T")


class Crashed(Exception):
    """The verb got no further."""


class CrashingConnection:
    """The statements of another connection, up to a number of them."""

    def __init__(self, connection: Connection, *, after: int) -> None:
        self._connection = connection
        self._left = after

    def rows(self, sql: str, parameters: Parameters) -> list[Row]:
        self._count()
        return self._connection.rows(sql, parameters)

    def rows_together(self, questions: Sequence[tuple[str, Parameters]]) -> list[list[Row]]:
        self._count()
        return self._connection.rows_together(questions)

    def execute(self, sql: str, parameters: Parameters) -> int:
        self._count()
        return self._connection.execute(sql, parameters)

    def execute_many(self, sql: str, parameters: Sequence[Parameters]) -> int:
        self._count()
        return self._connection.execute_many(sql, parameters)

    def write_each(self, sql: str, rows: Sequence[Parameters]) -> None:
        self._count()
        self._connection.write_each(sql, rows)

    def write_rows(self, sql: str, rows: Sequence[Parameters], *, least: Least | None = None) -> None:
        self._count()
        self._connection.write_rows(sql, rows, least=least)

    def catch_up(self) -> None:
        self._connection.catch_up()

    def take_turn(self) -> None:
        self._connection.take_turn()

    def _count(self) -> None:
        if self._left == 0:
            raise Crashed
        self._left -= 1


def crashing(verb: Callable[[Transaction], T], *, after: int) -> Callable[[Transaction], T]:
    """Let a verb crash after so many statements, those included that it puts off until its end."""

    @wraps(verb)
    def crashes(tx: Transaction) -> T:
        tx._connection = CrashingConnection(tx._connection, after=after)  # type: ignore[assignment]  # what a verb uses
        answer = verb(tx)
        tx.settle_all()
        return answer

    return crashes
