"""Delivers what happens under a lease to the server, in order, for as long as it takes; the journal bridges restarts.

A server that is away delays reports and nothing else: tests go on, and what they did is told later.
"""

import asyncio
from collections.abc import Callable, Sequence
from typing import Self

from qgjob.agent.delivery.journal import Journal
from qgjob.agent.delivery.patience import patiently
from qgjob.agent.session.orders import Orders
from qgjob.agent.session.story import LeaseStory
from qgjob.client import Client
from qgjob.core.errors import QgjobError
from qgjob.core.words import AgentId, JobId, LeaseToken
from qgjob.wire.agents import Event, ReportBody, Reported

MOST_EVENTS_AT_ONCE = 100
"""With every text as long as the wire allows, these stay below what the server takes in one request."""

Say = Callable[[str], None]


class Reports:
    """Where reports go: one server, one agent, one journal."""

    def __init__(self, client: Client, agent_id: AgentId, journal: Journal, say: Say) -> None:
        self._client = client
        self._agent_id = agent_id
        self._journal = journal
        self._say = say

    def open(self, token: LeaseToken, orders: Orders) -> "LeaseReport":
        """Begin the report of a lease; what the server answers becomes orders."""
        return LeaseReport(self, token, orders)

    async def deliver_left_over(self) -> None:
        """Deliver what an earlier agent could not. The server decides what still counts of it."""
        for left in await asyncio.to_thread(self._journal.undelivered):
            self._say(f"delivering {len(left.events)} events of lease {left.token} that an earlier agent left")
            for start in range(0, len(left.events), MOST_EVENTS_AT_ONCE):
                if await self.deliver(left.token, left.events[start : start + MOST_EVENTS_AT_ONCE]) is None:
                    break
            self._journal.forget(left.token)

    async def deliver(self, token: LeaseToken, events: Sequence[Event]) -> Reported | None:
        """Deliver these events, waiting for the server if need be; None when it refuses them for good."""
        body = ReportBody(agent_id=self._agent_id, events=list(events))
        try:
            return await patiently(lambda: self._client.leases.report(token, body))
        except QgjobError as error:
            self._say(f"the server refuses the report of lease {token}: {error.message}")
            return None

    def keep(self, token: LeaseToken, event: Event) -> None:
        """Write an event into the journal. A full disk costs the safety net, not the test."""
        try:
            self._journal.write(token, event)
        except OSError as error:
            self._say(f"event {event['seq']} of lease {token} is not in the journal: {error}")

    def confirm(self, token: LeaseToken, last_seq: int) -> None:
        """Note in the journal what the server knows."""
        try:
            self._journal.confirm(token, last_seq)
        except OSError as error:
            self._say(f"lease {token} is not confirmed in the journal: {error}")

    def forget(self, token: LeaseToken) -> None:
        """Drop a lease from the journal."""
        self._journal.forget(token)


class LeaseReport:
    """The report of one lease. Use it as a context: on leaving, delivery stops, and the journal keeps what is left."""

    def __init__(self, reports: Reports, token: LeaseToken, orders: Orders) -> None:
        self.story = LeaseStory(self._add)
        self._reports = reports
        self._token = token
        self._orders = orders
        self._pending: list[Event] = []
        self._work = asyncio.Event()
        self._all_delivered = asyncio.Event()
        self._all_delivered.set()
        self._refused = False

    async def __aenter__(self) -> Self:
        self._delivery = asyncio.create_task(self._deliver())
        return self

    async def __aexit__(self, *_error: object) -> None:
        self._delivery.cancel()
        await asyncio.wait([self._delivery])
        if not self._pending:
            self._reports.forget(self._token)

    async def delivered(self) -> None:
        """Wait until the server has everything that was told so far, or wants none of it."""
        await self._all_delivered.wait()

    def _add(self, event: Event) -> None:
        if self._refused:
            return
        self._reports.keep(self._token, event)
        self._pending.append(event)
        self._all_delivered.clear()
        self._work.set()

    async def _deliver(self) -> None:
        while True:
            await self._work.wait()
            self._work.clear()
            while self._pending:
                self._hear(await self._reports.deliver(self._token, self._pending[:MOST_EVENTS_AT_ONCE]))
            self._all_delivered.set()

    def _hear(self, answer: Reported | None) -> None:
        if answer is None:
            self._refused = True
            self._pending.clear()
            self._orders.end_lease()
            return
        self._pending = [event for event in self._pending if event["seq"] > answer["last_seq"]]
        self._reports.confirm(self._token, answer["last_seq"])
        self._orders.cancel(JobId(job_id) for job_id in answer["cancel"])
        if not answer["in_force"]:
            self._orders.end_lease()
