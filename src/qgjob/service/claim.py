"""Give free workers work: a bounded picture, a rule, and a lease written by compare-and-set."""

from collections.abc import Sequence

from qgjob.core.lease import Lease
from qgjob.core.words import AgentId, WorkerId
from qgjob.store import Transaction


def claim(tx: Transaction, *, agent_id: AgentId, worker_ids: Sequence[WorkerId]) -> tuple[Lease, ...]:
    """Lease work to these workers of the agent, one lease each at most; empty when nothing fits now.

    A worker whose lease is in force but was never reported on is given that same lease again: its answer was lost on
    the way. One that has begun its lease is passed over. Raises NotFound when the agent, or a worker of it, is not
    known: the agent registers and asks again.
    """
    raise NotImplementedError
