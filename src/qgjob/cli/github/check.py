"""The check run of a workflow's job on a commit: green only for a run that passed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qgjob.cli.github.annotations import message_of, title_of
from qgjob.cli.github.body import Room, body, headline, mark_of
from qgjob.cli.github.markdown import one_line
from qgjob.cli.github.outcome import Kind
from qgjob.cli.github.surroundings import Attempt
from qgjob.cli.receipt import ReceiptStatus

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qgjob.cli.github.outcome import Outcome
    from qgjob.cli.github.surroundings import Surroundings

ANNOTATIONS_AT_ONCE = 50
"""GitHub takes so many in one request; those of further requests are added."""
MOST_ANNOTATIONS = 1000
_ROOM = Room(most_bytes=65_000, most_error=3000)
_EXTERNAL_ID = re.compile(r"qgjob (?P<key>[0-9a-f]{16}) run (?P<run>[0-9]{1,18}) attempt (?P<attempt>[0-9]{1,9})")
_LEVELS = {Kind.NEW: "failure", Kind.KNOWN: "failure", Kind.FLAKY: "warning", Kind.MUTED: "notice"}


@dataclass(frozen=True, kw_only=True)
class Check:
    """A check run as it is to be. `external_id` tells it from that of another attempt."""

    name: str
    head_sha: str
    external_id: str
    conclusion: str
    details_url: str | None
    title: str
    summary: str
    annotations: tuple[dict[str, str | int], ...]


def check(outcome: Outcome, surroundings: Surroundings) -> Check:
    """Write the check run."""
    attempt = surroundings.attempt
    web = outcome.report_url and outcome.report_url.startswith(("http://", "https://"))
    return Check(
        name=f"qgjob: {one_line(surroundings.job_name, most=200)}",
        head_sha=surroundings.head_sha,
        external_id=f"qgjob {surroundings.key} run {attempt.run_id} attempt {attempt.number}",
        conclusion=conclusion_of(outcome.status),
        details_url=outcome.report_url if web else None,
        title=headline(outcome)[:200],
        summary=body(outcome, head=[f"{mark_of(outcome)} {headline(outcome)}"], room=_ROOM),
        annotations=tuple(_annotations(outcome))[:MOST_ANNOTATIONS],
    )


def conclusion_of(status: ReceiptStatus) -> str:
    """Choose GitHub's word. What is not known to have passed, or to have been stopped, failed."""
    match status:
        case ReceiptStatus.PASSED:
            return "success"
        case ReceiptStatus.TIMED_OUT:
            return "timed_out"
        case ReceiptStatus.CANCELLED | ReceiptStatus.INTERRUPTED:
            return "cancelled"
        case _:
            return "failure"


def external_id_in(text: str, *, key: str) -> Attempt | None:
    """Read which attempt a check run tells of; None: it is none of this job's."""
    found = _EXTERNAL_ID.fullmatch(text)
    if not found or found["key"] != key:
        return None
    return Attempt(run_id=int(found["run"]), number=int(found["attempt"]))


def _annotations(outcome: Outcome) -> Iterator[dict[str, str | int]]:
    for case in outcome.result.cases if outcome.result else ():
        line = max(case.line, 1)
        yield {
            "path": one_line(case.file, most=1000) or "-",
            "start_line": line,
            "end_line": line,
            "annotation_level": _LEVELS[case.kind],
            "title": title_of(case),
            "message": message_of(case),
        }
