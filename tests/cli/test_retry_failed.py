"""Draining workers and submitting only what failed again, on a server whose work nobody else takes."""

from qgjob.client import Client
from qgjob.core.words import Target
from tests.cli.projects import write_files
from tests.cli.users import User

UNKNOWN = "00000000-0000-4000-8000-000000000000"


def registered(client: Client, name: str) -> str:
    return client.workers.register({"name": name, "target_types": [Target.EMULATOR]})["worker_id"]


def test_a_worker_is_taken_out_of_work_and_let_back_in(own_user: User, own_client: Client) -> None:
    worker_id = registered(own_client, "Rack 4")
    drained = own_user.does("workers", "drain", worker_id)
    assert drained.code == 0
    assert "draining" in drained.stdout.splitlines()[1]
    assert own_user.does("-o", "json", "workers", "resume", worker_id).document()["status"] == "idle"
    assert own_user.does("workers", "drain", UNKNOWN).stderr == f"Error: Worker not found: {UNKNOWN}\n"
    assert own_user.does("workers").code == 0


def test_what_passed_is_not_submitted_again_with_failed(own_user: User, own_client: Client) -> None:
    assert own_user.does("retry", UNKNOWN, "--failed").code == 6
    write_files(own_user.folder, {"tests/old.spec.js": ""})
    (job_id,) = own_user.does("submit", "--app-version-id", "1", "--test", "tests/old.spec.js").job_ids()
    worker_id = registered(own_client, "Rack 5")
    own_client.workers.heartbeat(worker_id)
    own_client.jobs.change(job_id, {"status": "running", "worker_id": worker_id})
    own_client.jobs.change(job_id, {"status": "completed", "worker_id": worker_id})
    refused = own_user.does("retry", job_id, "--failed")
    assert (refused.code, refused.stdout) == (2, "")
    assert refused.stderr == f"Error: Job {job_id} passed: there is nothing to submit again. Without --failed it is.\n"
    assert own_user.does("retry", job_id).code == 0
