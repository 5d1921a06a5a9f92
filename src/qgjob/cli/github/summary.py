"""The summary of a job, on the page of its workflow run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qgjob.cli.github.body import Room, body, headline, mark_of

if TYPE_CHECKING:
    from qgjob.cli.github.outcome import Outcome

MOST_BYTES = 1_000_000
"""GitHub takes 1 MiB of each step, and shows nothing of more."""
_MOST_ERROR = 8000


def summary(outcome: Outcome, *, already_bytes: int = 0) -> str:
    """Write the summary; `already_bytes`: what the step has written before."""
    room = Room(most_bytes=max(MOST_BYTES - already_bytes, 0), most_error=_MOST_ERROR)
    return body(outcome, head=[f"### {mark_of(outcome)} qgjob: {headline(outcome)}"], room=room)
