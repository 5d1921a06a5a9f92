"""Submissions on their way into the store: what comes while one batch is committed goes in together as the next.

One by one each of them costs a hop to the store's thread and back, and looks up what the one before has looked up.
"""

import asyncio
from collections.abc import Sequence
from concurrent.futures import Future
from functools import partial

from qgjob.core.errors import QgjobError, Unavailable
from qgjob.core.policy import SHIPPED, Rule
from qgjob.service.idempotency import Answered, Overtaken
from qgjob.service.intake import Outcome, Push, take_in
from qgjob.store import Store

MOST_IN_BATCH = 256
MOST_WAITING = 4096

_Waiting = tuple[Push, asyncio.Future[Answered]]
_Batch = Sequence[_Waiting]


class Intake:
    """Takes in submissions, a batch after another. Used on the event loop alone, except `_committed`."""

    def __init__(self, store: Store, loop: asyncio.AbstractEventLoop, *, rule: Rule = SHIPPED) -> None:
        self._store = store
        self._rule = rule
        self._loop = loop
        self._waiting: list[_Waiting] = []
        self._busy = False
        self._one_by_one = 0

    def submit(self, push: Push) -> asyncio.Future[Answered]:
        """Submit; what the future has or raises comes after the commit. Raises Unavailable when too many wait."""
        if len(self._waiting) >= MOST_WAITING:
            raise Unavailable(f"{MOST_WAITING} submissions wait already: try again in a few seconds.")
        answer: asyncio.Future[Answered] = self._loop.create_future()
        self._waiting.append((push, answer))
        if not self._busy:
            self._busy = True
            self._loop.call_soon(self._go_on)  # together with those that were read from the network at the same time
        return answer

    def _go_on(self) -> None:
        if not self._waiting:
            self._busy = False
            return
        batch = self._next_batch(most=1 if self._one_by_one else MOST_IN_BATCH)
        self._one_by_one = max(0, self._one_by_one - 1)
        committing = self._store.write(partial(take_in, pushes=[push for push, _ in batch], rule=self._rule))
        committing.add_done_callback(partial(self._committed, batch))

    def _next_batch(self, *, most: int) -> _Batch:
        """Take some, in order; of two with one key the second stays behind, and finds the answer of the first."""
        batch: list[_Waiting] = []
        behind: list[_Waiting] = []
        keys: set[tuple[str, str]] = set()
        for place, waiting in enumerate(self._waiting):
            if len(batch) == most:
                behind += self._waiting[place:]
                break
            keyed = waiting[0].keyed
            if keyed is not None and (keyed.scope, keyed.key) in keys:
                behind.append(waiting)
                continue
            if keyed is not None:
                keys.add((keyed.scope, keyed.key))
            batch.append(waiting)
        self._waiting = behind
        return batch

    def _committed(self, batch: _Batch, committing: Future[list[Outcome]]) -> None:
        """Go back to the event loop, once for the whole batch. Called by the store's thread."""
        self._loop.call_soon_threadsafe(self._end, batch, committing)

    def _end(self, batch: _Batch, committing: Future[list[Outcome]]) -> None:
        error = committing.exception()
        if error is None:
            for (_, answer), outcome in zip(batch, committing.result(), strict=True):
                _tell(answer, outcome)
        elif isinstance(error, Overtaken):
            self._waiting[:0] = batch  # what was answered elsewhere is known by now
        elif isinstance(error, QgjobError) or len(batch) == 1:
            for _, answer in batch:
                _tell(answer, error)
        else:  # something is wrong with one of them that nobody foresaw: the others are not to blame
            self._waiting[:0] = batch
            self._one_by_one = len(batch)
        self._go_on()


def _tell(answer: asyncio.Future[Answered], outcome: Outcome | BaseException) -> None:
    if answer.done():  # nobody waits any more
        return
    if isinstance(outcome, BaseException):
        answer.set_exception(outcome)
    else:
        answer.set_result(outcome)
