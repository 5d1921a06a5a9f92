"""Give free workers work, or the lease again whose answer they never got."""

from collections.abc import Sequence

from qgjob.core.lease import Lease
from qgjob.core.packing import MOST_JOBS
from qgjob.core.policy import SHIPPED, Rule
from qgjob.core.timing import LEASE
from qgjob.core.words import AgentId, WorkerId
from qgjob.service import find
from qgjob.service.books import seen
from qgjob.service.jobs import waiting
from qgjob.service.leasing.offer import offer
from qgjob.service.leasing.shown import shown
from qgjob.store import Transaction
from qgjob.store.nouns import worker_of


def claim(
    tx: Transaction,
    *,
    agent_id: AgentId,
    worker_ids: Sequence[WorkerId],
    rule: Rule = SHIPPED,
    most_jobs: int = MOST_JOBS,
    sees_all: bool = False,
) -> tuple[Lease, ...]:
    """Lease work to these workers of the agent, one lease of `most_jobs` each at most; empty when nothing fits now.

    A worker whose lease is in force but was never reported on is given that same lease again: its answer was lost on
    the way. One that has begun its lease is passed over. Raises NotFound when the agent, or a worker of it, is not
    known: the agent registers and asks again. A verb for `Store.decide`.
    """
    tx.settle()
    if not worker_ids:
        find.agent(tx, agent_id)
    seen.agent(tx, agent_id)
    if tx.first("wake"):
        waiting.wake(tx)
    leases = [
        _lease_for(tx, agent_id, worker_id, rule, most_jobs, sees_all=sees_all)
        for worker_id in dict.fromkeys(worker_ids)
    ]
    return tuple(lease for lease in leases if lease is not None)


def _lease_for(
    tx: Transaction, agent_id: AgentId, worker_id: WorkerId, rule: Rule, most_jobs: int, *, sees_all: bool
) -> Lease | None:
    row = find.worker_of_agent(tx, agent_id, worker_id)
    seen.worker(tx, agent_id, worker_id)
    if row["lease"] is None:
        return offer(
            tx,
            worker_of(row, tx.now),
            lasts=LEASE,
            most_jobs=most_jobs,
            rule=rule,
            sees_all=sees_all,
            protocol=row["protocol"],
        )
    held = find.lease(tx, row["lease"])
    if held.last_seq > 0:
        return None
    tx.execute("prolong_lease", token=held.token, deadline_at=tx.now + LEASE)
    return shown(tx, find.lease(tx, held.token))
