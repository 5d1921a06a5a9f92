"""Pages of long lists, by keyset: a page costs the same wherever it lies."""

from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Page(Generic[T]):
    """One page, oldest first. `next_cursor` None: this was the last one."""

    items: tuple[T, ...]
    next_cursor: str | None
