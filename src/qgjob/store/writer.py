"""Group commit: one thread runs all the verbs that piled up in one transaction, commits once, then answers all.

The cost of a write is its commit, not its rows: while one commit is on its way to the disk the next group gathers.
"""

import logging
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial
from threading import Condition, Thread
from time import monotonic
from typing import TypeVar

from qgjob.core.errors import Unavailable
from qgjob.store.commit import GroupCommit, Task, Undone
from qgjob.store.transaction import Transaction

T = TypeVar("T")

MOST_QUEUED = 4096
"""Verbs that wait for a writer; beyond that the farm says that it is busy."""
MOST_PER_COMMIT = 512
PATIENCE_S = 10.0
"""How long a group is tried again while the database is away; then its callers are told."""
_PAUSE_S = 0.1

_log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class _Waiting:
    """A verb that waits for its group; `begin`: False when nobody waits for it any more."""

    begin: Callable[[], bool]
    task: Task


class Writer:
    """Runs verbs one after another on a thread of its own. `submit` from any thread."""

    def __init__(self, commit: GroupCommit, announce: Callable[[frozenset[str]], None], *, name: str) -> None:
        self._commit = commit
        self._announce = announce
        self._queue: deque[_Waiting] = deque()
        self._changed = Condition()
        self._closing = False
        self._thread = Thread(target=self._run, name=name, daemon=True)
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
                task = Task(run=run, fail=future.set_exception)
                self._queue.append(_Waiting(begin=future.set_running_or_notify_cancel, task=task))
                self._changed.notify()
        return future

    def close(self) -> None:
        """Finish what is queued, then stop."""
        with self._changed:
            self._closing = True
            self._changed.notify()
        self._thread.join()
        self._commit.close()

    def _run(self) -> None:
        while group := self._next_group():
            self._answer([waiting.task for waiting in group if waiting.begin()])

    def _next_group(self) -> list[_Waiting]:
        """Wait for work and take what is there; an empty answer means that we are closing."""
        with self._changed:
            self._changed.wait_for(lambda: self._queue or self._closing)
            return [self._queue.popleft() for _ in range(min(len(self._queue), MOST_PER_COMMIT))]

    def _answer(self, tasks: list[Task]) -> None:
        """Run a group until it is committed, or until it is clear that it will not be; then answer everybody in it."""
        give_up_at = monotonic() + PATIENCE_S
        while True:
            try:
                committed = self._commit.run(tasks)
            except Undone as undone:
                if undone.passes and monotonic() < give_up_at:
                    self._pause()
                    continue
                for task in tasks:
                    task.fail(undone.told)
                return
            for answer in committed.answers:
                answer()
            if committed.topics:
                self._tell(committed.topics)
            return

    def _pause(self) -> None:
        """Let whatever is in the way pass; a server that stops does not wait for it."""
        with self._changed:
            self._changed.wait_for(lambda: self._closing, timeout=_PAUSE_S)

    def _tell(self, topics: frozenset[str]) -> None:
        try:
            self._announce(topics)
        except Exception:  # noqa: BLE001  # logged whole; a deaf listener must not stop the farm
            _log.exception("A callback for commits raised; the writer goes on.")
