"""The store: writers that commit in groups, and a few readers. The only door to the database."""

from collections.abc import Callable
from concurrent.futures import Future
from contextlib import ExitStack
from pathlib import Path
from typing import Self, TypeVar

from qgjob.store.clock import Clock
from qgjob.store.commit import GroupCommit
from qgjob.store.dialect import Connection, Dialect
from qgjob.store.place import dialect_of, opening
from qgjob.store.readers import Readers
from qgjob.store.statements import shipped
from qgjob.store.transaction import Transaction
from qgjob.store.writer import Writer

T = TypeVar("T")


class Store:
    """Verbs go in, answers come out after their commit. Any thread may call; verbs run on the store's own threads."""

    def __init__(self, dialect: Dialect, *, clock: Clock | None) -> None:
        self._callbacks: list[Callable[[frozenset[str]], None]] = []
        with ExitStack() as opened:
            dialect.own()
            opened.callback(dialect.disown)
            dialect.migrate()
            self._readers = Readers(dialect, shipped(), clock)
            opened.callback(self._readers.close)
            if ear := dialect.listen(self._announce):
                opened.callback(ear.close)
            self._writer = self._start(dialect, dialect.writer(), clock, name="qgjob-writer", opened=opened)
            decider = dialect.decider()
            self._decider = (
                self._writer
                if decider is None
                else self._start(dialect, decider, clock, name="qgjob-decider", opened=opened)
            )
            self._closing = opened.pop_all()

    @classmethod
    def open(cls, database: Path | str, *, clock: Clock | None = None) -> Self:
        """Open a SQLite file by its path, or a PostgreSQL database by its `postgresql://` URL, and start the threads.

        A file is owned by one process, a database is shared. The schema is made or migrated. `clock` None: that of the
        database. Raises Conflict when another process owns the file, ConfigurationError when it was made by a newer
        program, is no database or lies where we may not write, Unavailable when disk or server do not let us.
        """
        dialect = dialect_of(database)
        with opening(database, dialect):
            if isinstance(database, Path):
                database.parent.mkdir(parents=True, exist_ok=True)
            return cls(dialect, clock=clock)

    def _start(
        self, dialect: Dialect, connection: Connection, clock: Clock | None, *, name: str, opened: ExitStack
    ) -> Writer:
        writer = Writer(GroupCommit(dialect, connection, shipped(), clock), self._announce, name=name)
        opened.callback(writer.close)
        return writer

    def write(self, verb: Callable[[Transaction], T]) -> Future[T]:
        """Run `verb` in the next group commit; its future is answered after the commit.

        A verb that raises is rolled back alone and its future has its error. Unavailable: the queue is full, the
        commit failed (nothing was stored), or the store is closed. A future cancelled before its verb began: not run.
        It may run more than once before it is committed once, so it must have no effect beside the transaction's.
        """
        return self._writer.submit(verb)

    def decide(self, verb: Callable[[Transaction], T]) -> Future[T]:
        """Run a verb that decides by sums or writes to workers, as `write` does, but with its turn from the beginning.

        It settles before it reads them. It never waits for rows that another transaction has locked.
        """
        return self._decider.submit(verb)

    def read(self, question: Callable[[Transaction], T]) -> Future[T]:
        """Run `question` on a connection that cannot write; it sees everything whose future was answered before."""
        return self._readers.submit(question)

    def on_commit(self, callback: Callable[[frozenset[str]], None]) -> None:
        """Call `callback` with the topics touched, on the writer's thread, after each commit that touched any.

        It must be quick. What it raises is logged and changes nothing.
        """
        self._callbacks.append(callback)

    def close(self) -> None:
        """Finish what is queued, stop the threads, give up ownership. Calling it again does nothing."""
        self._closing.close()

    def _announce(self, topics: frozenset[str]) -> None:
        for callback in self._callbacks:
            callback(topics)
