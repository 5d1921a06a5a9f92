"""Group commit: one thread runs all the verbs that piled up in one transaction, commits once, then answers all.

The cost of a write is its commit, not its rows: while one commit is on its way to the disk the next group gathers.
"""

import logging
from collections import deque
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from threading import Condition, Thread
from typing import TypeVar

from qgjob.core.errors import Unavailable
from qgjob.store.clock import Clock, SteadyClock
from qgjob.store.dialect import Dialect
from qgjob.store.transaction import Transaction

T = TypeVar("T")

MOST_QUEUED = 4096
"""Verbs that wait for the writer; beyond that the farm says that it is busy."""
MOST_PER_COMMIT = 512

_log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class _Task:
    """A verb and the future that waits for it.

    `begin`: False when nobody waits any more. `run` runs the verb and says how to answer once that is committed.
    """

    begin: Callable[[], bool]
    run: Callable[[Transaction], Callable[[], None]]
    fail: Callable[[Exception], None]


class Writer:
    """The only one that writes. `submit` from any thread; verbs run one after another on the writer's own."""

    def __init__(
        self,
        dialect: Dialect,
        statements: Mapping[str, str],
        clock: Clock,
        announce: Callable[[frozenset[str]], None],
    ) -> None:
        self._dialect = dialect
        self._statements = statements
        self._clock = SteadyClock(clock)
        self._announce = announce
        self._connection = dialect.writer()
        self._queue: deque[_Task] = deque()
        self._changed = Condition()
        self._closing = False
        self._thread = Thread(target=self._run, name="qgjob-writer", daemon=True)
        self._thread.start()

    def submit(self, verb: Callable[[Transaction], T]) -> Future[T]:
        """Queue a verb. See `Store.write` for what its future promises."""
        future = Future[T]()

        def run(transaction: Transaction) -> Callable[[], None]:
            return partial(future.set_result, verb(transaction))

        with self._changed:
            if self._closing:
                future.set_exception(Unavailable("The server is shutting down: try again when it is back."))
            elif len(self._queue) >= MOST_QUEUED:
                future.set_exception(Unavailable(f"{MOST_QUEUED} writes wait already: try again in a few seconds."))
            else:
                begin = future.set_running_or_notify_cancel
                self._queue.append(_Task(begin=begin, run=run, fail=future.set_exception))
                self._changed.notify()
        return future

    def close(self) -> None:
        """Finish what is queued, then stop."""
        with self._changed:
            self._closing = True
            self._changed.notify()
        self._thread.join()
        self._connection.close()

    def _run(self) -> None:
        while tasks := self._next_group():
            self._commit([task for task in tasks if task.begin()])

    def _next_group(self) -> list[_Task]:
        """Wait for work and take what is there; an empty answer means that we are closing."""
        with self._changed:
            self._changed.wait_for(lambda: self._queue or self._closing)
            return [self._queue.popleft() for _ in range(min(len(self._queue), MOST_PER_COMMIT))]

    def _commit(self, tasks: list[_Task]) -> None:
        """Run a group. Whatever is wrong with the transaction as a whole fails all of it and leaves nothing behind."""
        topics: set[str] = set()
        try:
            self._connection.begin()
            now = self._clock()
            answers = [self._run_verb(task, now, topics) for task in tasks]
            self._connection.commit()
        except Exception as error:  # noqa: BLE001  # nobody waits above us: the waiting verbs are told instead
            self._connection.rollback()
            for task in tasks:
                task.fail(self._lost(error))
            return
        for answer in answers:
            answer()
        if topics:
            self._tell(frozenset(topics))

    def _run_verb(self, task: _Task, now: datetime, topics: set[str]) -> Callable[[], None]:
        """Run one verb in a savepoint of its own, so that an error of its own undoes it alone.

        Raises that error where the database has given up the whole transaction over it: a full disk can do that.
        """
        transaction = Transaction(self._connection, self._statements, now)
        self._connection.execute("SAVEPOINT verb", {})
        try:
            answer = task.run(transaction)
        except Exception as error:  # noqa: BLE001  # belongs to whoever waits for this verb
            try:
                self._connection.execute("ROLLBACK TO SAVEPOINT verb", {})
            except Exception:  # noqa: BLE001  # says only that there is no savepoint any more
                raise error from None
            answer = partial(task.fail, self._lost(error) if self._dialect.outage(error) else error)
        else:
            topics |= transaction.topics
        self._connection.execute("RELEASE SAVEPOINT verb", {})
        return answer

    def _lost(self, error: Exception) -> Unavailable:
        sentence = self._dialect.outage(error) or f"The database refused the transaction ({error}); nothing was stored."
        unavailable = Unavailable(sentence)
        unavailable.__cause__ = error
        return unavailable

    def _tell(self, topics: frozenset[str]) -> None:
        try:
            self._announce(topics)
        except Exception:  # noqa: BLE001  # logged whole; a deaf listener must not stop the farm
            _log.exception("A callback for commits raised; the writer goes on.")
