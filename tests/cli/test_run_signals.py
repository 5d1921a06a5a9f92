"""Signals meet `qgjob run` everywhere on its way: real processes, real signals, and no run that stays behind."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from qgjob.client import Client
from tests.cli.hands import Hand
from tests.cli.listed import make_listed_project
from tests.cli.proxy import a_proxy
from tests.cli.users import User, environment

pytestmark = pytest.mark.exam

RUN = ("run", "--receipt", "receipt.json", "--poll-interval", "0.2")
ENDS_S = 60


@pytest.fixture(autouse=True)
def _project(own_user: User) -> None:
    make_listed_project(own_user.folder)


def wait_until(is_so: Callable[[], bool], *, what: str) -> None:
    deadline = time.monotonic() + ENDS_S
    while not is_so():
        assert time.monotonic() < deadline, f"{what} did not come to be"
        time.sleep(0.02)  # between two looks, within the deadline above


@dataclass(frozen=True, kw_only=True)
class Command:
    """A command under way, and what it wrote down."""

    process: "subprocess.Popen[str]"
    folder: Path
    terminal: int | None = None

    def receipt(self) -> dict[str, object]:
        path = self.folder / "receipt.json"
        found: object = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        assert isinstance(found, dict)
        return found

    def wait_for_run(self) -> str:
        wait_until(lambda: bool(self.receipt().get("run_id")), what="a run in the receipt")
        return str(self.receipt()["run_id"])

    def ends(self) -> tuple[int, str]:
        _, stderr = self.process.communicate(timeout=ENDS_S)
        return self.process.returncode, stderr or ""


@contextmanager
def started(user: User, *arguments: str, server_url: str | None = None, **variables: str) -> Iterator[Command]:
    """Start a command as a CI does: with no terminal anywhere."""
    given = {"QGJOB_SERVER_URL": server_url or user.server_url, "QGJOB_ORG": user.org, **variables}
    process = subprocess.Popen(
        [sys.executable, "-m", "qgjob", *arguments],
        cwd=user.folder,
        env=environment(user.folder.parent, given),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield Command(process=process, folder=user.folder)
    finally:
        process.kill()
        process.wait()


@contextmanager
def at_a_terminal(user: User, *arguments: str) -> Iterator[Command]:
    """Start a command whose stdin is a terminal, for somebody to answer at."""
    master, terminal = os.openpty()
    given = {"QGJOB_SERVER_URL": user.server_url, "QGJOB_ORG": user.org}
    process = subprocess.Popen(
        [sys.executable, "-m", "qgjob", *arguments],
        cwd=user.folder,
        env=environment(user.folder.parent, given),
        stdin=terminal,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield Command(process=process, folder=user.folder, terminal=master)
    finally:
        process.kill()
        process.wait()
        os.close(terminal)
        os.close(master)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_in_a_ci_a_signal_cancels_the_run(own_user: User, own_client: Client, number: signal.Signals) -> None:
    with started(own_user, *RUN) as command:
        run_id = command.wait_for_run()
        command.process.send_signal(number)
        code, said = command.ends()
    assert code == 5
    assert own_client.jobs.get_run(run_id)["jobs"] == {"cancelled": 2}
    assert (command.receipt()["status"], command.receipt()["exit_code"]) == ("cancelled", 5)
    assert f"Stopped by {number.name}: cancelling run {run_id}" in said


def test_what_already_runs_is_asked_to_stop_and_not_waited_for_longer_than_a_ci_waits(
    own_user: User, own_client: Client
) -> None:
    with started(own_user, *RUN) as command:
        run_id = command.wait_for_run()
        job = Hand(own_client).begin()
        command.process.send_signal(signal.SIGINT)
        wait_until(lambda: own_client.jobs.get(job["job_id"])["cancel_requested"], what="the wish to cancel")
        command.process.send_signal(signal.SIGTERM)  # as a CI does that loses its patience
        code, said = command.ends()
    assert code == 5
    assert f"See how it ends with: qgjob wait {run_id}" in said


def test_detached_by_wish_it_leaves_the_run_alone(own_user: User, own_client: Client) -> None:
    with started(own_user, *RUN, "--on-signal", "detach") as command:
        run_id = command.wait_for_run()
        command.process.send_signal(signal.SIGTERM)
        code, said = command.ends()
    assert code == 130
    assert own_client.jobs.get_run(run_id)["status"] == "pending"
    assert command.receipt()["status"] == "interrupted"
    assert f"Go on watching with: qgjob wait {run_id}" in said


def test_waiting_for_somebody_elses_run_leaves_it_alone(own_user: User, own_client: Client) -> None:
    (line, *_) = reversed(own_user.does("run", "--no-wait").stdout.splitlines())
    run_id = line.removeprefix("Run ID: ")
    with started(own_user, "wait", run_id, "--receipt", "receipt.json") as command:
        command.wait_for_run()
        command.process.send_signal(signal.SIGTERM)
        code, _ = command.ends()
    assert code == 130
    assert own_client.jobs.get_run(run_id)["status"] == "pending"


def test_a_signal_while_the_tests_are_listed_submits_nothing_and_ends_playwright(
    own_user: User, own_client: Client, tmp_path: Path
) -> None:
    pid_file = tmp_path / "pid"
    with started(own_user, *RUN, QGJOB_STANDIN_WAITS=str(pid_file)) as command:
        wait_until(lambda: pid_file.exists() and pid_file.read_text() != "", what="the listing")
        command.process.send_signal(signal.SIGTERM)
        code, said = command.ends()
    assert (code, command.receipt()["status"]) == (5, "cancelled")
    assert "stopped by SIGTERM before anything was submitted" in said
    assert own_client.jobs.runs()["runs"] == []
    wait_until(lambda: not Path(f"/proc/{pid_file.read_text()}").exists(), what="the end of the listing")


def test_a_signal_in_the_middle_of_an_upload_submits_nothing(own_user: User, own_client: Client) -> None:
    with a_proxy(own_user.server_url) as proxy:
        held = proxy.held["PUT /bundles/"] = threading.Event()
        with started(own_user, *RUN, server_url=proxy.url) as command:
            wait_until(lambda: proxy.calls("PUT /bundles/") == 1, what="the upload")
            command.process.send_signal(signal.SIGINT)
            code, _ = command.ends()
        held.set()
    assert (code, command.receipt()["run_id"]) == (5, None)
    assert own_client.jobs.runs()["runs"] == []


def test_a_run_whose_answer_is_on_its_way_is_found_again_and_cancelled(own_user: User, own_client: Client) -> None:
    with a_proxy(own_user.server_url) as proxy:
        held = proxy.held["POST /runs"] = threading.Event()
        with started(own_user, *RUN, server_url=proxy.url) as command:
            wait_until(lambda: own_client.jobs.runs()["count"] == 1, what="the run")
            command.process.send_signal(signal.SIGTERM)
            code, _ = command.ends()
        held.set()
    (run,) = own_client.jobs.runs()["runs"]
    assert own_client.jobs.get_run(run["run_id"])["jobs"] == {"cancelled": 2}
    assert (code, command.receipt()["run_id"]) == (5, run["run_id"])


def test_a_submission_that_the_signal_overtook_makes_one_run_that_is_cancelled(
    own_user: User, own_client: Client
) -> None:
    with a_proxy(own_user.server_url) as proxy:
        proxy.unsent.add("POST /runs")
        with started(own_user, *RUN, server_url=proxy.url) as command:
            wait_until(lambda: proxy.calls("POST /runs") == 1, what="the submission")
            command.process.send_signal(signal.SIGTERM)
            proxy.unsent.clear()
            code, _ = command.ends()
    (run,) = own_client.jobs.runs()["runs"]
    assert own_client.jobs.get_run(run["run_id"])["jobs"] == {"cancelled": 2}
    assert code == 5


def test_where_nobody_can_say_whether_there_is_a_run_it_is_7_and_the_same_attempt_finds_it(
    own_user: User, own_client: Client
) -> None:
    with a_proxy(own_user.server_url) as proxy:
        proxy.lost.add("POST /runs")
        with started(own_user, *RUN, server_url=proxy.url, QGJOB_ATTEMPT="nightly-1") as command:
            code, said = command.ends()
    assert (code, command.receipt()["status"]) == (7, "unreachable")
    assert "it is not known whether the run was submitted" in said
    (run,) = own_client.jobs.runs()["runs"]
    with started(own_user, *RUN, QGJOB_ATTEMPT="nightly-1") as command:
        assert command.wait_for_run() == run["run_id"]
        command.process.send_signal(signal.SIGTERM)
        assert command.ends()[0] == 5
    assert own_client.jobs.runs()["count"] == 1


@pytest.mark.parametrize(
    ("answer", "code", "status"),
    [
        ("c\n", 5, "cancelled"),
        ("cancel\n", 5, "cancelled"),
        ("d\n", 130, "interrupted"),
        ("what?\n", 130, "interrupted"),
    ],
)
def test_at_a_terminal_ctrl_c_asks(own_user: User, own_client: Client, answer: str, code: int, status: str) -> None:
    with at_a_terminal(own_user, *RUN) as command:
        run_id = command.wait_for_run()
        command.process.send_signal(signal.SIGINT)
        said = _until_asked(command)
        assert f"Run {run_id} is under way. Detach from it, or cancel it? [d/c]" in said
        assert command.terminal is not None
        os.write(command.terminal, answer.encode())
        assert command.ends()[0] == code
    assert command.receipt()["status"] == status
    assert own_client.jobs.get_run(run_id)["status"] == ("completed" if code == 5 else "pending")


def test_a_second_ctrl_c_detaches_at_once(own_user: User, own_client: Client) -> None:
    with at_a_terminal(own_user, *RUN) as command:
        run_id = command.wait_for_run()
        command.process.send_signal(signal.SIGINT)
        _until_asked(command)
        command.process.send_signal(signal.SIGINT)
        assert command.ends()[0] == 130
    assert own_client.jobs.get_run(run_id)["status"] == "pending"


def test_at_a_terminal_sigterm_cancels_without_asking(own_user: User, own_client: Client) -> None:
    with at_a_terminal(own_user, *RUN) as command:
        run_id = command.wait_for_run()
        command.process.send_signal(signal.SIGTERM)
        assert command.ends()[0] == 5
    assert own_client.jobs.get_run(run_id)["jobs"] == {"cancelled": 2}


def _until_asked(command: Command) -> str:
    assert command.process.stderr is not None
    said = ""
    while "[d/c]" not in said:
        line = command.process.stderr.readline()
        assert line, said
        said += line
    return said
