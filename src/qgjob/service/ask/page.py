"""Pages of long lists, by keyset: a page costs the same wherever it lies."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from qgjob.core.errors import FieldProblem, InvalidRequest
from qgjob.store import Row

T = TypeVar("T")

_MOST_DIGITS = 18
FURTHEST = 10**_MOST_DIGITS
"""Beyond every number: where a list begins that goes backwards."""


@dataclass(frozen=True, kw_only=True)
class Page(Generic[T]):
    """One page, in the order of its list. `next_cursor` None: this was the last one."""

    items: tuple[T, ...]
    next_cursor: str | None


def start_of(cursor: str | None) -> int:
    """Read after which number a page begins. Raises InvalidRequest for a cursor that we did not give."""
    if cursor is None:
        return 0
    if not (cursor.isascii() and cursor.isdigit() and len(cursor) <= _MOST_DIGITS):
        problem = FieldProblem(field="cursor", message="is none that a page was answered with")
        raise InvalidRequest(f"cursor {problem.message}: begin without one.", [problem])
    return int(cursor)


def page_of(rows: Sequence[Row], limit: int, read: Callable[[Row], T], *, upto: int | None = None) -> Page[T]:
    """Make a page of at most `limit` rows, of which one more was asked for than fits, to know whether more follow.

    `upto`: they are all up to this number, and more may lie beyond.
    """
    shown = rows[:limit]
    last = shown[-1]["number"] if len(rows) > limit else upto
    following = None if last is None else str(last)
    return Page(items=tuple(read(row) for row in shown), next_cursor=following)
