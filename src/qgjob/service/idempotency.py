"""Answer a repeated request as its first was answered, and do its deed once: both in one transaction.

It knows requests by their key, and what they ask by a digest; what an answer says is its caller's.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from qgjob.core.errors import Conflict, KeyReused
from qgjob.store import Transaction

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
    known = tx.row("find_answer", scope=request.scope, key=request.key)
    if known is not None:
        if known["digest"] != request.digest:
            raise KeyReused(
                f"The Idempotency-Key {request.key!r} was used for another request: nothing was done. "
                "Send each request with a key of its own, and the same key only to repeat it."
            )
        return Answered(answer=known["answer"], again=True)
    answer = deed(tx)
    if answer is None:
        return None
    kept = tx.execute(
        "keep_answer", scope=request.scope, key=request.key, digest=request.digest, answer=answer, at=tx.now
    )
    if not kept:
        raise Overtaken("The same request was answered at this very moment: ask once more.")
    return Answered(answer=answer, again=False)


def forget(tx: Transaction) -> bool:
    """Forget answers that were kept long enough, a bounded number of them; say whether there may be more."""
    return tx.execute("forget_answers", before=tx.now - KEPT, limit=MOST_FORGOTTEN) == MOST_FORGOTTEN
