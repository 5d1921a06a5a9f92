"""Turns the lines that our Playwright reporter writes into events. A line that is none is refused, not guessed."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

from qgjob.agent.runner.events import (
    Alive,
    Attachment,
    CaseBegan,
    CaseEnded,
    CaseError,
    FailureReason,
    Location,
    Outcome,
    RunBegan,
    RunEnded,
    RunFailed,
    RunnerEvent,
    RunStatus,
    Step,
)
from qgjob.core.attempt import Case
from qgjob.core.words import CaseStatus

MOST_LINE_BYTES = 16 * 1024 * 1024
"""The longest line is the one that lists all cases: ten thousand, each with a path and a title."""
_NO_TESTS = "No tests found"


class NotAnEvent(ValueError):
    """A line that the reporter never writes."""


class EventReader:
    """Reads the lines of one run in order; later lines name the cases that the first one listed."""

    def __init__(self) -> None:
        self._cases: dict[str, Case] = {}

    def read(self, line: bytes) -> RunnerEvent:
        """One line, with or without its line end. Raises NotAnEvent."""
        if len(line) > MOST_LINE_BYTES:
            raise NotAnEvent(f"a line of {len(line)} bytes is longer than any event")
        try:
            fields = json.loads(line)
            if not isinstance(fields, dict):
                raise NotAnEvent(f"not an object: {_shown(line)}")
            return self._event(_Fields(fields))
        except (KeyError, TypeError, ValueError, RecursionError, OverflowError) as error:
            raise NotAnEvent(f"{error} in {_shown(line)}") from error

    def _event(self, fields: "_Fields") -> RunnerEvent:
        match fields.text("event"):
            case "began":
                return self._run_began(fields)
            case "case_began":
                return CaseBegan(at=fields.at(), case=self._case(fields), retry=fields.count("retry"))
            case "alive":
                return Alive(at=fields.at())
            case "case_ended":
                return self._case_ended(fields)
            case "failed":
                return self._run_failed(fields)
            case "config_failed":
                return _failure(fields, FailureReason.CONFIGURATION)
            case "ended":
                return RunEnded(at=fields.at(), status=RunStatus(fields.text("status")), seconds=fields.seconds("ms"))
            case other:
                raise NotAnEvent(f"unknown event {other!r}")

    def _run_began(self, fields: "_Fields") -> RunBegan:
        listed = fields.each("cases")
        cases = tuple(map(_case, listed))
        self._cases = {case.case_id: case for case in cases}
        configured = "retries" in fields
        return RunBegan(
            at=fields.at(),
            cases=cases,
            retries=fields.count("retries") if configured else None,
            timeout_s=(fields.seconds("timeout_ms") or None) if configured else None,
            build_path=fields.path("build_path") if "build_path" in fields else None,
            lines={each.text("case_id"): frozenset(each.counts("lines")) for each in listed},
        )

    def _case_ended(self, fields: "_Fields") -> CaseEnded:
        return CaseEnded(
            at=fields.at(),
            case=self._case(fields),
            retry=fields.count("retry"),
            status=CaseStatus(fields.text("status")),
            expected=CaseStatus(fields.text("expected")),
            outcome=Outcome(fields.text("outcome")),
            seconds=fields.seconds("ms"),
            errors=tuple(
                CaseError(message=each.text("message"), location=_location(each)) for each in fields.each("errors")
            ),
            steps=tuple(_step(each) for each in fields.each("steps")),
            attachments=tuple(_attachment(each) for each in fields.each("attachments")),
        )

    def _run_failed(self, fields: "_Fields") -> RunFailed:
        if fields.text("message").removeprefix("Error: ").startswith(_NO_TESTS):
            return _failure(fields, FailureReason.NO_TESTS)
        # A project that could not be loaded begins without cases.
        return _failure(fields, FailureReason.DURING_RUN if self._cases else FailureReason.CONFIGURATION)

    def _case(self, fields: "_Fields") -> Case:
        return self._cases[fields.text("case_id")]


class _Fields:
    """A JSON object whose values are taken out by their type. Raises KeyError, TypeError or ValueError."""

    def __init__(self, fields: Mapping[str, object]) -> None:
        self._fields = fields

    def __contains__(self, name: str) -> bool:
        return name in self._fields

    def text(self, name: str) -> str:
        value = self._fields[name]
        if not isinstance(value, str):
            raise TypeError(f"{name} is no text")
        return value

    def count(self, name: str) -> int:
        value = self._fields[name]
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            raise TypeError(f"{name} is no count")
        return value

    def flag(self, name: str) -> bool:
        value = self._fields[name]
        if not isinstance(value, bool):
            raise TypeError(f"{name} is neither true nor false")
        return value

    def seconds(self, name: str) -> float:
        return self.count(name) / 1000

    def at(self) -> datetime:
        return datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=self.count("at_ms"))

    def each(self, name: str) -> list["_Fields"]:
        value = self._fields[name]
        if not isinstance(value, list):
            raise TypeError(f"{name} is no list")
        return [_object(item, name) for item in value]

    def counts(self, name: str) -> list[int]:
        value = self._fields[name]
        if not isinstance(value, list):
            raise TypeError(f"{name} is no list")
        return [_Fields({name: item}).count(name) for item in value]

    def path(self, name: str) -> Path | None:
        return None if self._fields[name] is None else Path(self.text(name))

    def optional(self, name: str) -> object:
        return self._fields[name]


def _object(value: object, name: str) -> _Fields:
    if not isinstance(value, dict):
        raise TypeError(f"{name} is no object")
    return _Fields(value)


def _case(fields: _Fields) -> Case:
    return Case(
        case_id=fields.text("case_id"),
        title=fields.text("title"),
        file=fields.text("file"),
        line=fields.count("line"),
        select_line=fields.count("select_line"),
    )


def _failure(fields: _Fields, reason: FailureReason) -> RunFailed:
    return RunFailed(at=fields.at(), reason=reason, message=fields.text("message"), location=_location(fields))


def _location(fields: _Fields) -> Location | None:
    value = fields.optional("location")
    if value is None:
        return None
    location = _object(value, "location")
    return Location(file=location.text("file"), line=location.count("line"))


def _step(fields: _Fields) -> Step:
    return Step(
        title=fields.text("title"),
        category=fields.text("category"),
        seconds=fields.seconds("ms"),
        depth=fields.count("depth"),
        failed=fields.flag("failed"),
    )


def _attachment(fields: _Fields) -> Attachment:
    return Attachment(
        name=fields.text("name"),
        path=fields.path("path"),
        content_type=fields.text("content_type"),
    )


def _shown(line: bytes) -> str:
    return line[:200].decode("utf-8", errors="replace")
