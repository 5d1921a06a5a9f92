import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from qgjob.client import Client
from qgjob.core.words import CaseStatus, Verdict
from tests.cli.hands import Hand, Told
from tests.cli.projects import make_project
from tests.cli.servers import running_server
from tests.cli.test_submit import V1
from tests.cli.users import User, environment

SUBMIT = ("submit", "--app-version-id", "1.0.0", "--app", str(V1), "--poll-interval", "0.2")
LOGIN = (*SUBMIT, "--test", "tests/login.spec.ts")
PAYS = Told(title="cart › pays")
FAILS = Told(title="cart › adds up", status=CaseStatus.FAILED, errors=("\x1b[31mError: 3 is not 4\x1b[0m",))


@pytest.fixture(autouse=True)
def _project(own_user: User) -> None:
    make_project(own_user.folder, {"tests/cart.spec.ts": ""})


def wait_until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not is_so():
        assert time.monotonic() < deadline, "it did not come to be"


@contextmanager
def meanwhile(client: Client, verdict: Verdict, *cases: Told, leases: int = 1) -> Iterator[None]:
    """Have an agent run that many leases while the block lasts."""
    hand = Hand(client)
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(lambda: [hand.run(verdict, cases) for _ in range(leases)])
        yield
        running.result()


def test_waiting_ends_with_the_verdict(own_user: User, own_client: Client) -> None:
    with meanwhile(own_client, Verdict.PASSED, PAYS):
        answered = own_user.does(*LOGIN, "--wait")
    assert answered.code == 0
    (job_id, again) = answered.job_ids()
    assert job_id == again
    lines = answered.stdout.splitlines()
    assert "Status: PENDING" in lines
    assert "Status: COMPLETED" in lines
    assert "Verdict: passed" in lines
    assert "Cases: 1 total, 1 passed" in lines
    assert "passed: cart › pays (0.5 s)" in answered.stderr


def test_a_failed_test_is_exit_1_and_says_what_failed(own_user: User, own_client: Client) -> None:
    with meanwhile(own_client, Verdict.FAILED, PAYS, FAILS):
        answered = own_user.does(*LOGIN, "--wait", "--max-retries", "0")
    assert answered.code == 1
    assert "Status: FAILED" in answered.stdout
    assert "✗ cart › adds up (attempt 1, tests/login.spec.ts:2)\n    Error: 3 is not 4" in answered.stdout
    assert "\x1b" not in answered.stdout + answered.stderr


def test_a_run_of_several_jobs_ends_with_the_gravest_verdict(own_user: User, own_client: Client) -> None:
    both = ("--test", "tests/cart.spec.ts", "--test", "tests/login.spec.ts", "--max-retries", "0")
    hand = Hand(own_client)
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(own_user.does, "-o", "json", *SUBMIT, *both, "--wait")
        hand.run(Verdict.PASSED, [PAYS])
        hand.run(Verdict.FAILED, [FAILS])
        answered = waiting.result()
    document = answered.document()
    assert answered.code == 1
    assert document["status"] == "completed"
    assert document["verdicts"] == {"passed": 1, "failed": 1}


def test_a_configuration_error_is_exit_2_and_no_test_is_exit_8(own_user: User, own_client: Client) -> None:
    with meanwhile(own_client, Verdict.CONFIGURATION_ERROR):
        assert own_user.does(*LOGIN, "--wait").code == 2
    with meanwhile(own_client, Verdict.NO_TESTS):
        assert own_user.does(*LOGIN, "--wait").code == 8


def test_a_wait_that_times_out_is_exit_124_and_says_how_to_go_on(own_user: User, own_client: Client) -> None:
    answered = own_user.does(*LOGIN, "--wait", "--timeout", "0.3")
    (job_id,) = answered.job_ids()
    assert answered.code == 124
    assert f"Go on watching with: qgjob status --job-id {job_id} --watch" in answered.stderr
    assert own_client.jobs.get(job_id)["status"] == "pending"


def test_a_wait_that_times_out_still_gives_scripts_the_ids(own_user: User) -> None:
    answered = own_user.does("-o", "json", *LOGIN, "--wait", "--timeout", "0.3")
    assert answered.code == 124
    assert answered.document()["status"] == "pending"


