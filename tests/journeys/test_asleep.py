"""An agent whose whole machine sleeps for longer than its lease lasts, as a laptop's does when it is closed."""

import json
import os
import signal
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from qgjob.agent import process_table
from qgjob.agent.process_record import MARK_VARIABLE
from qgjob.core.words import Platform
from qgjob.wire.jobs import AttemptShown
from tests.agent.devices import BUILDS
from tests.agent.server import Served, a_served
from tests.journeys.agents import wait_until

pytestmark = [
    pytest.mark.journey,
    pytest.mark.skipif(sys.platform != "linux", reason="only Linux shows which processes an agent has started"),
]

SPEC = "tests/long.spec.js"
CASES = 12
CASE_S = 0.7
LEASE_S = 4


@dataclass(frozen=True, kw_only=True)
class Laptop:
    """An agent with a fake device, and all the programs that it has running."""

    agent: subprocess.Popen[bytes]
    state: Path

    def programs(self) -> list[int]:
        mark = json.loads((self.state / "processes.json").read_text(encoding="utf-8"))["mark"]
        return process_table.carriers(f"{MARK_VARIABLE}={mark}")

    def close_the_lid(self) -> None:
        self._signal(signal.SIGSTOP)

    def open_the_lid(self) -> None:
        self._signal(signal.SIGCONT)

    def _signal(self, number: signal.Signals) -> None:
        for pid in (self.agent.pid, *self.programs()):
            os.kill(pid, number)


@pytest.fixture
def served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    """A server whose leases are so short that nobody has to wait for minutes."""
    for place in ("qgjob.service.progress.LEASE", "qgjob.service.claim.LEASE"):
        monkeypatch.setattr(place, timedelta(seconds=LEASE_S))
    monkeypatch.setattr("qgjob.server.routes.agents.RENEW_EVERY", timedelta(seconds=1))
    with a_served(tmp_path, allow_fake=True) as served:
        yield served


@pytest.fixture
def laptop(served: Served, tmp_path: Path) -> Iterator[Laptop]:
    state = tmp_path / "agent"
    argv = [sys.executable, "-m", "qgjob", "agent", "--fake", "1", "--name", "laptop", "--server", served.url]
    argv += ["--state-dir", str(state), "--cache-dir", str(tmp_path / "cache")]
    agent = subprocess.Popen(argv, stderr=subprocess.DEVNULL, env=os.environ)
    laptop = Laptop(agent=agent, state=state)
    try:
        yield laptop
    finally:
        laptop.open_the_lid()
        agent.terminate()
        assert agent.wait(40) == 0


def submit(served: Served) -> str:
    """Submit a spec that takes a while."""
    served.client.apps.upload("acme", "v1", BUILDS / "shop-1.2.3.apk")
    bundle = served.folder / "bundle.zip"
    with zipfile.ZipFile(bundle, "w") as archive:
        archive.writestr("package.json", "{}")
        archive.writestr(SPEC, "")
        archive.writestr("fake.json", json.dumps({"specs": {SPEC: {"cases": CASES, "case_s": CASE_S}}}))
    digest = sha256(bundle.read_bytes()).hexdigest()
    served.client.bundles.upload("acme", digest, bundle)
    accepted = served.client.jobs.submit_run(
        {
            "org_id": "acme",
            "app_version_id": "v1",
            "bundle": digest,
            "platform": Platform.ANDROID,
            "jobs": [{"test_path": SPEC}],
        }
    )
    return accepted["job_ids"][0]


def test_it_finds_its_lease_gone_stops_its_tests_and_keeps_what_it_had_as_evidence(
    served: Served, laptop: Laptop
) -> None:
    job_id = submit(served)

    def attempts() -> list[AttemptShown]:
        return served.client.jobs.attempts(job_id)["attempts"]

    wait_until(lambda: any(len(attempt["cases"]) >= 2 for attempt in attempts()), what="the end of two cases")
    laptop.close_the_lid()
    told_in_time = len(attempts()[0]["cases"])
    wait_until(lambda: served.client.jobs.get(job_id)["status"] == "pending", what="the end of the lease")
    laptop.open_the_lid()
    wait_until(lambda: served.client.jobs.get(job_id)["verdict"] is not None, what="the end of the job")
    first, second = attempts()

    assert (first["verdict"], first["fault"], first["loss"]) == ("infra_error", "infrastructure", "agent")
    assert first["late"]
    assert told_in_time < len(first["cases"]) < CASES  # it went on with the case at hand, and with no other
    assert served.client.jobs.get(job_id)["verdict"] == "passed"
    assert second["counts"]["total"] == second["counts"]["passed"] == CASES
    wait_until(lambda: len(laptop.programs()) == 1, what="that only the heartbeat is left")
