"""Evidence of attempts: which files were stored, under which names."""

from qgjob.core.evidence import Evidence
from qgjob.core.words import AgentId, JobId, Sha256
from qgjob.store import Transaction


def admit(tx: Transaction, *, job_id: JobId, attempt: int, agent_id: AgentId) -> None:
    """Check, before its bytes are taken, that evidence of this attempt may come from this agent.

    Raises NotFound when there is no such attempt, Conflict when another agent had it.
    """
    raise NotImplementedError


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
    raise NotImplementedError


def of_attempt(tx: Transaction, *, job_id: JobId, attempt: int) -> tuple[Evidence, ...]:
    """All evidence of an attempt, by name."""
    raise NotImplementedError


def find(tx: Transaction, *, job_id: JobId, attempt: int, name: str) -> Evidence:
    """One piece of evidence. Raises NotFound."""
    raise NotImplementedError
