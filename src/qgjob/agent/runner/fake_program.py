"""The program that the fake runner starts instead of Playwright: it writes the events of tests that do not exist.

Arguments: the event file, the gateway's port, a grep or nothing, then specs, or single cases as `spec:line`. Cases are
at the lines from 1 on, and called `fake: case 1` and so on; the grep is searched in the path of the spec and that, as a
regular expression of Python in any case, or as `/…/` or `/…/i` says: near to what Playwright does, and not the same.
Started by its path in the
project's folder, so it uses the standard library alone, and little of that: a start is to cost little. How a spec comes
out is a part of its name (`login.flaky.spec.js`), or said in the project's `fake.json`: `{"case_s": 0.02, "specs":
{"tests/login.spec.js": {"outcome": "flaky", "cases": 5, "case_s": 0.1}}}`. Each case that is not skipped has a session
of its own, which does nothing.
"""

import json
import os
import re
import signal
import socket
import sys
import time
import zlib
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

_ANSWER_S = 60.0
_MEANT, _NO_SESSION = "this spec is meant to fail", "the device gave no session"


class Outcome(Enum):
    """How a spec comes out."""

    PASSES = "passes"
    FAILS = "fails"
    FLAKY = "flaky"
    """Fails in about every other run."""
    PATCHY = "patchy"
    """Each of its cases fails in about every third run."""
    DIES = "dies"
    """The program is killed in the middle of it."""
    SHAKY = "shaky"
    """Dies in about every third run."""
    SKIPS = "skips"
    EMPTY = "empty"
    """Holds no tests."""


@dataclass(frozen=True, kw_only=True)
class Spec:
    """One spec file."""

    path: str
    outcome: Outcome = Outcome.PASSES
    cases: int = 3
    case_s: float = 0.01
    only: frozenset[int] | None = None
    grep: str = ""

    def case_ids(self) -> dict[int, str]:
        """Ids of its cases that run, by the line that each is at; the same in every run."""
        lines = [line for line in range(1, self.cases + 1) if self.only is None or line in self.only]
        if self.grep:
            picks = pattern_of(self.grep)
            lines = [line for line in lines if picks.search(f"{self.path} {title_of(line)}")]
        return {line: f"{zlib.crc32(self.path.encode()):08x}-{line}" for line in lines}


def title_of(line: int) -> str:
    """What the case at a line is called."""
    return f"fake: case {line}"


def pattern_of(grep: str) -> re.Pattern[str]:
    """Read a grep. Raises re.error."""
    as_said = re.fullmatch(r"/(.*)/([gi]*)", grep, re.DOTALL)
    if as_said is None:
        return re.compile(grep, re.IGNORECASE)
    return re.compile(as_said[1], re.IGNORECASE if "i" in as_said[2] else 0)


class Interrupted(Exception):
    """Somebody wants the program to end."""


class Device:
    """The way to the device that is none: a gateway that grants sessions."""

    def __init__(self, gateway_port: int) -> None:
        self._port = gateway_port

    def grants_session(self, case_id: str) -> bool:
        """Open a session for a case and end it; whether there was one."""
        try:
            opened = self._ask("POST /session", case_id, b'{"capabilities": {}}')
            session_id = json.loads(opened)["value"]["sessionId"]
            self._ask(f"DELETE /session/{session_id}", case_id)
        except (OSError, ValueError, KeyError):
            return False
        return True

    def _ask(self, what: str, case_id: str, body: bytes = b"") -> bytes:
        """Send what Appwright's own client would, and return the body of the answer."""
        told = f"Content-Length: {len(body)}\r\nX-Qgjob-Case: {case_id}\r\nX-Qgjob-Status: passed"
        with socket.create_connection(("127.0.0.1", self._port), timeout=_ANSWER_S) as connection:
            connection.sendall(f"{what} HTTP/1.0\r\n{told}\r\n\r\n".encode() + body)
            return connection.makefile("rb").read().partition(b"\r\n\r\n")[2]


