"""The store: one writer that commits in groups, a few readers, one owner. The only door to the database."""

from collections.abc import Callable
from concurrent.futures import Future
from contextlib import ExitStack
from pathlib import Path
from typing import Self, TypeVar

from qgjob.core.errors import ConfigurationError, QgjobError, Unavailable
from qgjob.store.clock import Clock, system_clock
from qgjob.store.dialect import Dialect
from qgjob.store.readers import Readers
from qgjob.store.sqlite import SqliteDialect
from qgjob.store.statements import shipped
from qgjob.store.transaction import Transaction
from qgjob.store.writer import Writer

T = TypeVar("T")


class Store:
    """Verbs go in, answers come out after their commit. Any thread may call; verbs run on the store's own threads."""

    def __init__(self, dialect: Dialect, *, clock: Clock) -> None:
        self._callbacks: list[Callable[[frozenset[str]], None]] = []
        with ExitStack() as opened:
            dialect.own()
            opened.callback(dialect.disown)
            dialect.migrate()
            self._readers = Readers(dialect, shipped(), clock)
            opened.callback(self._readers.close)
            self._writer = Writer(dialect, shipped(), clock, self._announce)
            opened.callback(self._writer.close)
            self._closing = opened.pop_all()

    @classmethod
    def open(cls, path: Path, *, clock: Clock = system_clock) -> Self:
        """Take ownership of the database file at `path`, make or migrate it, and start the threads.

        Raises Conflict when another process owns it, ConfigurationError when it was made by a newer program, is no
        database or lies where we may not write, Unavailable when the disk does not let us.
        """
        dialect = SqliteDialect(path)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            return cls(dialect, clock=clock)
        except QgjobError:
            raise
        except OSError as error:
            raise ConfigurationError(f"The data folder {path.parent} cannot be used: {error.strerror}.") from error
        except Exception as error:
            if sentence := dialect.outage(error):
                raise Unavailable(sentence) from error
            raise

    def write(self, verb: Callable[[Transaction], T]) -> Future[T]:
        """Run `verb` in the next group commit; its future is answered after the commit.

        A verb that raises is rolled back alone and its future has its error. Unavailable: the queue is full, the
        commit failed (nothing was stored), or the store is closed. A future cancelled before its verb began: not run.
        """
        return self._writer.submit(verb)

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
