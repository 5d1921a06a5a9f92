"""Tells the server who the agent is and which devices it has, at every start and whenever that changes."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial

from qgjob import __version__
from qgjob.agent.delivery.patience import patiently
from qgjob.agent.workers import DeviceWorker, Workers
from qgjob.client import Client
from qgjob.core.words import AgentId, LeaseToken
from qgjob.wire.agents import AGENT_PROTOCOL, AgentRegistration, WorkerFacts


@dataclass(frozen=True, kw_only=True)
class Identity:
    """Who the agent says it is."""

    agent_id: AgentId
    name: str
    has_project: bool


class Registration:
    """The agent's entry on the server. `renew_every_s` is how often it wants to hear from the agent."""

    def __init__(self, identity: Identity, workers: Workers, client: Client, say: Callable[[str], None]) -> None:
        self.renew_every_s = 0.0
        self._say = say
        self._identity = identity
        self._workers = workers
        self._client = client

    async def register(self, *, holding: Iterable[LeaseToken]) -> list[DeviceWorker]:
        """Register the devices that answer, waiting for the server if need be; returns those that do not.

        `holding`: the leases that are still worked on; the server ends every other. Raises what it refuses it with.
        """
        facts, silent = await self._workers.facts()
        body = self._body(facts, holding=holding)
        answer = await patiently(partial(self._client.leases.register, body), say=self._say)
        self._workers.know(answer["workers"])
        self.renew_every_s = answer["renew_every_s"]
        return silent

    async def say_goodbye(self) -> None:
        """Register without any device, so that nobody waits for them."""
        await patiently(partial(self._client.leases.register, self._body([], holding=())))

    def _body(self, facts: list[WorkerFacts], *, holding: Iterable[LeaseToken]) -> AgentRegistration:
        return AgentRegistration(
            agent_id=self._identity.agent_id,
            name=self._identity.name,
            protocol=AGENT_PROTOCOL,
            version=__version__,
            has_project=self._identity.has_project,
            holding=sorted(holding),
            workers=facts,
        )
