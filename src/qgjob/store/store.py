"""The store: one writer that commits in groups, a few readers, one owner. The only door to the database."""

from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import TypeVar

from qgjob.store.clock import Clock, system_clock
from qgjob.store.transaction import Transaction

T = TypeVar("T")


class Store:
    """Verbs go in, answers come out after their commit. Any thread may call; verbs run on the store's own threads."""

    @classmethod
    def open(cls, path: Path, *, clock: Clock = system_clock) -> "Store":
        """Take ownership of the database file at `path`, make or migrate it, and start the threads.

        Raises Conflict when another process owns it, ConfigurationError when it was made by a newer program or is no
        database, Unavailable when the disk does not let us.
        """
        raise NotImplementedError

    def write(self, verb: Callable[[Transaction], T]) -> Future[T]:
        """Run `verb` in the next group commit; its future is answered after the commit.

        A verb that raises is rolled back alone and its future has its error. Unavailable: the queue is full, the
        commit failed (nothing was stored), or the store is closed. A future cancelled before its verb began: not run.
        """
        raise NotImplementedError

    def read(self, question: Callable[[Transaction], T]) -> Future[T]:
        """Run `question` on a connection that cannot write; it sees everything whose future was answered before."""
        raise NotImplementedError

    def on_commit(self, callback: Callable[[frozenset[str]], None]) -> None:
        """Call `callback` with the topics touched, on the writer's thread, after each commit that touched any.

        It must be quick and must not raise.
        """
        raise NotImplementedError

    def close(self) -> None:
        """Finish what is queued, stop the threads, give up ownership. Calling it again does nothing."""
        raise NotImplementedError
