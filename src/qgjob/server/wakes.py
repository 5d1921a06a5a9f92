"""Wakes long-polls: a commit that touched a topic answers everybody who waits for it. Nothing here ticks."""

import asyncio


class Wakes:
    """Who waits for what. Made and used on the event loop, except `on_commit`, which any thread may call."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._next: dict[str, asyncio.Future[None]] = {}
        self.closed = False

    def next_touch(self, topic: str) -> asyncio.Future[None]:
        """Return what is done when the topic is touched next, or at once when the server stops.

        Fetch it before asking the question whose answer may change: a commit in between is then never missed.
        """
        if topic not in self._next:
            self._next[topic] = self._loop.create_future()
            if self.closed:
                self._next[topic].set_result(None)
        return self._next[topic]

    def on_commit(self, topics: frozenset[str]) -> None:
        """Wake who waits for these topics. Called by the store's writer after a commit."""
        self._loop.call_soon_threadsafe(self._wake, topics)

    def close(self) -> None:
        """Answer everybody: the server stops."""
        self.closed = True
        self._wake(frozenset(self._next))

    def _wake(self, topics: frozenset[str]) -> None:
        for topic in topics:
            waiting = self._next.pop(topic, None)
            if waiting is not None and not waiting.done():
                waiting.set_result(None)
