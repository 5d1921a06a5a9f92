"""Signs of life: when an agent or a worker was last heard of."""

from qgjob.core.timing import PROTOCOL1_LEASE, SILENT_AFTER
from qgjob.core.words import AgentId, WorkerId
from qgjob.store import Transaction


def agent(tx: Transaction, agent_id: AgentId) -> None:
    """Take a sign of life of an agent."""
    tx.note("see_agent", agent_id, agent_id=agent_id, now=tx.now)


def worker(tx: Transaction, agent_id: AgentId, worker_id: WorkerId) -> None:
    """Take a sign of life of a worker, where it is this agent's."""
    times = {"now": tx.now, "awake_since_at": tx.now - SILENT_AFTER}
    tx.note("see_worker", (worker_id, agent_id), worker_id=worker_id, agent_id=agent_id, **times)


def protocol1_worker(tx: Transaction, worker_id: WorkerId) -> None:
    """Take a sign of life of a worker that speaks for itself."""
    times = {"now": tx.now, "awake_since_at": tx.now - PROTOCOL1_LEASE}
    tx.note("see_protocol1_worker", worker_id, worker_id=worker_id, **times)
