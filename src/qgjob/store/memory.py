"""A database in memory, for one thread: the same transactions and SQL, and nothing of it outlives its process."""

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from qgjob.store.clock import Clock
from qgjob.store.commit import GroupCommit, Task, Undone
from qgjob.store.migrations.upgrade import upgrade_sqlite
from qgjob.store.sqlite import SqliteDialect
from qgjob.store.sqlite_connection import SqliteConnection
from qgjob.store.statements import shipped
from qgjob.store.transaction import Transaction

T = TypeVar("T")


class MemoryStore:
    """Runs verbs at once, each in a transaction of its own, on the thread that calls."""

    def __init__(self, *, clock: Clock) -> None:
        raw = sqlite3.connect(":memory:", isolation_level=None, cached_statements=256)
        raw.execute("PRAGMA foreign_keys = ON")
        upgrade_sqlite(raw)
        connection = SqliteConnection(raw, begin="BEGIN")
        self._commit = GroupCommit(SqliteDialect(Path(":memory:")), connection, shipped(), clock)

    def write(self, verb: Callable[[Transaction], T]) -> T:
        """Run and commit a verb, and give its answer; what it raises undoes it."""
        answers: list[T] = []
        errors: list[Exception] = []

        def run(transaction: Transaction) -> Callable[[], None]:
            answer = verb(transaction)
            return lambda: answers.append(answer)

        try:
            committed = self._commit.run([Task(run=run, fail=errors.append)])
        except Undone as undone:
            raise undone.told from undone
        for answer in committed.answers:
            answer()
        if errors:
            raise errors[0]
        return answers[0]

    def close(self) -> None:
        """Forget everything."""
        self._commit.close()
