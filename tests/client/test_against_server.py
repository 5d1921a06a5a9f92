"""Every call of the client against the real server: what it sends is taken, what it returns is what was stored."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from qgjob.client import Client
from qgjob.core.errors import Conflict, InvalidRequest, MissingFields, NotFound
from qgjob.core.words import Platform, Target
from qgjob.server.settings import read_settings
from qgjob.wire.agents import AgentRegistration, Event, LeaseOffer, WorkerFacts
from qgjob.wire.jobs import JobBody, RunItem
from tests.server.farm import PROJECT_FILES, SHOP_1_0_0, SHOP_2_0_0, sha256_of, zip_of
from tests.server.threaded import a_server_beside

pytestmark = pytest.mark.exam

AT = "2026-11-23T08:00:00+00:00"
BUNDLE = zip_of(PROJECT_FILES)
DEVICE: WorkerFacts = {
    "serial": "emulator-5554",
    "target": Target.EMULATOR,
    "platform": Platform.ANDROID,
    "os_version": "14",
    "model": "Virtual Android",
    "tags": [],
}
AGENT: AgentRegistration = {
    "agent_id": "agent-1",
    "name": "host-1",
    "protocol": 2,
    "version": "0.1.0",
    "has_project": False,
    "holding": [],
    "workers": [DEVICE],
}


@pytest.fixture
def client(tmp_path: Path) -> Iterator[Client]:
    settings = read_settings(host="127.0.0.1", port=0, data_dir=tmp_path / "data", database_url=None, environ={})
    with a_server_beside(settings) as url, Client(url, timeout_s=10) as client:
        yield client


@pytest.fixture
def apk(tmp_path: Path) -> Path:
    file = tmp_path / "shop.apk"
    file.write_bytes(SHOP_1_0_0)
    return file


def a_job(**fields: object) -> JobBody:
    return {"org_id": "acme", "app_version_id": "v1", "test_path": "tests/login.spec.js", **fields}  # type: ignore[typeddict-item]  # the test's own fields


def a_lease(client: Client, apk: Path, tmp_path: Path) -> LeaseOffer:
    """Bring one job to an agent."""
    bundle = tmp_path / "bundle.zip"
    bundle.write_bytes(BUNDLE)
    client.bundles.upload("acme", sha256_of(BUNDLE), bundle)
    client.apps.upload("acme", "v1", apk)
    client.jobs.submit(a_job(bundle=sha256_of(BUNDLE)))
    worker_id = client.leases.register(AGENT)["workers"][0]["worker_id"]
    claimed = client.leases.claim({"agent_id": "agent-1", "worker_ids": [worker_id], "wait_s": 0})
    return claimed["leases"][0]


def attempt_started(lease: LeaseOffer, seq: int = 1) -> Event:
    job_id = lease["jobs"][0]["job_id"]
    return {"kind": "attempt_started", "seq": seq, "at": AT, "job_id": job_id, "attempt": 1}


def test_the_server_is_well_and_counts_nothing_yet(client: Client) -> None:
    assert client.farm.health()["status"] == "healthy"
    assert client.farm.stats()["total_jobs"] == 0


def test_jobs_are_submitted_shown_listed_cancelled_and_retried(client: Client) -> None:
    job_id = client.jobs.submit(a_job())["job_id"]

    assert client.jobs.get(job_id)["status"] == "pending"
    assert [job["job_id"] for job in client.jobs.page(org_id="acme", status="pending", limit=10)["jobs"]] == [job_id]
    assert client.jobs.groups(org_id="acme")["groups"][0]["jobs"] == [job_id]
    assert client.jobs.attempts(job_id)["attempts"] == []
    assert client.jobs.cancel(job_id)["status"] == "cancelled"
    assert client.jobs.get(client.jobs.retry(job_id)["job_id"])["retry_of"] == job_id


def test_runs_are_submitted_and_shown(client: Client) -> None:
    items: list[RunItem] = [{"test_path": "tests/a.spec.js"}, {"test_path": "tests/b.spec.js"}]
    accepted = client.jobs.submit_run({"org_id": "acme", "app_version_id": "v1", "jobs": items})

    assert client.jobs.get_run(accepted["run_id"])["job_ids"] == accepted["job_ids"]


def test_refusals_are_the_same_errors_on_both_sides(client: Client) -> None:
    with pytest.raises(NotFound, match="Job not found"):
        client.jobs.get("nobody")
    with pytest.raises(InvalidRequest, match="target must be"):
        client.jobs.submit(a_job(target="fridge"))
    with pytest.raises(InvalidRequest) as missing:
        client.jobs.submit({"org_id": "acme"})  # type: ignore[typeddict-item]  # what this test is about

    assert missing.value.code == MissingFields.code
    assert [problem.field for problem in missing.value.problems] == ["app_version_id", "test_path"]


def test_a_protocol_1_worker_lives_through_the_client(client: Client) -> None:
    worker_id = client.workers.register({"name": "W", "target_types": [Target.EMULATOR]})["worker_id"]
    job_id = client.jobs.submit(a_job())["job_id"]

    assert client.workers.heartbeat(worker_id)["next_job"]["job_id"] == job_id
    assert client.jobs.change(job_id, {"status": "running", "worker_id": worker_id})["status"] == "running"
    assert "next_job" not in client.workers.heartbeat(worker_id)
    assert client.workers.all()["workers"][0]["current_jobs"] == [job_id]


def test_an_app_goes_up_and_comes_down_the_same(client: Client, apk: Path, tmp_path: Path) -> None:
    shown = client.apps.upload("acme", "feature/login", apk)
    client.apps.download("acme", "feature/login", shown["sha256"], to=tmp_path / "fetched.apk")

    assert client.apps.get("acme", "feature/login")["binaries"] == [shown]
    assert (tmp_path / "fetched.apk").read_bytes() == SHOP_1_0_0


def test_other_bytes_under_a_known_version_are_a_conflict(client: Client, apk: Path) -> None:
    client.apps.upload("acme", "v1", apk)
    apk.write_bytes(SHOP_2_0_0)

    with pytest.raises(Conflict):
        client.apps.upload("acme", "v1", apk)


def test_a_bundle_goes_up_once_and_comes_down_the_same(client: Client, tmp_path: Path) -> None:
    sha256 = sha256_of(BUNDLE)
    (tmp_path / "bundle.zip").write_bytes(BUNDLE)

    assert client.bundles.find("acme", sha256) is None
    assert client.bundles.find("acme", client.bundles.upload("acme", sha256, tmp_path / "bundle.zip")["sha256"])
    client.bundles.download("acme", sha256, to=tmp_path / "fetched.zip")
    assert (tmp_path / "fetched.zip").read_bytes() == BUNDLE


def test_an_agent_claims_reports_and_renews(client: Client, apk: Path, tmp_path: Path) -> None:
    lease = a_lease(client, apk, tmp_path)
    token, worker_id = lease["token"], lease["worker_id"]

    reported = client.leases.report(token, {"agent_id": "agent-1", "events": [attempt_started(lease)]})
    renewed = client.leases.renew({"agent_id": "agent-1", "worker_ids": [worker_id], "tokens": [token]})

    assert reported == {"last_seq": 1, "in_force": True, "cancel": []}
    assert [(state["token"], state["in_force"]) for state in renewed["leases"]] == [(token, True)]
    assert client.jobs.get(lease["jobs"][0]["job_id"])["status"] == "running"


def test_evidence_goes_up_and_comes_down_the_same(client: Client, apk: Path, tmp_path: Path) -> None:
    lease = a_lease(client, apk, tmp_path)
    job_id = lease["jobs"][0]["job_id"]
    client.leases.report(lease["token"], {"agent_id": "agent-1", "events": [attempt_started(lease)]})
    log = tmp_path / "appium.log"
    log.write_bytes(b"[Appium] it works\n")
    sha256 = sha256_of(log.read_bytes())

    stored = client.evidence.upload(job_id, 1, "logs/appium.log", log, sha256=sha256, kind="log", agent_id="agent-1")
    client.evidence.download(job_id, 1, "logs/appium.log", to=tmp_path / "fetched.log", sha256=sha256)

    assert client.jobs.attempts(job_id)["attempts"][0]["evidence"] == [stored]
    assert (tmp_path / "fetched.log").read_bytes() == log.read_bytes()


def test_facts_are_waited_for(client: Client) -> None:
    submitting = threading.Timer(0.1, client.jobs.submit, args=(a_job(),))
    submitting.start()
    facts = client.farm.facts(after=0, wait_s=20, org_id="acme")["facts"]
    submitting.join()

    assert [fact["kind"] for fact in facts] == ["run_submitted"]


def test_many_threads_share_one_client(client: Client) -> None:
    job_ids: list[str] = []
    threads = [threading.Thread(target=lambda: job_ids.append(client.jobs.submit(a_job())["job_id"])) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(set(job_ids)) == client.farm.stats()["total_jobs"] == 8


def test_runs_are_listed_and_waited_for(client: Client) -> None:
    items: list[RunItem] = [{"app_version_id": "v1", "test_path": "tests/a.spec.js"}]
    older = client.jobs.submit_run({"org_id": "acme", "supersede": "main", "jobs": items})
    newer = client.jobs.submit_run({"org_id": "acme", "supersede": "main", "jobs": items})
    page = client.jobs.runs(org_id="acme", limit=1)
    rest = client.jobs.runs(org_id="acme", cursor=page["next_cursor"])

    assert [run["run_id"] for run in (*page["runs"], *rest["runs"])] == [newer["run_id"], older["run_id"]]
    assert client.jobs.get_run(older["run_id"], wait_s=30)["superseded_by"] == newer["run_id"]
    assert client.jobs.get_run(newer["run_id"], wait_s=0.1)["status"] == "pending"


def test_orgs_are_weighed_and_listed(client: Client) -> None:
    assert client.orgs.weigh("acme", 2.0) == {"org_id": "acme", "weight": 2.0, "backlog": []}
    assert [org["org_id"] for org in client.orgs.all()["orgs"]] == ["acme"]
