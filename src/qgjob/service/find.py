"""Find one thing by its id, or say that there is none."""

from collections.abc import Sequence

from qgjob.core.attempt import Attempt
from qgjob.core.errors import InvalidRequest, NotFound
from qgjob.core.job import Job
from qgjob.core.lease import AttemptEvent, HeldLease, JobReturned
from qgjob.core.words import AgentId, GroupId, JobId, LeaseToken, RunId, WorkerId
from qgjob.core.worker import Worker
from qgjob.store import Row, Transaction
from qgjob.store.nouns import attempt_of, job_of, lease_of, worker_of


def job(tx: Transaction, job_id: JobId) -> Job:
    """Find a job. Raises NotFound in the words of protocol 1."""
    return job_of(_found(tx.row("job_by_id", job_id=job_id), "Job not found"))


def lease(tx: Transaction, token: LeaseToken) -> HeldLease:
    """Find a lease, in force or over. Raises NotFound."""
    return lease_of(_found(tx.row("lease_by_token", token=token), f"There is no lease {token}."))


def locked_lease(tx: Transaction, token: LeaseToken) -> HeldLease:
    """Find a lease and lock it, so that nobody else ends it meanwhile. Raises NotFound."""
    return lease_in(tx.rows("lock_lease", token=token), token)


def lease_in(rows: Sequence[Row], token: LeaseToken) -> HeldLease:
    """Find a lease in an answer. Raises NotFound."""
    return lease_of(_found(rows[0] if rows else None, f"There is no lease {token}."))


def attempt_of_event(tx: Transaction, lease: HeldLease, event: AttemptEvent) -> Attempt:
    """Find the attempt that an event speaks of.

    Raises InvalidRequest when the lease was never given that job or attempt: no honest agent names another.
    """
    row = tx.row("attempt_of_lease", job_id=event.job_id, lease=lease.token)
    if row is None:
        raise InvalidRequest(f"The lease {lease.token} was never given the job {event.job_id}: nothing was taken in.")
    number = row["number"]
    if not isinstance(event, JobReturned) and event.attempt != number:
        raise InvalidRequest(
            f"The lease {lease.token} was given attempt {number} of job {event.job_id}, not attempt {event.attempt}."
        )
    return attempt_of(row)


def agent(tx: Transaction, agent_id: AgentId) -> None:
    """Make sure that an agent is known. Raises NotFound: it registers, and asks again."""
    row = tx.row("agent_by_id", agent_id=agent_id)
    _found(row, f"The agent {agent_id} is not known here: register it, then ask again.")


def worker(tx: Transaction, worker_id: WorkerId) -> Worker:
    """Find a worker. Raises NotFound in the words of protocol 1."""
    return worker_of(_found(tx.row("worker_by_id", worker_id=worker_id), "Worker not found"), tx.now)


def worker_of_agent(tx: Transaction, agent_id: AgentId, worker_id: WorkerId) -> Row:
    """Find a worker, where it is this agent's. Raises NotFound: the agent registers, and asks again."""
    row = tx.row("worker_of_agent", worker_id=worker_id, agent_id=agent_id)
    return _found(row, f"The agent {agent_id} has no worker {worker_id} here: register the agent again.")


def run(tx: Transaction, run_id: RunId) -> Row:
    """Find a run's row. Raises NotFound."""
    return _found(tx.row("run_by_id", run_id=run_id), f"There is no run {run_id}.")


def group(tx: Transaction, group_id: GroupId) -> Row:
    """Find a group's row, sums and all. Raises NotFound."""
    return _found(tx.row("group_by_id", group_id=group_id), f"There is no group {group_id}.")


def _found(row: Row | None, otherwise: str) -> Row:
    if row is None:
        raise NotFound(otherwise)
    return row
