"""`qgjob run` as a CI calls it, to a real server and an agent with fake devices."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.agent.server import Served, a_served
from tests.cli.listed import CART_SPEC, LOGIN_SPEC, make_listed_project
from tests.cli.users import environment
from tests.journeys.agents import wait_until

pytestmark = pytest.mark.journey

TEST = 'test("runs", async () => {});\n'
FAILS, SKIPS = (f"tests/all.{word}.spec.js" for word in ("fails", "skips"))
SLOW = {"specs": {LOGIN_SPEC: {"outcome": "passes", "cases": 3, "case_s": 20.0}}}


@dataclass(frozen=True, kw_only=True)
class Scene:
    served: Served
    project: Path

    def start(self, *arguments: str, **variables: str) -> "subprocess.Popen[str]":
        given = {"QGJOB_SERVER_URL": self.served.url, "QGJOB_ORG": "acme", "CI": "1", **variables}
        return subprocess.Popen(
            [sys.executable, "-m", "qgjob", *arguments],
            cwd=self.project,
            env=environment(self.project.parent, given),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def runs(self, *arguments: str, **variables: str) -> int:
        with self.start("run", "--receipt", "receipt.json", *arguments, **variables) as process:
            said = process.communicate(timeout=120)
            assert process.returncode == self.receipt()["exit_code"], said
            return process.returncode

    def receipt(self) -> dict[str, object]:
        path = self.project / "receipt.json"
        found: object = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        assert isinstance(found, dict)
        return found


@contextmanager
def an_agent(served: Served, folder: Path) -> Iterator[None]:
    argv = [sys.executable, "-m", "qgjob", "agent", "--fake", "2", "--name", "trial", "--server", served.url]
    argv += ["--state-dir", str(folder / "agent"), "--cache-dir", str(folder / "cache")]
    agent = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=os.environ)
    try:
        yield
    finally:
        agent.terminate()
        assert agent.wait(60) == 0


@pytest.fixture(scope="module")
def farm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("farm")
    with a_served(folder, allow_fake=True) as served, an_agent(served, folder):
        yield served


@pytest.fixture
def scene(farm: Served, tmp_path: Path) -> Scene:
    files = dict.fromkeys((FAILS, SKIPS), TEST)
    return Scene(served=farm, project=make_listed_project(tmp_path / "shop", files))


def test_green_is_green_with_every_count_the_runs_own(scene: Scene) -> None:
    assert scene.runs(CART_SPEC, LOGIN_SPEC, "--report", "junit=junit.xml") == 0
    assert scene.receipt()["status"] == "passed"
    run = scene.served.client.jobs.get_run(str(scene.receipt()["run_id"]))
    assert run["cases"]["passed"] == run["cases"]["total"] == 6
    assert 'tests="6"' in (scene.project / "junit.xml").read_text(encoding="utf-8")


def test_a_failed_spec_is_1_and_one_that_skips_everything_is_8(scene: Scene) -> None:
    assert scene.runs(CART_SPEC, FAILS, "--retries", "0") == 1
    assert scene.runs(SKIPS) == 8
    assert scene.receipt()["status"] == "no_tests"


def test_a_case_job_runs_its_line_alone(scene: Scene) -> None:
    assert scene.runs(f"{LOGIN_SPEC}:1", "--shard-by", "case") == 0
    run = scene.served.client.jobs.get_run(str(scene.receipt()["run_id"]))
    assert (len(run["job_ids"]), run["cases"]["total"]) == (1, 1)
    assert scene.served.client.jobs.get(run["job_ids"][0])["payload"]["test_path"] == f"{LOGIN_SPEC}:1"


def test_a_cancelled_ci_job_stops_what_a_device_is_running(scene: Scene) -> None:
    (scene.project / "fake.json").write_text(json.dumps(SLOW), encoding="utf-8")
    process = scene.start("run", LOGIN_SPEC, "--receipt", "receipt.json")
    try:
        wait_until(lambda: bool(scene.receipt().get("run_id")), what="the run")
        run_id = str(scene.receipt()["run_id"])
        jobs = scene.served.client.jobs
        wait_until(lambda: jobs.get_run(run_id)["jobs"].get("running") == 1, what="a running job")
        process.send_signal(signal.SIGINT)
        said = process.communicate(timeout=60)
    finally:
        process.kill()
        process.wait()
    assert process.returncode == 5, said
    assert jobs.get_run(run_id)["verdicts"] == {"cancelled": 1}
    assert scene.receipt()["status"] == "cancelled"


def test_a_plan_counts_what_it_would_come_to_and_stores_nothing(scene: Scene) -> None:
    before = scene.served.client.farm.stats()["total_jobs"]
    process = scene.start("-o", "json", "run", "--plan", CART_SPEC, LOGIN_SPEC, "--org-id", "planner")
    stdout, stderr = process.communicate(timeout=60)
    assert process.returncode == 0, stderr
    plan = json.loads(stdout)
    assert (plan["jobs"], plan["cases"], plan["workers"]) == (2, 6, 2)
    assert scene.served.client.farm.stats()["total_jobs"] == before
    assert "Uploading" not in stderr


def test_a_matrix_is_one_run_whose_sets_wait_for_devices_of_their_own(scene: Scene) -> None:
    assert scene.runs(LOGIN_SPEC, "--matrix", "target=emulator", "--matrix", "target=device", "--timeout", "8") == 124
    run = scene.served.client.jobs.get_run(str(scene.receipt()["run_id"]))
    assert run["jobs"] == {"completed": 1, "pending": 1}
    assert scene.served.client.jobs.cancel_run(run["run_id"])["status"] == "completed"
