"""An agent with fake devices, as the program that people start: everything but the tests themselves is real."""

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from qgjob.wire.cases import CasePast
from qgjob.wire.prospects import JobDetail
from tests.agent.server import FAILING_SPEC, Served, a_served
from tests.journeys.agents import wait_until

pytestmark = pytest.mark.journey

FINAL = {"completed", "failed", "cancelled"}


@dataclass(frozen=True, kw_only=True)
class Scene:
    served: Served
    state: Path

    def argv(self) -> list[str]:
        argv = [sys.executable, "-m", "qgjob", "agent", "--fake", "2", "--name", "trial", "--server", self.served.url]
        return [*argv, "--state-dir", str(self.state), "--cache-dir", str(self.state.with_name("cache"))]


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    with a_served(tmp_path, allow_fake=True) as served:
        yield Scene(served=served, state=tmp_path / "agent")


def test_a_run_on_fake_devices_ends_and_says_that_it_was_one(scene: Scene) -> None:
    job_ids = scene.served.submit()
    agent = subprocess.Popen(scene.argv(), stderr=subprocess.DEVNULL, env=os.environ)
    try:
        jobs = scene.served.client.jobs
        wait_until(lambda: all(jobs.get(job_id)["status"] in FINAL for job_id in job_ids), what="the end of the run")
        assert [jobs.get(job_id)["verdict"] for job_id in job_ids] == ["passed", "passed"]
        (attempt,) = jobs.attempts(job_ids[0])["attempts"]
        assert attempt["worker_name"] in {"trial/fake-1 (fake)", "trial/fake-2 (fake)"}
        assert {case["title"] for case in attempt["cases"]} == {"fake: case 1", "fake: case 2", "fake: case 3"}
        records = [path.read_text(encoding="utf-8") for path in scene.state.glob("fake-devices/*/record.jsonl")]
        installs = [json.loads(line) for record in records for line in record.splitlines()]
        assert scene.served.client.farm.stats()["installs"] == len(installs) > 0
    finally:
        agent.terminate()
        assert agent.wait(40) == 0


def test_what_failed_on_a_fake_device_runs_again_alone(scene: Scene) -> None:
    (job_id,) = scene.served.submit(FAILING_SPEC, max_retries=1)
    agent = subprocess.Popen(scene.argv(), stderr=subprocess.DEVNULL, env=os.environ)
    try:
        jobs = scene.served.client.jobs
        wait_until(lambda: jobs.get(job_id)["status"] in FINAL, what="the end of the job")
        attempts = jobs.attempts(job_id)["attempts"]
        assert [[case["status"] for case in attempt["cases"]] for attempt in attempts] == [
            ["passed", "passed", "failed"],
            ["failed"],
        ]
        result = jobs.get(job_id)["result"]
        assert isinstance(result, dict)
        assert result["cases"]["total"] == 3
    finally:
        agent.terminate()
        assert agent.wait(40) == 0


def test_a_failure_is_excused_while_its_case_is_muted_and_known_from_then_on(scene: Scene) -> None:
    jobs, cases = scene.served.client.jobs, scene.served.client.cases

    def run_once() -> JobDetail:
        (job_id,) = scene.served.submit(FAILING_SPEC, max_retries=0)
        wait_until(lambda: jobs.get(job_id)["status"] in FINAL, what="the end of the job")
        return jobs.get(job_id)

    agent = subprocess.Popen(scene.argv(), stderr=subprocess.DEVNULL, env=os.environ)
    try:
        first = run_once()
        (fails,) = cases.of_org("acme", order="failing")["cases"]
        until = (datetime.now(UTC) + timedelta(days=1)).isoformat()
        cases.mute("acme", fails["case_id"], {"owner": "ada", "until": until})
        muted = run_once()
        cases.unmute("acme", fails["case_id"])
        unmuted = run_once()
        assert [job["excused"] for job in (first, muted, unmuted)] == [False, True, False]
        assert jobs.get_run(muted["run_id"])["excused"] == {"failed": 1}
        assert [(past["outcome"], past["standing"], past["muted"]) for past in history(scene, fails["case_id"])] == [
            ("failed", "known_failure", False),
            ("failed", "known_failure", True),
            ("failed", "first_seen_failing", False),
        ]
        assert Counter(case["outcome"] for case in cases.all_of_run(muted["run_id"])) == {"passed": 2, "failed": 1}
    finally:
        agent.terminate()
        assert agent.wait(40) == 0


def history(scene: Scene, case_id: str) -> list[CasePast]:
    return scene.served.client.cases.history("acme", case_id)["past"]


def test_a_server_that_was_not_told_to_take_fakes_sends_them_away(tmp_path: Path) -> None:
    with a_served(tmp_path) as served:
        scene = Scene(served=served, state=tmp_path / "agent")
        refused = subprocess.run(scene.argv(), capture_output=True, text=True, timeout=60, check=False)
    assert refused.returncode == 2
    assert "brings devices that do not exist (fake-1, fake-2)" in refused.stderr
