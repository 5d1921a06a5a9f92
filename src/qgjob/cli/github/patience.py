"""How long to go on where GitHub is away or limits us: a rule, without a clock of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qgjob.cli.github.api import GithubBusy

MOST_WAIT_S = 60.0
"""In all: a step that waits for an hour costs more than a comment is worth."""
_PAUSES_S = (1.0, 3.0, 9.0)


def pause_before_again(error: GithubBusy, *, tries: int, waited_s: float) -> float | None:
    """Seconds to wait before everything is done again after so many tries; None: give up."""
    if tries > len(_PAUSES_S):
        return None
    pause_s = _PAUSES_S[tries - 1] if error.pause_s is None else error.pause_s
    return pause_s if waited_s + pause_s <= MOST_WAIT_S else None
