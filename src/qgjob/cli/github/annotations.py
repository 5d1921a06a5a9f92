"""Annotations: what failed, beside the line of the test in the changed files and on the page of the workflow run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qgjob.cli.github.commands import command, notice
from qgjob.cli.github.markdown import one_line, readable
from qgjob.cli.github.outcome import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from qgjob.cli.github.outcome import CaseTold, Outcome

MOST_OF_A_LEVEL = 10
"""GitHub shows so many errors, and so many warnings, of one step; of more it shows none that we could choose."""
_MOST_MESSAGE = 2000
_MOST_TITLE = 200


def annotate(outcome: Outcome) -> Iterator[str]:
    """Write an `::error` for each case that failed, a `::warning` for each that was muted or flaky: the first ten each.

    A run that did not pass and has no failed case to show for it says so in an error without a place.
    """
    cases = outcome.result.cases if outcome.result else ()
    errors = [case for case in cases if case.kind in {Kind.NEW, Kind.KNOWN}]
    warnings = [case for case in cases if case.kind in {Kind.FLAKY, Kind.MUTED}]
    if not errors and outcome.status != "passed":
        yield command("error", outcome.message or _ended(outcome), title=f"qgjob: {outcome.status}")
    yield from _of_level("error", errors)
    yield from _of_level("warning", warnings)
    more = max(len(errors) - MOST_OF_A_LEVEL, 0) + max(len(warnings) - MOST_OF_A_LEVEL, 0)
    if more:
        yield notice(f"{more} more cases failed, were flaky or are muted: the summary of this job has all of them.")


def message_of(case: CaseTold, *, most: int = _MOST_MESSAGE) -> str:
    """Say what became of a case, and the error that it failed with."""
    text = "\n\n".join([f"{case.said}{f' ({case.where})' if case.where else ''}", *case.errors])
    text = readable(text)
    return text if len(text) <= most else text[: most - 1] + "…"


def title_of(case: CaseTold) -> str:
    """Name a case, on one line."""
    return one_line(case.title, most=_MOST_TITLE) or "-"


def _of_level(level: str, cases: Sequence[CaseTold]) -> Iterator[str]:
    for case in cases[:MOST_OF_A_LEVEL]:
        yield command(
            level, message_of(case), file=one_line(case.file, most=1000), line=max(case.line, 1), title=title_of(case)
        )


def _ended(outcome: Outcome) -> str:
    return f"The run ended as {outcome.status}."
