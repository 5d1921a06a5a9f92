"""What a running session is told from outside: jobs to stop, that its lease is over, that the agent ends."""

import asyncio
from collections.abc import Iterable

from qgjob.core.words import JobId


class Orders:
    """Orders for one session. They only add up; whoever waits for `change` looks at all of them again.

    `stop` is set when the whole session is to stop at once.
    """

    def __init__(self) -> None:
        self.cancelled: set[JobId] = set()
        self.lease_is_over = False
        self.agent_ends = False
        self.stop = asyncio.Event()
        self._changed = asyncio.Event()

    def cancel(self, jobs: Iterable[JobId]) -> None:
        """Stop these jobs, if they have not ended."""
        new = set(jobs) - self.cancelled
        if new:
            self.cancelled |= new
            self._changed.set()

    def end_lease(self) -> None:
        """Stop: somebody else may have these jobs by now."""
        self.lease_is_over = True
        self.stop.set()
        self._changed.set()

    def end_agent(self) -> None:
        """Stop, and give back what was not begun."""
        self.agent_ends = True
        self.stop.set()
        self._changed.set()

    async def change(self) -> None:
        """Wait for an order that was not waited for before."""
        await self._changed.wait()
        self._changed.clear()
