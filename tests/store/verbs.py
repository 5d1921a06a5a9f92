"""Small verbs for exams of the store: they write down facts and count them."""

from qgjob.core.facts import Fact, FactKind
from qgjob.store import Transaction


def note(tx: Transaction, text: str) -> str:
    """Write a fact down."""
    tx.record(Fact(kind=FactKind.WORKER_REGISTERED, data={"name": text}))
    return text


def note_and_fail(tx: Transaction, text: str) -> str:
    """Write a fact down, and think better of it."""
    note(tx, text)
    raise LookupError(text)


def notes(tx: Transaction) -> list[str]:
    """All that was written down."""
    rows = tx.rows("facts_after", org_id=None, after=0, limit=100_000)
    return [row["data"].removeprefix('{"name":"').removesuffix('"}') for row in rows]
