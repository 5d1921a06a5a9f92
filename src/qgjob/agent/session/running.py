"""The sessions that an agent has running: each with its report and its orders, until all of it is told."""

from collections.abc import Collection

from qgjob.agent.delivery.reports import Reports
from qgjob.agent.host_trouble import HostTrouble
from qgjob.agent.session.orders import Orders
from qgjob.agent.session.round import Slot
from qgjob.agent.session.session import Session
from qgjob.agent.workshop import Workshop
from qgjob.core.lease import Lease
from qgjob.core.words import JobId, LeaseToken
from qgjob.wire.agents import LeaseState


class RunningSessions:
    """Sessions by the token of their lease."""

    def __init__(self, workshop: Workshop, reports: Reports) -> None:
        self._workshop = workshop
        self._reports = reports
        self._orders: dict[LeaseToken, Orders] = {}

    @property
    def tokens(self) -> Collection[LeaseToken]:
        """The leases that are being worked on."""
        return self._orders.keys()

    def expect(self, lease: Lease) -> None:
        """Count a lease among those that are worked on, before `run`."""
        self._orders[lease.token] = Orders()

    async def run(self, lease: Lease, slot: Slot) -> None:
        """Work off an expected lease; returns when the server knows everything about it, or wants to know no more.

        Raises HostTrouble, equally when all is told.
        """
        orders = self._orders[lease.token]
        trouble: HostTrouble | None = None
        try:
            async with self._reports.open(lease.token, orders) as report:
                work = self._workshop.work / str(lease.token)
                session = Session(lease, slot, self._workshop, story=report.story, orders=orders, work=work)
                try:
                    await session.run()
                except HostTrouble as error:
                    trouble = error
                await report.delivered()
        finally:
            del self._orders[lease.token]
        if trouble is not None:
            raise trouble

    def hear(self, state: LeaseState) -> None:
        """Take in what the heartbeat was told of a lease."""
        orders = self._orders.get(LeaseToken(state["token"]))
        if orders is None:
            return
        orders.cancel(JobId(job_id) for job_id in state["cancel"])
        if not state["in_force"]:
            orders.end_lease()

    def stop(self) -> None:
        """Tell all of them that the agent ends."""
        for orders in self._orders.values():
            orders.end_agent()
