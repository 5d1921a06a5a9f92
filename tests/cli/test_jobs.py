import subprocess
import sys
from pathlib import Path

import pytest

from qgjob.cli.receipt import Receipt, ReceiptStatus, write_receipt
from qgjob.client import Client
from tests.cli.projects import write_files
from tests.cli.test_submit import V1, V2
from tests.cli.users import User, environment, qgjob

UNKNOWN = "00000000-0000-4000-8000-000000000000"


@pytest.fixture(autouse=True)
def _test_file(user: User) -> None:
    write_files(user.folder, {"tests/old.spec.js": ""})


def submitted(user: User, *arguments: str) -> str:
    """Submit one job as scripts of protocol 1 do, from outside any project; returns its id."""
    answered = user.does("submit", "--app-version-id", "1", "--test", "tests/old.spec.js", *arguments)
    (job_id,) = answered.job_ids()
    return job_id


def test_a_list_has_ids_that_can_be_pasted_into_status(user: User) -> None:
    job_ids = [submitted(user) for _ in range(3)]
    listed = user.does("list")
    assert [line.split()[0] for line in listed.stdout.splitlines()] == ["Job", *job_ids]
    assert all(user.does("status", "--job-id", job_id).code == 0 for job_id in job_ids)


def test_a_list_can_be_narrowed(user: User) -> None:
    job_id = submitted(user, "--app-version-id", "2")
    submitted(user)
    assert user.does("cancel", job_id).code == 0

    def listed(*arguments: str) -> int:
        count = user.does("-o", "json", "list", *arguments).document()["count"]
        assert isinstance(count, int)
        return count

    assert listed() == 2
    assert listed("--app-version-id", "2") == 1
    assert listed("--status", "PENDING") == 1
    assert listed("--status", "cancelled", "--org-id", user.org) == 1
    assert listed("--org-id", f"{user.org}-none") == 0


def test_a_list_that_is_cut_says_so(user: User) -> None:
    job_ids = [submitted(user) for _ in range(3)]
    answered = user.does("list", "--limit", "2")
    assert [job_id in answered.stdout for job_id in job_ids] == [True, True, False]
    assert answered.stderr == "These are the oldest 2; --limit shows more.\n"


def test_a_job_that_is_not_there_is_exit_6_and_named(user: User) -> None:
    for command in (["status", UNKNOWN], ["cancel", UNKNOWN], ["retry", UNKNOWN], ["evidence", UNKNOWN, "--to", "e"]):
        answered = user.does(*command)
        assert (answered.code, answered.stdout) == (6, ""), command
        assert answered.stderr == f"Error: Job not found: {UNKNOWN}\n", command


def test_a_run_that_is_not_there_is_exit_6_and_named_once(user: User) -> None:
    for command in (["status", "--run-id", UNKNOWN], ["wait", UNKNOWN], ["cancel", "--run-id", UNKNOWN]):
        answered = user.does(*command)
        assert (answered.code, answered.stderr) == (6, f"Error: There is no run {UNKNOWN}.\n"), command


def test_a_waiting_job_is_cancelled_at_once(user: User) -> None:
    job_id = submitted(user)
    answered = user.does("cancel", job_id)
    assert (answered.code, answered.stdout) == (0, f"Job ID: {job_id}\nStatus: CANCELLED\n")
    assert user.does("status", job_id).code == 5


def test_one_job_that_cannot_be_cancelled_keeps_no_other_running(user: User) -> None:
    first, last = submitted(user), submitted(user)
    answered = user.does("cancel", first, UNKNOWN, last)
    assert (answered.code, answered.job_ids()) == (6, [first, last])
    assert UNKNOWN in answered.stderr


def test_the_run_of_a_receipt_is_cancelled_and_one_without_a_run_cancels_nothing(user: User, client: Client) -> None:
    run_id = client.jobs.get(submitted(user))["run_id"]
    for name, found in (("run.json", run_id), ("none.json", None)):
        receipt = Receipt(
            run_id=found,
            org_id=user.org,
            server_url=user.server_url,
            report_url=None,
            status=ReceiptStatus.RUNNING,
            exit_code=None,
            message=None,
        )
        write_receipt(user.folder / name, receipt)

    assert user.does("cancel", "--receipt", "none.json").stdout == ""
    assert user.does("cancel", "--receipt", "run.json").stdout == (
        f"Run ID: {run_id}\nStatus: COMPLETED\nJobs: 1 total, 1 cancelled\n"
    )
    assert user.does("cancel", "--receipt", "missing.json").code == 2


def test_a_whole_run_can_be_cancelled_again_and_again(user: User) -> None:
    job_id = submitted(user)
    run_id = str(user.does("-o", "json", "status", job_id).document()["run_id"])
    for command in (["cancel", "--run-id", run_id], ["cancel", run_id]):
        answered = user.does(*command)
        assert (answered.code, answered.stdout) == (
            0,
            f"Run ID: {run_id}\nStatus: COMPLETED\nJobs: 1 total, 1 cancelled\n",
        )
    assert user.does("status", job_id).code == 5


