"""Answer a repeated request as its first was answered, and do its deed once: both in one transaction.

It knows requests by their key, and what they ask by a digest; what an answer says is its caller's.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from qgjob.core.errors import Conflict, KeyReused
from qgjob.store import Row, Transaction

KEPT = timedelta(hours=24)
MOST_FORGOTTEN = 500
"""At once, so that nobody waits for it."""


@dataclass(frozen=True, kw_only=True)
class Keyed:
    """A request that may come again. `key` is its sender's, unique within `scope`; `digest` tells requests apart."""

    scope: str
    key: str
    digest: str


@dataclass(frozen=True, kw_only=True)
class Answered:
    """`again`: this is what the first of these requests was answered, and nothing was done now."""

    answer: str
    again: bool


class Overtaken(Conflict):
    """The same request was answered by another transaction meanwhile: ask once more."""

    code = "overtaken"


def once(tx: Transaction, request: Keyed, deed: Callable[[Transaction], str | None]) -> Answered | None:
    """Do the deed, which returns its answer, and remember that; or return what is remembered.

    A deed that returns None has done nothing and is not remembered. Raises KeyReused when the key stands for another
    request, Overtaken when the same one was at work elsewhere, and what the deed raises: nothing is stored then.
    """
    (known,) = remembered(tx, [request])
    if isinstance(known, KeyReused):
        raise known
    if known is not None:
        return known
    answer = deed(tx)
    if answer is None:
        return None
    keep(tx, [(request, answer)])
    return Answered(answer=answer, again=False)


def remembered(tx: Transaction, requests: Sequence[Keyed]) -> list[Answered | KeyReused | None]:
    """Find what requests were answered before; KeyReused where the key stands for another one, None where for none."""
    found = tx.rows_each("find_answer", [{"scope": each.scope, "key": each.key} for each in requests])
    return [_known(request, rows[0] if rows else None) for request, rows in zip(requests, found, strict=True)]


def keep(tx: Transaction, answers: Sequence[tuple[Keyed, str]]) -> None:
    """Remember answers, in the transaction of their deeds. Raises Overtaken when one of them was given elsewhere."""
    kept = tx.execute_many(
        "keep_answer",
        [
            {"scope": each.scope, "key": each.key, "digest": each.digest, "answer": answer, "at": tx.now}
            for each, answer in answers
        ],
    )
    if kept < len(answers):
        raise Overtaken("The same request was answered at this very moment: ask once more.")


def forget(tx: Transaction) -> bool:
    """Forget answers that were kept long enough, a bounded number of them; say whether there may be more."""
    return tx.execute("forget_answers", before=tx.now - KEPT, limit=MOST_FORGOTTEN) == MOST_FORGOTTEN


def _known(request: Keyed, row: Row | None) -> Answered | KeyReused | None:
    if row is None:
        return None
    if row["digest"] == request.digest:
        return Answered(answer=row["answer"], again=True)
    return KeyReused(
        f"The Idempotency-Key {request.key!r} was used for another request: nothing was done. "
        "Send each request with a key of its own, and the same key only to repeat it."
    )
