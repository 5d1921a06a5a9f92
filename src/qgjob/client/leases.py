"""Calls that an agent lives by: register, claim, renew, report."""

from qgjob.client.address import path_of
from qgjob.client.transport import Transport
from qgjob.wire.agents import (
    AgentRegistered,
    AgentRegistration,
    ClaimBody,
    Claimed,
    RenewBody,
    Renewed,
    ReportBody,
    Reported,
)


class Leases:
    """An agent's side of the protocol in `qgjob.wire.agents`."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def register(self, body: AgentRegistration) -> AgentRegistered:
        """Say who this agent is and which devices it has."""
        return self._transport.ask(AgentRegistered, "POST", "/agents", body=body, repeatable=True)

    def claim(self, body: ClaimBody) -> Claimed:
        """Ask for work; held open for the body's `wait_s`, answered as soon as work fits.

        A lease whose answer was lost on the way is given to the same worker again.
        """
        wait_s = body["wait_s"]
        return self._transport.ask(Claimed, "POST", "/leases", body=body, repeatable=True, wait_s=wait_s)

    def renew(self, body: RenewBody) -> Renewed:
        """Give the sign of life of an agent, its workers and all its leases."""
        return self._transport.ask(Renewed, "POST", "/leases/renew", body=body, repeatable=True)

    def report(self, token: int, body: ReportBody) -> Reported:
        """Report events of one lease, in order; those the server has are passed over by their sequence numbers."""
        return self._transport.ask(Reported, "POST", path_of("leases", token, "events"), body=body, repeatable=True)
