"""Which cases of a job run again: those that have not come out well, where they can be picked without the others."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from qgjob.core.attempt import Case, CaseResult
from qgjob.core.words import CaseStatus, ResetMode, Sha256

MOST_PLACES = 100
"""Each becomes a word of a command line; beyond that all of the job runs again."""


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where cases are that run again. `line` 0: all of the file."""

    file: str
    line: int


@dataclass(frozen=True, kw_only=True)
class EarlierAttempt:
    """An attempt that is over, with its executions that count.

    `told`: its agent told how it ended, and so told of every case that it had, also of those that did not run.
    """

    told: bool
    executions: Sequence[CaseResult]


def places_again(
    earlier: Iterable[EarlierAttempt], *, bundle: Sha256 | None, reset: ResetMode, line: int = 0
) -> tuple[Place, ...]:
    """Name the places to run again after these attempts, oldest first; none: all of the job. `line`: its own, if any.

    That is so as well where picking would be wrong: nobody knows all cases; lines may have moved, since the project is
    its worker's own and not a bundle; cases build upon one another, since the app keeps its data or one case used the
    session of another; a place holds more than the line of the job does, as of a case in a serial block.
    """
    attempts = tuple(earlier)
    if bundle is None or reset is ResetMode.KEEP or not any(each.told and each.executions for each in attempts):
        return ()
    last = {execution.case.case_id: execution for attempt in attempts for execution in attempt.executions}
    again = [execution.case for execution in last.values() if not _is_done(execution)]
    if any(_used_anothers_session(execution) for execution in last.values()) or len(again) == len(last):
        return ()
    places = _places_of(again)
    is_wider = any(place.line < line for place in places)  # blocks begin before what is in them
    return places if len(places) <= MOST_PLACES and not is_wider else ()


def _is_done(execution: CaseResult) -> bool:
    return execution.ok or execution.status is CaseStatus.SKIPPED


def _used_anothers_session(execution: CaseResult) -> bool:
    """Whether it may have: it ran, and opened none of its own."""
    return not execution.session and execution.status in {CaseStatus.PASSED, CaseStatus.FAILED, CaseStatus.TIMED_OUT}


def _places_of(cases: Iterable[Case]) -> tuple[Place, ...]:
    """Collect the lines that pick these cases, per file, in order; a case that no line picks takes its whole file."""
    lines: dict[str, set[int]] = {}
    for case in cases:
        lines.setdefault(case.file, set()).add(case.select_line)
    return tuple(Place(file=file, line=line) for file, wanted in lines.items() for line in _in_order(wanted))


def _in_order(lines: set[int]) -> list[int]:
    return [0] if 0 in lines else sorted(lines)
