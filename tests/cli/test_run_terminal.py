"""What `qgjob run` shows: redrawn in place on a terminal, plain lines elsewhere, and nowhere what steers either."""

import json
import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest

from qgjob.client import Client
from qgjob.core.words import CaseStatus, Verdict
from tests.cli.hands import Hand, Told
from tests.cli.listed import LOGIN_SPEC, make_listed_project
from tests.cli.users import User, environment

pytestmark = pytest.mark.exam

HOSTILE = Told(title="\x1b[2J\x1b]0;owned\x07evil\rname\n::error::x", status=CaseStatus.FAILED, errors=("\x1b[31mno",))
WITHIN_S = 30


@pytest.fixture(autouse=True)
def _project(own_user: User) -> None:
    make_listed_project(own_user.folder)


@dataclass(kw_only=True)
class Screen:
    """All that reached a terminal."""

    process: "subprocess.Popen[bytes]"
    raw: bytearray = field(default_factory=bytearray)

    def text(self) -> str:
        return self.raw.decode(errors="replace")

    def waits_for(self, words: str) -> None:
        deadline = time.monotonic() + WITHIN_S
        while words not in re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", self.text()):
            assert time.monotonic() < deadline, self.text()
            time.sleep(0.05)  # between two looks, within the deadline above


@contextmanager
def a_screen(user: User, *arguments: str) -> Iterator[Screen]:
    """Run a command all of whose streams are a terminal."""
    master, terminal = os.openpty()
    given = {"QGJOB_SERVER_URL": user.server_url, "QGJOB_ORG": user.org, "TERM": "xterm", "COLUMNS": "100"}
    process = subprocess.Popen(
        [sys.executable, "-m", "qgjob", *arguments],
        cwd=user.folder,
        env=environment(user.folder.parent, given),
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
    )
    os.close(terminal)
    screen = Screen(process=process)

    def read() -> None:
        try:
            while chunk := os.read(master, 65536):
                screen.raw.extend(chunk)
        except OSError:
            return  # the other side is closed

    reading = threading.Thread(target=read)
    reading.start()
    try:
        yield screen
    finally:
        process.kill()
        process.wait()
        reading.join(5)
        os.close(master)


def test_a_terminal_sees_devices_and_counts_in_place_and_failures_above(own_user: User, own_client: Client) -> None:
    with a_screen(own_user, "run", "--poll-interval", "0.2", "--retries", "0") as screen:
        screen.waits_for("0 of 6 tests done; 0 of 2 jobs ended")
        hand = Hand(own_client)
        hand.run(Verdict.FAILED, [Told(title="adds up"), HOSTILE])
        screen.waits_for("2 of 6 tests done, 1 failed; 1 of 2 jobs ended")
        job = hand.begin()
        screen.waits_for(f"hand/by-hand testing {job['test_path']}")
        own_client.jobs.cancel_run(own_client.jobs.runs()["runs"][0]["run_id"])
    shown = screen.text()
    assert "\x1b[1A" in shown or "\x1b[2K" in shown
    assert "evil name ::error::x (0.5 s)  [hand/by-hand]" in shown
    for steering in ("\x1b[2J", "\x1b]0;", "\x07"):
        assert steering not in shown


def test_elsewhere_a_line_says_now_and_then_that_it_goes_on(own_user: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qgjob.cli.running.telling._HEARTBEAT_S", 0.1)
    flags = ("--poll-interval", "0.2", "--timeout", "1.5")
    plain = own_user.does("run", *flags)
    assert plain.code == 124
    assert len(re.findall(r"\d\d:\d\d:\d\d  0 of 6 tests done; 0 of 2 jobs ended", plain.stderr)) > 1
    assert "\x1b" not in plain.stderr
    events = [json.loads(line) for line in own_user.does("-o", "json", "run", *flags).stdout.splitlines()]
    beat = next(event for event in events if event["event"] == "progress")
    assert {name: beat[name] for name in ("done", "failed", "total", "jobs_ended", "jobs")} == {
        "done": 0,
        "failed": 0,
        "total": 6,
        "jobs_ended": 0,
        "jobs": 2,
    }


def test_quiet_says_nothing_but_the_result_and_what_is_wrong(own_user: User, own_client: Client) -> None:
    with a_screen(own_user, "-q", "run", LOGIN_SPEC, "--poll-interval", "0.2", "--retries", "0") as screen:
        deadline = time.monotonic() + WITHIN_S
        while not own_client.jobs.runs()["runs"]:
            assert time.monotonic() < deadline, screen.text()
        Hand(own_client).run(Verdict.FAILED, [HOSTILE])
        assert screen.process.wait(WITHIN_S) == 1
    assert screen.text().startswith("Run ID: ")
    assert "tests done" not in screen.text()


def test_text_of_a_test_makes_no_line_of_its_own_in_plain_output(own_user: User, own_client: Client) -> None:
    hand = Hand(own_client)
    worker = threading.Thread(target=lambda: hand.run(Verdict.FAILED, [HOSTILE]))
    worker.start()
    answered = own_user.does("run", LOGIN_SPEC, "--poll-interval", "0.2", "--retries", "0")
    worker.join()
    assert not [line for line in answered.stderr.splitlines() if line.startswith("::")]
    assert not [line for line in answered.stdout.splitlines() if line.startswith("::")]
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", answered.stderr + answered.stdout)
