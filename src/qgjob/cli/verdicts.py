"""Exit codes from the verdicts that a server answered with. What is unknown counts as lost, never as passed.

What muted cases alone made of a job is excused by the server, and counts as passed; no other verdict ever is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qgjob.core.outcome import ExitCode, exit_code_of_all
from qgjob.core.words import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable

    from qgjob.wire.jobs import JobShown, RunShown

_EXCUSABLE = frozenset({Verdict.FAILED, Verdict.FLAKY})


@dataclass(frozen=True, kw_only=True)
class Strictness:
    """What the caller wants to count as failed tests besides failed tests."""

    fail_on_flaky: bool = False
    infra_as_failure: bool = False


def exit_code_for(words: Iterable[str | None], strictness: Strictness) -> ExitCode:
    """Exit code for the verdicts of finished jobs."""
    return exit_code_of_all(_verdict(word, strictness) for word in words)


def deciding_verdict(job: JobShown) -> str | None:
    """Name the verdict that a finished job counts with."""
    verdict = job["verdict"]
    return Verdict.PASSED if job.get("excused") and verdict in _EXCUSABLE else verdict


def deciding_verdicts(run: RunShown) -> list[str | None]:
    """List the verdicts that a finished run counts with; a job that has none counts as one that is not known."""
    excused = {word: count for word, count in run.get("excused", {}).items() if word in _EXCUSABLE}
    words: list[str | None] = [word for word, count in run["verdicts"].items() if count > excused.get(word, 0)]
    if any(excused.values()):
        words.append(Verdict.PASSED)
    if sum(run["verdicts"].values()) < len(run["job_ids"]):
        words.append(None)
    return words


def _verdict(word: str | None, strictness: Strictness) -> Verdict | None:
    try:
        verdict = Verdict(word) if word is not None else None
    except ValueError:  # a word of a newer server
        verdict = None
    if strictness.fail_on_flaky and verdict is Verdict.FLAKY:
        return Verdict.FAILED
    if strictness.infra_as_failure and verdict in {None, Verdict.INFRA_ERROR}:
        return Verdict.FAILED
    return verdict
