"""What is ahead of a job or a run: why it waits, and when it is done."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from qgjob.cli.views.moments import ahead, on_the_clock

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qgjob.wire.prospects import EtaShown, WaitingShown

_NEARLY = timedelta(seconds=1)


def prospect_lines(waiting: WaitingShown | None, eta: EtaShown | None, *, now: datetime) -> Iterator[str]:
    """Show it in two lines at most."""
    if waiting is not None:
        yield f"Waiting: {waiting['sentence']}"
    expected = None if eta is None else _expected(eta, now)
    if expected is not None:
        yield f"Expected: {expected}"


def _expected(eta: EtaShown, now: datetime) -> str | None:
    if eta["done_about_at"] is not None:
        start = "" if eta["start_about_at"] is None else f"starts {ahead(eta['start_about_at'], now)}, "
        return f"{start}done {ahead(eta['done_about_at'], now)}"
    if eta["not_before_at"] is None:
        return None
    if datetime.fromisoformat(eta["not_before_at"]) <= now + _NEARLY:
        return "done at any moment; it takes longer than it did before"
    return f"not done before {on_the_clock(eta['not_before_at'], now)}; how much later cannot be told yet"
