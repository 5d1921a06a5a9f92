"""Evidence of attempts: which files were stored, under which names."""

from qgjob.core.errors import Conflict, NotFound
from qgjob.core.evidence import Evidence
from qgjob.core.words import AgentId, JobId, Sha256
from qgjob.store import Transaction
from qgjob.store.nouns import evidence_of


def admit(tx: Transaction, *, job_id: JobId, attempt: int, agent_id: AgentId) -> None:
    """Check, before its bytes are taken, that evidence of this attempt may come from this agent.

    Raises NotFound when there is no such attempt, Conflict when another agent had it.
    """
    row = tx.row("attempt_by_number", job_id=job_id, number=attempt)
    if row is None:
        raise NotFound(f"Job {job_id} has no attempt {attempt}.")
    if row["agent_id"] != agent_id:
        raise Conflict(
            f"Attempt {attempt} of job {job_id} was not the agent {agent_id}'s: only its own evidence counts."
        )


def register(
    tx: Transaction,
    *,
    job_id: JobId,
    attempt: int,
    agent_id: AgentId,
    name: str,
    kind: str,
    sha256: Sha256,
    size_bytes: int,
) -> Evidence:
    """Know a stored file of an attempt. The same bytes again change nothing.

    Raises what `admit` raises, and Conflict when the name stands for other bytes.
    """
    admit(tx, job_id=job_id, attempt=attempt, agent_id=agent_id)
    tx.execute(
        "insert_evidence",
        job_id=job_id,
        attempt=attempt,
        name=name,
        kind=kind,
        sha256=sha256,
        size_bytes=size_bytes,
        now=tx.now,
    )
    known = find(tx, job_id=job_id, attempt=attempt, name=name)
    if known.sha256 != sha256:
        raise Conflict(
            f"Attempt {attempt} of job {job_id} has other bytes as {name!r} already: evidence never changes."
        )
    return known


def of_attempt(tx: Transaction, *, job_id: JobId, attempt: int) -> tuple[Evidence, ...]:
    """List the evidence of an attempt, by name."""
    return tuple(evidence_of(row) for row in tx.rows("evidence_of_attempt", job_id=job_id, attempt=attempt))


def find(tx: Transaction, *, job_id: JobId, attempt: int, name: str) -> Evidence:
    """Find one piece of evidence. Raises NotFound."""
    row = tx.row("evidence_by_name", job_id=job_id, attempt=attempt, name=name)
    if row is None:
        raise NotFound(f"Attempt {attempt} of job {job_id} left no {name!r} behind.")
    return evidence_of(row)
