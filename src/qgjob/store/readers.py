"""Readers: a few threads that share a few connections, which cannot write and see one snapshot per question."""

from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from queue import SimpleQueue
from threading import BoundedSemaphore, Event
from time import monotonic
from typing import TypeVar

from qgjob.core.errors import Unavailable
from qgjob.store.books import Books
from qgjob.store.clock import Clock
from qgjob.store.dialect import Connection, Dialect
from qgjob.store.transaction import Transaction
from qgjob.store.writer import PATIENCE_S

T = TypeVar("T")

READERS = 4
_PAUSE_S = 0.1
MOST_WAITING = 1024
"""Questions under way or waiting for a reader; beyond that the farm says that it is busy."""


class Readers:
    """Answers questions. `submit` from any thread."""

    def __init__(self, dialect: Dialect, statements: Mapping[str, str], clock: Clock | None) -> None:
        self._dialect = dialect
        self._statements = statements
        self._clock = clock
        self._free: SimpleQueue[Connection] = SimpleQueue()
        for _ in range(READERS):
            self._free.put(dialect.reader())
        self._closing = Event()
        self._places = BoundedSemaphore(MOST_WAITING)
        self._threads = ThreadPoolExecutor(READERS, thread_name_prefix="qgjob-reader")

    def submit(self, question: Callable[[Transaction], T]) -> Future[T]:
        """Queue a question. See `Store.read` for what its future promises."""
        if not self._places.acquire(blocking=False):
            return _failed(Unavailable(f"{MOST_WAITING} questions wait already: try again in a few seconds."))
        try:
            future = self._threads.submit(self._answer, question)
        except RuntimeError:  # the pool was shut down
            self._places.release()
            return _failed(Unavailable("The server is shutting down: try again when it is back."))
        future.add_done_callback(lambda _: self._places.release())
        return future

    def close(self) -> None:
        """Finish what is queued, then close the connections."""
        self._closing.set()
        self._threads.shutdown()
        for _ in range(READERS):
            self._free.get().close()

    def _answer(self, question: Callable[[Transaction], T]) -> T:
        """Answer a question; while the database is away it waits, as it changes nothing."""
        give_up_at = monotonic() + PATIENCE_S
        while True:
            try:
                return self._ask(question)
            except Exception as error:
                if self._dialect.passes(error) and monotonic() < give_up_at and not self._closing.wait(_PAUSE_S):
                    continue
                if sentence := self._dialect.outage(error):
                    raise Unavailable(sentence) from error
                raise

    def _ask(self, question: Callable[[Transaction], T]) -> T:
        connection = self._free.get()
        try:
            connection.begin()
            now = connection.now() if self._clock is None else self._clock()
            transaction = Transaction(connection, self._statements, now, Books())
            answer = question(transaction)
            transaction.settle_all()  # refused by the database where there is something: a question writes nothing
            connection.commit()
        except BaseException:
            connection.rollback()
            raise
        finally:
            self._free.put(connection)
        return answer


def _failed(error: Unavailable) -> Future[T]:
    future = Future[T]()
    future.set_exception(error)
    return future
