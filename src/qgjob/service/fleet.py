"""Agents and workers come and come back."""

from collections.abc import Collection, Mapping

from qgjob.core.agent import AgentFacts
from qgjob.core.words import Target, WorkerId
from qgjob.store import Transaction


def register_agent(tx: Transaction, *, facts: AgentFacts) -> tuple[tuple[str, WorkerId], ...]:
    """Know an agent and its devices: (serial, worker id) in the order of `facts.devices`. Ids stay the same for ever.

    Leases of its workers that are not in `facts.holding` end now: attempts that had begun are lost to infrastructure,
    the other jobs go back free of charge. Its devices that are no longer named are offline.
    """
    raise NotImplementedError


def register_worker(
    tx: Transaction, *, name: str, targets: Collection[Target], metadata: Mapping[str, object]
) -> WorkerId:
    """Know a protocol-1 worker, which speaks for itself; every registration makes a new one."""
    raise NotImplementedError
