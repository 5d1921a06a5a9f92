"""Names what was looked for in an answer that says only that it was not found, as those of protocol 1 do."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from qgjob.core.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def looking_for(name: str) -> Iterator[None]:
    """Add the id that the user gave to a NotFound raised in the block, unless it is named there."""
    try:
        yield
    except NotFound as error:
        if name in error.message:
            raise
        raise NotFound(f"{error.message}: {name}") from None
