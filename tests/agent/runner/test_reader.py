import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qgjob.agent.runner import (
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
    RunStatus,
    Step,
)
from qgjob.agent.runner.reader import EventReader, NotAnEvent
from qgjob.core.attempt import Case
from qgjob.core.words import CaseStatus

AT_MS = 1_795_392_000_000
AT = datetime(2026, 11, 23, 0, 0, tzinfo=UTC)
CASE = Case(case_id="c1", title="signing in › works", file="tests/login.spec.js", line=14, select_line=9)
CASE_FIELDS = {
    "case_id": "c1",
    "title": "signing in › works",
    "file": "tests/login.spec.js",
    "line": 14,
    "select_line": 9,
    "lines": [14, 9],
}
LINES = {"c1": frozenset({9, 14})}
ENDED_FIELDS = {
    "case_id": "c1",
    "retry": 0,
    "status": "failed",
    "expected": "passed",
    "outcome": "unexpected",
    "ms": 1250,
    "errors": [{"message": "no", "location": {"file": "tests/login.spec.js", "line": 16}}],
    "steps": [{"title": "tap", "category": "test.step", "ms": 40, "depth": 0, "failed": True}],
    "attachments": [
        {"name": "trace", "path": "/work/trace.zip", "content_type": "application/zip"},
        {"name": "note", "path": None, "content_type": "text/plain"},
    ],
}


def line(event: str, **fields: object) -> bytes:
    return json.dumps({"at_ms": AT_MS, "event": event, **fields}).encode()


def begun(**fields: object) -> EventReader:
    """A reader that knows the case c1."""
    reader = EventReader()
    reader.read(line("began", **{"cases": [CASE_FIELDS], "retries": 2, "timeout_ms": 0, **fields}))
    return reader


def test_a_run_begins_with_its_cases_and_the_users_own_settings() -> None:
    event = EventReader().read(line("began", cases=[CASE_FIELDS], retries=2, timeout_ms=30_000, build_path="/a.apk"))
    assert event == RunBegan(at=AT, cases=(CASE,), retries=2, timeout_s=30.0, build_path=Path("/a.apk"), lines=LINES)


def test_a_timeout_of_nought_is_no_limit() -> None:
    assert EventReader().read(line("began", cases=[], retries=0, timeout_ms=0)) == RunBegan(
        at=AT, cases=(), retries=0, timeout_s=None
    )


def test_a_run_without_our_config_knows_no_settings() -> None:
    assert EventReader().read(line("began", cases=[])) == RunBegan(at=AT, cases=(), retries=None, timeout_s=None)


def test_a_case_is_told_whole_when_it_begins_and_ends() -> None:
    reader = begun()
    assert reader.read(line("case_began", case_id="c1", retry=1)) == CaseBegan(at=AT, case=CASE, retry=1)
    assert reader.read(line("case_ended", **ENDED_FIELDS)) == CaseEnded(
        at=AT,
        case=CASE,
        retry=0,
        status=CaseStatus.FAILED,
        expected=CaseStatus.PASSED,
        outcome=Outcome.UNEXPECTED,
        seconds=1.25,
        errors=(CaseError(message="no", location=Location(file="tests/login.spec.js", line=16)),),
        steps=(Step(title="tap", category="test.step", seconds=0.04, depth=0, failed=True),),
        attachments=(
            Attachment(name="trace", path=Path("/work/trace.zip"), content_type="application/zip"),
            Attachment(name="note", path=None, content_type="text/plain"),
        ),
    )


def test_a_sign_of_life_says_only_when() -> None:
    assert begun().read(line("alive")) == Alive(at=AT)


def test_a_run_ends_with_its_status() -> None:
    assert EventReader().read(line("ended", status="timedout", ms=10)) == RunEnded(
        at=AT, status=RunStatus.TIMED_OUT, seconds=0.01
    )


def failure(reader: EventReader, message: str, event: str = "failed") -> RunFailed:
    read = reader.read(line(event, message=message, location=None))
    assert isinstance(read, RunFailed)
    return read


def test_a_failure_before_any_case_is_of_the_configuration() -> None:
    reader = EventReader()
    reader.read(line("began", cases=[], retries=0, timeout_ms=0))
    assert failure(reader, "SyntaxError: Unexpected token").reason is FailureReason.CONFIGURATION


def test_a_failure_beside_the_cases_is_of_the_run() -> None:
    assert failure(begun(), "Error: the teardown failed").reason is FailureReason.DURING_RUN


def test_a_config_that_fails_is_of_the_configuration() -> None:
    assert failure(EventReader(), "no project", "config_failed").reason is FailureReason.CONFIGURATION


def test_that_nothing_was_found_is_told_apart() -> None:
    message = "Error: No tests found.\nMake sure that arguments are regular expressions matching test files."
    assert failure(EventReader(), message).reason is FailureReason.NO_TESTS


def test_an_error_reads_with_its_place() -> None:
    error = CaseError(message="no", location=Location(file="tests/a.spec.js", line=3))
    assert str(error) == "no\n    at tests/a.spec.js:3"


@pytest.mark.parametrize(
    "bad",
    [
        b"",
        b"{",
        b"[]",
        b"\xff\xfe",
        b"[" * 100_000,
        line("unknown"),
        json.dumps({"event": "ended", "status": "passed", "ms": 1}).encode(),
        line("ended", status="unheard of", ms=1),
        line("ended", status="passed", ms=-1),
        line("ended", status="passed", ms=True),
        line("ended", status="passed", ms=10**400),
        line("case_began", case_id="another", retry=0),
        line("case_ended", **{**ENDED_FIELDS, "steps": None}),
        line("case_ended", **{**ENDED_FIELDS, "errors": ["no"]}),
        line("case_ended", **{**ENDED_FIELDS, "attachments": [{"name": "x", "path": 3, "content_type": ""}]}),
        line("failed", message="x", location=3),
    ],
)
def test_a_line_that_is_no_event_is_refused(bad: bytes) -> None:
    with pytest.raises(NotAnEvent):
        begun().read(bad)


def test_a_line_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qgjob.agent.runner.reader.MOST_LINE_BYTES", 100)
    with pytest.raises(NotAnEvent, match="a line of 101 bytes is longer than any event"):
        EventReader().read(b" " * 101)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=10,
)
lines = st.binary(max_size=200) | json_values.map(lambda value: json.dumps(value).encode())


@given(lines)
def test_whatever_a_line_holds_it_is_refused_in_one_way(content: bytes) -> None:
    with pytest.raises(NotAnEvent):
        EventReader().read(content)


@given(field=st.sampled_from(sorted(ENDED_FIELDS)), value=json_values)
def test_a_field_of_any_other_form_is_refused_or_read(field: str, value: object) -> None:
    try:
        event = begun().read(line("case_ended", **{**ENDED_FIELDS, field: value}))
    except NotAnEvent:
        return
    assert isinstance(event, CaseEnded)
