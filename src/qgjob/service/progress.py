"""What agents say while they work: events of a lease, and renewals."""

from collections.abc import Sequence
from dataclasses import dataclass

from qgjob.core.errors import NotFound
from qgjob.core.lease import HeldLease, LeaseEnded, LeaseEvent, LeaseState
from qgjob.core.timing import LEASE
from qgjob.core.words import AgentId, JobId, LeaseToken, WorkerId
from qgjob.service import find
from qgjob.service.claim import see_agent
from qgjob.service.reporting.events import take_in
from qgjob.service.reporting.late import keep
from qgjob.store import Transaction
from qgjob.store.clock import from_micros


@dataclass(frozen=True, kw_only=True)
class ReportOutcome:
    """`in_force` False: what came was kept as evidence, the agent stops its tests. `cancel`: jobs to be stopped."""

    last_seq: int
    in_force: bool
    cancel: tuple[JobId, ...]


def report(tx: Transaction, *, agent_id: AgentId, token: LeaseToken, events: Sequence[LeaseEvent]) -> ReportOutcome:
    """Take in events of a lease, in the order of their `seq`; those up to the last known one are passed over.

    A lease that is over, or an attempt that has ended, gains evidence and changes no verdict. Raises NotFound for a
    lease that this agent never had, InvalidRequest for an event that names a job or attempt of another lease.
    """
    lease = _lease_of(tx, agent_id, token)
    see_agent(tx, agent_id)
    tx.execute("see_worker", worker_id=lease.worker_id, agent_id=agent_id, now=tx.now)
    last_seq, in_force = lease.last_seq, lease.in_force
    for event in sorted(events, key=lambda event: event.seq):
        if event.seq <= last_seq:
            continue
        if in_force:
            take_in(tx, find.lease(tx, token), event)
        else:
            keep(tx, lease, event)
        last_seq, in_force = event.seq, in_force and not isinstance(event, LeaseEnded)
    tx.execute("hear_lease", token=token, last_seq=last_seq)
    return ReportOutcome(last_seq=last_seq, in_force=in_force, cancel=_to_stop(tx, token) if in_force else ())


def renew(
    tx: Transaction, *, agent_id: AgentId, worker_ids: Sequence[WorkerId], tokens: Sequence[LeaseToken]
) -> tuple[LeaseState, ...]:
    """Take a sign of life of an agent and its workers, and move the deadlines of its leases that are in force.

    One state per token, in their order; a token that this agent never had is simply not in force. Workers of others
    are passed over. Raises NotFound when the agent is not known: it registers again.
    """
    see_agent(tx, agent_id)
    for worker_id in worker_ids:
        tx.execute("see_worker", worker_id=worker_id, agent_id=agent_id, now=tx.now)
    return tuple(_renewed(tx, agent_id, token) for token in tokens)


def _lease_of(tx: Transaction, agent_id: AgentId, token: LeaseToken) -> HeldLease:
    lease = find.lease(tx, token)
    if lease.agent_id != agent_id:
        raise NotFound(f"The agent {agent_id} never had a lease {token}.")
    return lease


def _renewed(tx: Transaction, agent_id: AgentId, token: LeaseToken) -> LeaseState:
    row = tx.row("renew_lease", token=token, agent_id=agent_id, deadline_at=tx.now + LEASE)
    if row is None:
        return LeaseState(token=token, in_force=False, deadline_at=None, cancel=())
    deadline_at = from_micros(row["deadline_at"])
    return LeaseState(token=token, in_force=True, deadline_at=deadline_at, cancel=_to_stop(tx, token))


def _to_stop(tx: Transaction, token: LeaseToken) -> tuple[JobId, ...]:
    return tuple(row["job_id"] for row in tx.rows("jobs_to_stop", token=token))