class Reporter:
    """Writes what Playwright's reporter would write."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("ab", buffering=0)

    def write(self, event: str, **fields: object) -> None:
        """Append one event."""
        line = {"event": event, "at_ms": time.time_ns() // 1_000_000, **fields}
        self._file.write(json.dumps(line).encode() + b"\n")

    def began(self, specs: list[Spec]) -> None:
        """List all cases."""
        cases = [
            {
                "case_id": case_id,
                "title": title_of(line),
                "file": spec.path,
                "line": line,
                "select_line": line,
                "lines": [line],
            }
            for spec in specs
            for line, case_id in spec.case_ids().items()
        ]
        self.write("began", retries=0, timeout_ms=30_000, build_path=None, cases=cases)

    def case_ended(self, case_id: str, *, status: str, seconds: float, why: str = _MEANT) -> None:
        """Say how a case ended, and why if it failed."""
        message = {"message": f"fake: {why}", "location": None}
        self.write(
            "case_ended",
            case_id=case_id,
            retry=0,
            status=status,
            expected="skipped" if status == "skipped" else "passed",
            outcome={"passed": "expected", "skipped": "skipped"}.get(status, "unexpected"),
            ms=round(seconds * 1000),
            errors=[message] if status == "failed" else [],
            steps=[],
            attachments=[],
        )


def main(events: Path, device: Device, grep: str, paths: list[str]) -> None:
    """Run all cases of all specs."""
    signal.signal(signal.SIGINT, _interrupt)
    sys.stdout.write("FAKE RUN: no test was executed, no device was used; these results say nothing about any app.\n")
    sys.stdout.flush()
    reporter = Reporter(events)
    try:
        specs = _specs(paths, grep)
    except re.error as error:
        reporter.write("config_failed", message=f"fake: {grep!r} is no grep: {error}", location=None)
        return
    reporter.began(specs)
    if not any(spec.case_ids() for spec in specs):
        reporter.write("failed", message="Error: No tests found", location=None)
    began = time.monotonic()
    try:
        for spec in specs:
            _run(spec, reporter, device, chance=str(events))
    except Interrupted:
        status = "interrupted"
    else:
        status = "passed"
    reporter.write("ended", status=status, ms=round((time.monotonic() - began) * 1000))


def _run(spec: Spec, reporter: Reporter, device: Device, *, chance: str) -> None:
    """Run one spec. Its sessions come before its first case: an agent that is frozen meanwhile costs it no time."""
    dies = spec.outcome is Outcome.DIES or (spec.outcome is Outcome.SHAKY and _falls(chance, one_in=3))
    case_ids = list(spec.case_ids().values())
    granted = {case_id for case_id in case_ids if spec.outcome is Outcome.SKIPS or device.grants_session(case_id)}
    for case_id in case_ids:
        reporter.write("case_began", case_id=case_id, retry=0)
        try:
            time.sleep(spec.case_s)
        except Interrupted:
            reporter.case_ended(case_id, status="interrupted", seconds=0.0)
            raise
        is_last = case_id == case_ids[-1]
        if is_last and dies:
            os.kill(os.getpid(), signal.SIGKILL)
        why = _MEANT if case_id in granted else _NO_SESSION
        fails = case_id not in granted or _fails(spec, case_id, chance, is_last=is_last)
        status = "skipped" if spec.outcome is Outcome.SKIPS else "failed" if fails else "passed"
        reporter.case_ended(case_id, status=status, seconds=spec.case_s, why=why)


def _fails(spec: Spec, case_id: str, chance: str, *, is_last: bool) -> bool:
    if spec.outcome is Outcome.PATCHY:
        return _falls(chance + case_id, one_in=3)
    return is_last and (spec.outcome is Outcome.FAILS or (spec.outcome is Outcome.FLAKY and _falls(chance, one_in=2)))


def _falls(chance: str, *, one_in: int) -> bool:
    """Throw dice that fall the same whenever they are thrown for the same."""
    return zlib.crc32(chance.encode()) % one_in == 0


def _specs(paths: list[str], grep: str) -> list[Spec]:
    """The specs of these files and folders, in their order. Raises re.error for a grep that is none."""
    pattern_of(grep)
    told = json.loads(Path("fake.json").read_bytes()) if Path("fake.json").exists() else {}
    lines: dict[str, set[int] | None] = {}
    for path in paths:
        file, _, line = ("", "", "") if Path(path).exists() else path.rpartition(":")
        file = file or path
        for each in _files(file):
            lines[each] = (lines.get(each) or set()) | {int(line)} if line else None
    case_s = told.get("case_s", Spec.case_s)
    return [
        _spec(file, told.get("specs", {}).get(file, {}), case_s=case_s, only=only, grep=grep)
        for file, only in lines.items()
    ]


def _files(path: str) -> list[str]:
    if Path(path).is_dir():
        return sorted(str(file) for file in Path(path).rglob("*.spec.*"))
    return [path]


def _spec(path: str, told: dict[str, object], *, case_s: float, only: set[int] | None, grep: str) -> Spec:
    words = {word.value for word in Outcome} & set(Path(path).name.split("."))
    outcome = Outcome(told.get("outcome") or next(iter(words), Outcome.PASSES))
    cases = 0 if outcome is Outcome.EMPTY else int(str(told.get("cases", Spec.cases)))
    return Spec(
        path=path,
        outcome=outcome,
        cases=cases,
        case_s=float(str(told.get("case_s", case_s))),
        only=None if only is None else frozenset(only),
        grep=grep,
    )


def _interrupt(_number: int, _frame: object) -> None:
    raise Interrupted


if __name__ == "__main__":
    main(Path(sys.argv[1]), Device(int(sys.argv[2])), sys.argv[3], sys.argv[4:])