def test_jobs_and_runs_are_cancelled_together(user: User) -> None:
    first, second = submitted(user), submitted(user)
    run_id = str(user.does("-o", "json", "status", second).document()["run_id"])
    document = user.does("-o", "json", "cancel", first, run_id).document()
    assert document["count"] == 2
    assert [user.does("status", job_id).code for job_id in (first, second)] == [5, 5]


def test_a_finished_run_can_be_submitted_again(user: User) -> None:
    job_id = submitted(user)
    run_id = str(user.does("-o", "json", "status", job_id).document()["run_id"])
    assert user.does("retry", run_id).code == 2
    user.does("cancel", run_id)
    answered = user.does("retry", run_id, "--failed")
    (again,) = answered.job_ids()
    assert answered.code == 0
    assert answered.stdout.startswith("Run ID: ")
    assert f"Retry of: {job_id}" in user.does("status", again).stdout


def test_a_finished_job_can_be_submitted_again_and_a_waiting_one_cannot(user: User) -> None:
    job_id = submitted(user)
    assert user.does("retry", job_id).code == 2
    user.does("cancel", job_id)
    (again,) = user.does("retry", job_id).job_ids()
    assert again != job_id
    assert f"Retry of: {job_id}" in user.does("status", again).stdout


def test_a_job_must_be_named_once(user: User) -> None:
    for command in (["status"], ["status", UNKNOWN, "--run-id", UNKNOWN], ["cancel"], ["cancel", "1", "--run-id", "2"]):
        assert user.does(*command).code == 2, command


def test_a_job_without_evidence_says_so(user: User) -> None:
    answered = user.does("evidence", submitted(user), "--to", "evidence")
    assert (answered.code, answered.stdout) == (0, "")
    assert answered.stderr == "This job has left no evidence yet.\n"


def test_health_is_a_table(user: User) -> None:
    answered = user.does("health")
    assert (answered.code, answered.stderr) == (0, "")
    assert answered.stdout.splitlines()[1].split()[:2] == [user.server_url, "healthy"]
    assert user.does("-o", "json", "health").document()["status"] == "healthy"


def test_an_app_is_uploaded_and_described_from_its_own_bytes(user: User) -> None:
    answered = user.does("app", "upload", str(V1), "--app-version-id", "1.0.0")
    assert answered.code == 0
    assert answered.stdout.splitlines()[:5] == [
        "App version: 1.0.0",
        f"Org: {user.org}",
        "Package: com.example.shop",
        "Version: 1.0.0 (100)",
        "Platform: android, device",
    ]
    assert user.does("app", "upload", str(V1), "--app-version-id", "1.0.0").code == 0
    assert user.does("app", "upload", str(V2), "--app-version-id", "1.0.0").code == 2


def test_a_file_that_is_no_app_is_refused(user: User) -> None:
    answered = user.does("app", "upload", "tests/old.spec.js", "--app-version-id", "1.0.0")
    assert (answered.code, answered.stdout) == (2, "")


def test_a_program_of_its_own_answers_the_same(user: User, tmp_path: Path) -> None:
    job_id = submitted(user)
    answered = qgjob("status", "--job-id", job_id, cwd=tmp_path, QGJOB_SERVER_URL=user.server_url)
    assert answered.code == 0
    assert f"Job ID: {job_id}\nStatus: PENDING\n" in answered.stdout
    assert "\x1b" not in answered.stdout


def test_a_reader_that_goes_away_changes_nothing(user: User, tmp_path: Path) -> None:
    job_id = submitted(user)
    user.does("cancel", job_id)
    shown = subprocess.Popen(
        [sys.executable, "-m", "qgjob", "status", job_id],
        env=environment(tmp_path, {"QGJOB_SERVER_URL": user.server_url}),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert shown.stdout is not None
    shown.stdout.close()
    assert shown.stderr is not None
    assert shown.stderr.read() == ""
    shown.stderr.close()
    assert shown.wait(20) == 5


def test_status_says_why_a_job_waits(user: User) -> None:
    answered = user.does("status", submitted(user))

    assert answered.code == 0
    assert "Status: PENDING" in answered.stdout.splitlines()
    assert any(line.startswith("Waiting: ") for line in answered.stdout.splitlines())


def test_a_job_is_explained_in_a_table_and_as_a_document(user: User) -> None:
    job_id = submitted(user)
    answered = user.does("explain", job_id)

    assert answered.code == 0
    assert answered.stdout.splitlines()[:2] == [f"Job ID: {job_id}", "Status: PENDING"]
    assert user.does("-o", "json", "explain", job_id).document()["job_id"] == job_id


def test_what_is_neither_a_job_nor_a_worker_is_exit_6(user: User) -> None:
    answered = user.does("explain", UNKNOWN)

    assert (answered.code, answered.stdout) == (6, "")
    assert answered.stderr == f"Error: There is no job and no worker {UNKNOWN}.\n"
