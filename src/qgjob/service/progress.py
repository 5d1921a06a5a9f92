"""What agents say while they work: events of a lease, and renewals."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter

from qgjob.core.errors import NotFound
from qgjob.core.lease import LeaseEnded, LeaseEvent, LeaseState
from qgjob.core.timing import LEASE
from qgjob.core.words import AgentId, JobId, LeaseToken, WorkerId
from qgjob.service import find
from qgjob.service.books import seen
from qgjob.service.reporting.events import take_in
from qgjob.service.reporting.hearing import Hearing, hear
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
    hearing = _hear(tx, agent_id, token)
    seen.agent(tx, agent_id)
    seen.worker(tx, agent_id, hearing.lease.worker_id)
    last_seq, in_force = hearing.lease.last_seq, hearing.lease.in_force
    for event in sorted(events, key=attrgetter("seq")):
        if event.seq <= last_seq:
            continue
        if in_force:
            take_in(tx, hearing, event)
        else:
            keep(tx, hearing.lease, event)
        last_seq, in_force = event.seq, in_force and not isinstance(event, LeaseEnded)
    tx.later("hear_lease", token=token, last_seq=last_seq)
    tx.flush()
    return ReportOutcome(
        last_seq=last_seq, in_force=in_force, cancel=tuple(_to_stop(tx, [token])[token]) if in_force else ()
    )


def renew(
    tx: Transaction, *, agent_id: AgentId, worker_ids: Sequence[WorkerId], tokens: Sequence[LeaseToken]
) -> tuple[LeaseState, ...]:
    """Take a sign of life of an agent and its workers, and move the deadlines of its leases that are in force.

    One state per token, in their order; a token that this agent never had is simply not in force. Workers of others
    are passed over. Raises NotFound when the agent is not known: it registers again.
    """
    find.agent(tx, agent_id)
    seen.agent(tx, agent_id)
    for worker_id in worker_ids:
        seen.worker(tx, agent_id, worker_id)
    deadlines = _move_deadlines(tx, agent_id, sorted(set(tokens)))
    to_stop = _to_stop(tx, sorted(deadlines))
    return tuple(
        LeaseState(
            token=token,
            in_force=token in deadlines,
            deadline_at=deadlines.get(token),
            cancel=tuple(to_stop[token]),
        )
        for token in tokens
    )


def _hear(tx: Transaction, agent_id: AgentId, token: LeaseToken) -> Hearing:
    hearing = hear(tx, token)
    if hearing.lease.agent_id != agent_id:
        raise NotFound(f"The agent {agent_id} never had a lease {token}.")
    return hearing


def _move_deadlines(tx: Transaction, agent_id: AgentId, tokens: Sequence[LeaseToken]) -> Mapping[LeaseToken, datetime]:
    """Move the deadlines of the leases that are in force and this agent's; nobody moves any in another order."""
    until_at = tx.now + LEASE
    answers = tx.rows_each(
        "renew_lease", [{"token": token, "agent_id": agent_id, "deadline_at": until_at} for token in tokens]
    )
    return {row["token"]: from_micros(row["deadline_at"]) for answer in answers for row in answer}


def _to_stop(tx: Transaction, tokens: Sequence[LeaseToken]) -> Mapping[LeaseToken, list[JobId]]:
    wanted: defaultdict[LeaseToken, list[JobId]] = defaultdict(list)
    if tokens:
        for row in tx.rows("jobs_to_stop", tokens=tokens):
            wanted[row["lease"]].append(row["job_id"])
    return wanted
