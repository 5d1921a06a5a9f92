"""The one comment of a workflow's job on a pull request: written once, then kept up to date.

Its first line, which readers do not see, says whose it is and which run it shows.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qgjob.cli.github.body import Room, body, headline, mark_of
from qgjob.cli.github.markdown import code
from qgjob.cli.github.surroundings import Attempt

if TYPE_CHECKING:
    from qgjob.cli.github.outcome import Outcome
    from qgjob.cli.github.surroundings import Surroundings

MOST_BYTES = 65_000
"""GitHub takes 65,536 characters. It does not say how it counts; there are never more of them than bytes."""
_MOST_ERROR = 3000
_MARK = re.compile(
    r"<!-- qgjob comment (?P<key>[0-9a-f]{16}) run (?P<run>[0-9]{1,18}) attempt (?P<attempt>[0-9]{1,9}) -->\n"
)


@dataclass(frozen=True, kw_only=True)
class Mark:
    """Whose a comment is (`key`), and what it shows."""

    key: str
    shows: Attempt


def comment(outcome: Outcome, surroundings: Surroundings) -> str:
    """Write the comment."""
    attempt = surroundings.attempt
    mark = f"<!-- qgjob comment {surroundings.key} run {attempt.run_id} attempt {attempt.number} -->"
    head = [
        f"{mark}\n### {mark_of(outcome)} {code(surroundings.job_name)}: {headline(outcome)}",
        f"Commit {code(surroundings.head_sha[:12])} in run {attempt.run_id}"
        + (f", attempt {attempt.number}." if attempt.number > 1 else "."),
    ]
    return body(outcome, head=head, room=Room(most_bytes=MOST_BYTES, most_error=_MOST_ERROR))


def mark_in(text: str) -> Mark | None:
    """Read the mark of a comment; only its very beginning counts, so that nothing that is told in it can be one."""
    found = _MARK.match(text.replace("\r\n", "\n", 1))
    if not found:
        return None
    return Mark(key=found["key"], shows=Attempt(run_id=int(found["run"]), number=int(found["attempt"])))
