"""A farm for journeys: a real server, virtual devices, and the real agent as the program that people start."""

import asyncio
import json
import os
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import IO

from qgjob.agent import process_table
from qgjob.agent.free_port import free_port
from qgjob.agent.process_record import MARK_VARIABLE
from qgjob.agent.processes import Processes
from qgjob.agent.project import prepare_project
from qgjob.client import Client
from qgjob.server.settings import Access, Settings
from qgjob.wire.jobs import AttemptShown, JobShown
from tests.server.threaded import a_server_beside
from tests.virtual_android.adb import Adb, AdbDevice
from virtual_android.farm import start_device

ROOT = Path(__file__).parents[2]
SHOP = ROOT / "examples" / "shop"
CACHE = ROOT / ".cache" / "agent"
PACKAGE = "com.example.shop"
ORG = "acme"
START_S = 300
JOB_S = 120
END_S = 40

ENVIRONMENT = {**os.environ, "ADB_USB": "0", "ADB_EMU": "0", "ADB_MDNS": "0"}

WAITS = """
import { test } from "appwright";
test("begins", async ({ device }) => {});
test("waits for ever", async ({ device }) => {
  test.setTimeout(0);
  await new Promise((done) => setTimeout(done, 250_000));
});
"""


def wait_until(condition: Callable[[], bool], *, what: str, seconds: float = JOB_S) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"{what} did not happen within {seconds:g} s"
        time.sleep(0.1)  # between two looks, within the deadline above


@dataclass(kw_only=True)
class RunningAgent:
    """The program `qgjob agent`, its log, and the folder of its state."""

    process: subprocess.Popen[bytes]
    log: Path
    mark: str = ""

    def said(self, text: str) -> bool:
        return text in self.log.read_text(encoding="utf-8", errors="replace")

    def wait_to_say(self, text: str, *, seconds: float = JOB_S) -> None:
        def said_or_ended() -> bool:
            assert self.process.poll() is None or self.said(text), self.log.read_text(encoding="utf-8")
            return self.said(text)

        wait_until(said_or_ended, what=f"that the agent says {text!r}", seconds=seconds)

    def stop(self) -> int:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(END_S)

    def kill(self) -> None:
        """As an operating system that runs out of memory does."""
        self.process.kill()
        self.process.wait()

    def own_processes(self) -> list[int]:
        """Everything that this life of the agent has started, whatever group it is in."""
        return process_table.carriers(f"{MARK_VARIABLE}={self.mark}")