def test_ctrl_c_leaves_the_run_alone_and_says_how_to_go_on(own_user: User, own_client: Client, tmp_path: Path) -> None:
    (job_id,) = own_user.does(*LOGIN).job_ids()
    waiting = subprocess.Popen(
        [sys.executable, "-m", "qgjob", "status", "--job-id", job_id, "--watch"],
        env=environment(tmp_path, {"QGJOB_SERVER_URL": own_user.server_url}),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert waiting.stderr is not None
    assert waiting.stderr.readline() == "Waiting for the end; Ctrl-C stops waiting, not the run\n"
    waiting.send_signal(signal.SIGINT)
    stdout, stderr = waiting.communicate(timeout=20)
    assert (waiting.returncode, stdout) == (130, "")
    assert stderr == (
        f"Error: interrupted; the run goes on. Go on watching with: qgjob status --job-id {job_id} --watch\n"
        f"Stop it with: qgjob cancel {job_id}\n"
    )
    assert own_client.jobs.get(job_id)["status"] == "pending"


def test_watching_ends_by_itself_when_the_job_does(own_user: User, own_client: Client) -> None:
    (job_id,) = own_user.does(*LOGIN).job_ids()
    with meanwhile(own_client, Verdict.PASSED, PAYS):
        answered = own_user.does("status", "--job-id", job_id, "--watch", "--poll-interval", "0.2")
    assert answered.code == 0
    assert "Status: COMPLETED" in answered.stdout.splitlines()
    assert "[" not in answered.stdout


def test_a_finished_job_is_told_by_its_verdict_and_a_running_one_is_exit_0(own_user: User, own_client: Client) -> None:
    (job_id,) = own_user.does(*LOGIN, "--max-retries", "0").job_ids()
    waiting = own_user.does("status", "--job-id", job_id)
    assert (waiting.code, "Status: PENDING" in waiting.stdout) == (0, True)
    Hand(own_client).run(Verdict.FAILED, [FAILS])
    assert own_user.does("status", job_id).code == 1
    failed = own_user.does("-o", "json", "status", job_id)
    assert failed.code == 1
    assert (failed.document()["job_id"], failed.document()["verdict"]) == (job_id, "failed")


def test_a_whole_run_can_be_shown_and_watched(own_user: User, own_client: Client) -> None:
    submitted = own_user.does("-o", "json", *SUBMIT, "--test", "tests/*.spec.ts")
    run_id = str(submitted.document()["run_id"])
    with meanwhile(own_client, Verdict.PASSED, PAYS, leases=2):
        answered = own_user.does("status", "--run-id", run_id, "--watch", "--poll-interval", "0.2")
    assert answered.code == 0
    assert answered.stdout.startswith(f"Run ID: {run_id}\nStatus: COMPLETED\n")
    assert "Jobs: 2 total, 2 completed" in answered.stdout
    assert "tests/cart.spec.ts  passed: cart › pays (0.5 s)" in answered.stderr


def test_the_evidence_of_a_job_is_downloaded_and_proven(own_user: User, own_client: Client, tmp_path: Path) -> None:
    (job_id,) = own_user.does(*LOGIN).job_ids()
    output = tmp_path / "output.txt"
    output.write_text("Running 1 test\n")
    Hand(own_client).run(Verdict.PASSED, [PAYS], evidence=output)
    shown = own_user.does("status", job_id)
    assert f"Evidence: 1 file; download with: qgjob evidence {job_id} --to DIR" in shown.stdout
    answered = own_user.does("evidence", job_id, "--to", "evidence")
    assert answered.code == 0
    assert answered.stdout.splitlines() == [str(own_user.folder / "evidence/attempt-1/output.txt")]
    assert (own_user.folder / "evidence/attempt-1/output.txt").read_text() == "Running 1 test\n"


def test_the_ledger_counts_what_devices_did(own_user: User, own_client: Client) -> None:
    own_user.does(*SUBMIT, "--test", "tests/*.spec.ts")
    hand = Hand(own_client)
    for _ in range(2):
        hand.run(Verdict.PASSED, [PAYS])
    stats = own_user.does("-o", "json", "stats").document()
    assert (stats["total_jobs"], stats["completed_jobs"], stats["sessions"]) == (2, 2, 2)
    assert own_user.does("stats").stdout.startswith("What ")
    workers = own_user.does("workers")
    assert workers.code == 0
    assert "Virtual Android by hand, android 14" in workers.stdout
    assert "1.0.0 of acme" in workers.stdout


def test_a_wait_outlives_a_restart_of_the_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with ThreadPoolExecutor(1) as pool:
        with running_server(tmp_path / "farm") as url:
            user = User.at(tmp_path / "desk", server_url=url, org="acme", patch=monkeypatch)
            make_project(user.folder)
            waiting = pool.submit(user.does, *LOGIN, "--wait")
            with Client(url, timeout_s=10) as client:
                wait_until(lambda: client.farm.stats()["pending_jobs"] == 1)
        with running_server(tmp_path / "farm", port=int(url.rpartition(":")[2])), Client(url, timeout_s=10) as client:
            Hand(client).run(Verdict.PASSED, [PAYS])
            answered = waiting.result()
    assert answered.code == 0
    assert "Verdict: passed" in answered.stdout
