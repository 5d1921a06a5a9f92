"""The text about a run that summary, comment and check share, cut to what its place holds: what matters least first."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qgjob.cli.github.markdown import code, code_block, code_in_html, link
from qgjob.cli.github.outcome import Kind
from qgjob.cli.views.moments import duration

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from qgjob.cli.github.outcome import CaseTold, JobTold, Outcome, Result

MARKS = {"passed": "✅", "failed": "❌"}
OTHER_MARK = "⚠️"
_HEADINGS = {
    Kind.NEW: "New failures",
    Kind.KNOWN: "Known failures",
    Kind.FLAKY: "Flaky: passed on a retry",
    Kind.MUTED: "Muted: they decide nothing",
}
_JOBS_HEADING = "Jobs that did not come to a result"
_TOLD_BY_COUNTS = {"passed", "failed"}
"""Of a run that came to one of these the message has only what the counts have."""
_OURS = re.compile(r"[a-z]+(?:[ :,]+[a-z]+|[ ,]+[0-9][0-9.-]*)*")
_FOR_WHAT_IS_CUT = 400
"""Bytes kept free for the line that says what was cut."""


@dataclass(frozen=True, kw_only=True)
class Room:
    """What a place holds: UTF-8 bytes in all, which is never less than characters by any count; and of one error."""

    most_bytes: int
    most_error: int


@dataclass(frozen=True, kw_only=True)
class _Entry:
    """One thing to tell, in one line and, where there is more to say, at length."""

    of: str
    short: str
    long: str


def body(outcome: Outcome, *, head: Sequence[str], room: Room) -> str:
    """Write all there is to say below `head`, within the room.

    Everything is told in a line first, by importance, as far as there is room for it; what is left of it goes to the
    errors, by importance again.
    """
    paragraphs = [*head, *_figures(outcome)]
    entries = list(_entries(outcome, room))
    used = _size("\n\n".join(paragraphs)) + sum(_size(f"\n\n#### {of}\n\n") for of in {entry.of for entry in entries})
    budget = room.most_bytes - used - _FOR_WHAT_IS_CUT
    kept = _chosen(entries, budget)
    for of in dict.fromkeys(entry.of for entry in entries):
        texts = [text for entry, text in zip(entries, kept, strict=False) if entry.of == of]
        if texts:
            paragraphs += [f"#### {of}", *texts]
    if cut := list(_what_is_cut(entries, kept)):
        paragraphs.append(f"**Cut, for want of room:** {', '.join(cut)}. The run on the farm has all of it.")
    return "\n\n".join(paragraphs) + "\n"


def headline(outcome: Outcome) -> str:
    """Say in a few words how it came out: `failed: 2 of 14 cases failed (1 new, 1 known)`."""
    word = outcome.status.replace("_", " ")
    result = outcome.result
    if result is None or not result.counts.failed:
        return word
    failed = {kind: len(outcome.cases_of(kind)) for kind in (Kind.NEW, Kind.KNOWN, Kind.MUTED)}
    listed = ", ".join(f"{count} {kind}" for kind, count in failed.items() if count)
    return f"{word}: {result.counts.failed} of {_number(result.counts.total, 'case')} failed ({listed})"


def mark_of(outcome: Outcome) -> str:
    """Choose the sign that the eye finds before it reads."""
    return MARKS.get(outcome.status, OTHER_MARK)


def _figures(outcome: Outcome) -> Iterator[str]:
    if outcome.message and not (outcome.result and outcome.status in _TOLD_BY_COUNTS):
        yield code_block(outcome.message, most=2000)
    if outcome.unknown:
        yield f"What became of its cases is not known here: {code(outcome.unknown, most=1000)}"
    if outcome.result:
        yield _counts(outcome.result)
        yield from _costs(outcome.result)
    if outcome.report_url:
        yield link("The run on the farm", outcome.report_url)


def _counts(result: Result) -> str:
    counts = result.counts
    return (
        f"**{_number(counts.total, 'case')}** in {_number(result.jobs, 'job')}: "
        f"{counts.passed} passed, {counts.failed} failed, {counts.flaky} flaky, "
        f"{counts.skipped} skipped, {counts.not_run} not run."
    )


def _number(count: int, thing: str) -> str:
    return f"{count} {thing}" if count == 1 else f"{count} {thing}s"


def _costs(result: Result) -> Iterator[str]:
    """Tell what a run took that is over: before, an installation is there and what it is for is not."""
    if result.seconds is None:
        return
    parts = [f"Took {duration(result.seconds)}."]
    if savings := result.savings:
        avoided = f", {savings.installs_avoided} avoided" if savings.installs_avoided > 0 else ""
        parts.append(
            f"{_number(savings.installs, 'installation')} of the app{avoided}; "
            f"{duration(savings.test_seconds)} of testing on devices."
        )
    yield " ".join(parts)


def _entries(outcome: Outcome, room: Room) -> Iterator[_Entry]:
    for kind in (Kind.NEW, Kind.KNOWN):
        yield from (_case(case, room) for case in outcome.cases_of(kind))
    for job in outcome.result.jobs_told if outcome.result else ():
        yield _job(job, room)
    for kind in (Kind.FLAKY, Kind.MUTED):
        yield from (_case(case, room) for case in outcome.cases_of(kind))


def _case(case: CaseTold, room: Room) -> _Entry:
    of, place = _HEADINGS[case.kind], f"{case.file}:{case.line}"
    short = f"- {code(case.title)} ({code(place)}): {_said(case.said, case.where, code)}"
    if not case.errors:
        return _Entry(of=of, short=short, long=short)
    summary = f"{code_in_html(case.title)} ({code_in_html(place)}): {_said(case.said, case.where, code_in_html)}"
    text = code_block("\n\n".join(case.errors), most=room.most_error)
    return _Entry(of=of, short=short, long=_folded(summary, text))


def _job(job: JobTold, room: Room) -> _Entry:
    verdict = job.verdict.replace("_", " ")
    short = f"- {code(job.test_path)}: {_said(verdict, job.where, code)}"
    if not job.message:
        return _Entry(of=_JOBS_HEADING, short=short, long=short)
    summary = f"{code_in_html(job.test_path)}: {_said(verdict, job.where, code_in_html)}"
    return _Entry(of=_JOBS_HEADING, short=short, long=_folded(summary, code_block(job.message, most=room.most_error)))


def _said(words: str, where: str, as_code: Callable[[str], str]) -> str:
    """Write how something stands, and on what it ran. Words of ours are plain; a word of a newer server may not be."""
    said = words if _OURS.fullmatch(words) else as_code(words)
    return f"{said}, on {as_code(where)}" if where else said


def _folded(summary: str, text: str) -> str:
    return f"<details><summary>{summary}</summary>\n\n{text}\n\n</details>"


def _chosen(entries: Sequence[_Entry], budget: int) -> list[str]:
    """Take as many lines as there is room for, and then the long form of the first of them that still fit."""
    kept: list[str] = []
    for entry in entries:
        budget -= _size(entry.short) + 2
        if budget < 0:
            return kept  # what has no room for its lines has none for errors
        kept.append(entry.short)
    for number, entry in enumerate(entries):
        more = _size(entry.long) - _size(entry.short)
        if more <= budget:
            budget -= more
            kept[number] = entry.long
    return kept


def _what_is_cut(entries: Sequence[_Entry], kept: Sequence[str]) -> Iterator[str]:
    cut = entries[len(kept) :]
    for of in dict.fromkeys(entry.of for entry in cut):
        yield f"{sum(1 for entry in cut if entry.of == of)} of “{of}”"
    silent = sum(1 for entry, text in zip(entries, kept, strict=False) if text != entry.long)
    if silent:
        yield f"the errors of {silent} others"


def _size(text: str) -> int:
    return len(text.encode())