@dataclass(kw_only=True)
class Farm:
    """What a journey may use. The server can be stopped and started again at the same address."""

    folder: Path
    devices: Sequence[AdbDevice]
    adb_port: int
    port: int = field(default_factory=free_port)
    _stack: ExitStack
    _server: ExitStack = field(default_factory=ExitStack)

    def __post_init__(self) -> None:
        self.url = f"http://127.0.0.1:{self.port}"
        self.client = self._stack.enter_context(Client(self.url, timeout_s=30))

    def start_server(self) -> None:
        folder = self.folder / "server"
        settings = Settings(
            host="127.0.0.1",
            port=self.port,
            data_dir=folder,
            database=folder / "qgjob.db",
            access=Access.LOOPBACK,
        )
        self._server.enter_context(a_server_beside(settings))

    def stop_server(self) -> None:
        self._server.close()

    def start_agent(self, *arguments: str, name: str = "agent") -> RunningAgent:
        """Start an agent for all devices and wait until it serves."""
        log = self.folder / f"{name}-{time.monotonic_ns()}.log"
        serials = [word for device in self.devices for word in ("--device", device.serial)]
        output: IO[bytes] = self._stack.enter_context(log.open("wb"))
        process = subprocess.Popen(
            [*self._argv(name), *serials, *arguments],
            env=ENVIRONMENT,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )
        agent = RunningAgent(process=process, log=log)
        self._stack.callback(agent.stop)
        agent.wait_to_say("qgjob agent serves ", seconds=START_S)
        record = self.folder / name / "processes.json"
        agent.mark = json.loads(record.read_text(encoding="utf-8"))["mark"]
        return agent

    def run_agent(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run an agent that is expected to end by itself."""
        argv = [*self._argv("agent"), *arguments]
        return subprocess.run(argv, env=ENVIRONMENT, capture_output=True, text=True, timeout=START_S, check=False)

    def process_of(self, name: str) -> int:
        """The pid that the agent's record has for one of its programs."""
        groups = json.loads((self.folder / "agent" / "processes.json").read_text(encoding="utf-8"))["groups"]
        return next(int(group["pid"]) for group in groups if group["name"] == name)

    def own_checkout(self) -> Path:
        """A copy of the example with its npm packages, as a person's working folder.

        They are those that agents have installed from the same lock: npm takes a minute for twenty thousand files.
        """
        project, bundle = self.folder / "checkout", self.folder / "checkout.zip"
        shutil.copytree(SHOP, project, ignore=shutil.ignore_patterns("node_modules", "test-results"))
        zip_folder(bundle, project)
        processes = Processes(self.folder / "checkout-processes.json")
        prepared = asyncio.run(prepare_project(bundle, CACHE, processes, say=lambda _: None))
        packages = (prepared.folder / "node_modules").resolve()
        shutil.copytree(packages, project / "node_modules", symlinks=True)
        return project

    def _argv(self, name: str) -> list[str]:
        argv = [sys.executable, "-m", "qgjob", "agent", "--server", self.url, "--adb-port", str(self.adb_port)]
        return [*argv, "--state-dir", str(self.folder / name), "--cache-dir", str(CACHE), "--name", name]

    def upload_shop(self, version: str = "1.2.3") -> str:
        self.client.apps.upload(ORG, f"v{version}", SHOP / "builds" / f"shop-{version}.apk")
        return f"v{version}"

    def upload_project(self, **specs: str) -> str:
        """Upload the example project, with these spec files added, and return the bundle's hash."""
        project, bundle = self.folder / f"project-{time.monotonic_ns()}", self.folder / "bundle.zip"
        shutil.copytree(SHOP, project, ignore=shutil.ignore_patterns("node_modules", "builds", "test-results"))
        for name, content in specs.items():
            (project / "tests" / f"{name}.spec.js").write_text(content, encoding="utf-8")
        zip_folder(bundle, project)
        digest = sha256(bundle.read_bytes()).hexdigest()
        self.client.bundles.upload(ORG, digest, bundle)
        return digest

    def submit(self, *specs: str, version: str, bundle: str | None, **fields: object) -> list[str]:
        """Submit one job per spec, as one run; returns the job ids."""
        body = {
            "org_id": ORG,
            "app_version_id": version,
            "bundle": bundle,
            "platform": "android",
            "jobs": [{"test_path": f"tests/{spec}.spec.js"} for spec in specs],
            **fields,
        }
        return self.client.jobs.submit_run(body)["job_ids"]  # type: ignore[arg-type]  # a run's body, by its fields

    def job(self, job_id: str) -> JobShown:
        return self.client.jobs.get(job_id)

    def attempts(self, job_id: str) -> list[AttemptShown]:
        return self.client.jobs.attempts(job_id)["attempts"]

    def wait_for_end(self, job_ids: Sequence[str], *, seconds: float = JOB_S) -> list[str | None]:
        """Wait until these jobs are final; returns their verdicts."""
        final = {"completed", "failed", "cancelled"}
        wait_until(
            lambda: all(self.job(job_id)["status"] in final for job_id in job_ids),
            what="the end of the jobs",
            seconds=seconds,
        )
        return [self.job(job_id)["verdict"] for job_id in job_ids]

    def wait_for_case(self, job_id: str, count: int = 1) -> None:
        """Wait until so many cases of the job's newest attempt have ended."""
        wait_until(
            lambda: any(len(attempt["cases"]) >= count for attempt in self.attempts(job_id)[-1:]),
            what=f"the end of {count} cases of {job_id}",
        )


def zip_folder(bundle: Path, folder: Path) -> None:
    """Write all files of a folder into a ZIP file outside of it."""
    with zipfile.ZipFile(bundle, "w") as archive:
        for file in sorted(path for path in folder.rglob("*") if path.is_file()):
            archive.write(file, file.relative_to(folder))


@contextmanager
def a_farm(folder: Path, *, devices: int) -> Iterator[Farm]:
    """Server and devices, without an agent yet. Everything ends with the block."""
    adb_port = free_port()
    adb = Adb(port=adb_port, environment={**ENVIRONMENT, "HOME": str(folder)})
    with ExitStack() as stack:
        started = [
            stack.enter_context(start_device(name=f"Virtual Android {letter}", models=[SHOP / "app-model.json"]))
            for letter in "ABC"[:devices]
        ]
        farm = Farm(
            folder=folder,
            devices=[AdbDevice(adb=adb, serial=device.serial) for device in started],
            adb_port=adb_port,
            _stack=stack,
        )
        stack.callback(farm.stop_server)
        farm.start_server()
        yield farm
