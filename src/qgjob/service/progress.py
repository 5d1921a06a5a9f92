"""What agents say while they work: events of a lease, and renewals."""

from collections.abc import Sequence
from dataclasses import dataclass

from qgjob.core.lease import LeaseEvent, LeaseState
from qgjob.core.words import AgentId, JobId, LeaseToken, WorkerId
from qgjob.store import Transaction


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
    raise NotImplementedError


def renew(
    tx: Transaction, *, agent_id: AgentId, worker_ids: Sequence[WorkerId], tokens: Sequence[LeaseToken]
) -> tuple[LeaseState, ...]:
    """Take a sign of life of an agent and its workers, and move the deadlines of its leases that are in force.

    One state per token, in their order; a token that this agent never had is simply not in force. Workers of others
    are passed over. Raises NotFound when the agent is not known: it registers again.
    """
    raise NotImplementedError
