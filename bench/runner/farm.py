"""qgjob as its users run it: a server that stays up, an agent for each run's device, jobs from the command line."""

import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bench.broke import BenchBroke
from bench.runner.device import BenchDevice
from bench.runner.plan import Speed
from bench.runner.project import BenchProject
from bench.runner.run import Run, Way
from demo.farm import Program
from qgjob.agent.free_port import free_port
from qgjob.agent.processes import Processes
from qgjob.client import Client
from qgjob.core.facts import FactKind
from qgjob.wire.apps import FactShown

ORG = "bench"
APP_VERSION = "apidemos"
SUBMIT_TIMEOUT_S = 900.0
_SERVER_TIMEOUT_S = 60.0
_AGENT_TIMEOUT_S = 600.0
_REQUEST_TIMEOUT_S = 30.0
_SHOWN_CHARACTERS = 2000


@dataclass(frozen=True, kw_only=True)
class Server:
    """A running server and how long it took to come up."""

    url: str
    started_s: float


def start_server(stack: ExitStack, *, work: Path, environment: Mapping[str, str]) -> Server:
    """Start a server that ends with `stack`. Raises DidNotStart."""
    began = time.monotonic()
    arguments = ("server", "--port", "0", "--data-dir", str(work / "server"))
    program = stack.enter_context(Program.started("server", arguments, log=work / "server.log", env=environment))
    url = program.wait_for_line("qgjob server listening on ", timeout_s=_SERVER_TIMEOUT_S)
    return Server(url=url, started_s=time.monotonic() - began)


@dataclass(frozen=True, kw_only=True)
class Farm:
    """A server, and a working copy of the project to submit from. Agents come and go with the devices."""

    url: str
    project: BenchProject
    folder: Path
    work: Path
    cache: Path
    environment: Mapping[str, str]
    processes: Processes

    async def upload_app(self) -> None:
        """Upload the app version, as a build would once."""
        upload = ("app", "upload", "--org-id", ORG, "--app-version-id", APP_VERSION, str(self.project.app_path))
        await self._qgjob(*upload)

    async def run(self, device: BenchDevice, *, speed: Speed, round_number: int) -> Run:
        """Start an agent for the device, submit one job for each spec file, wait for the verdicts.

        Raises BenchBroke when one is not `passed`, DidNotStart when the agent is not up in time.
        """
        with ExitStack() as stack:
            began = time.monotonic()
            self._start_agent(stack, device)
            before_s = time.monotonic() - began
            with Client(self.url, timeout_s=_REQUEST_TIMEOUT_S) as client:
                last = max((fact["fact_id"] for fact in _facts(client, after=0)), default=0)
                began_at, began = datetime.now(UTC), time.monotonic()
                await self._submit()
                wall_s = time.monotonic() - began
                facts = _facts(client, after=last)
            counts = await device.counts(self.project.app.package)
        return Run(
            way=Way.QGJOB,
            speed=speed,
            round=round_number,
            cases=len(_of(FactKind.CASE_ENDED, facts)),
            processes=len(_of(FactKind.LEASE_GRANTED, facts)),
            wall_s=wall_s,
            start_up_s=_start_up(facts, began_at),
            installing_s=device.seconds_installing(self.project.app.package),
            before_s=before_s,
            counts=counts,
        )

    def _start_agent(self, stack: ExitStack, device: BenchDevice) -> None:
        arguments = (
            "agent", "--server", self.url, "--device", device.serial, "--adb-port", str(free_port()),
            "--state-dir", str(self.work / "agent"), "--cache-dir", str(self.cache),
        )  # fmt: skip
        program = Program.started("agent", arguments, log=self.work / "agent.log", env=self.environment)
        stack.enter_context(program).wait_for_line("qgjob agent serves ", timeout_s=_AGENT_TIMEOUT_S)

    async def _submit(self) -> None:
        tests = [word for spec in self.project.specs for word in ("--test", spec)]
        terms = ("--org-id", ORG, "--app-version-id", APP_VERSION, "--max-retries", "0")
        await self._qgjob("submit", *terms, *tests, "--wait")

    async def _qgjob(self, *arguments: str) -> None:
        done = await self.processes.run(
            [sys.executable, "-m", "qgjob", "--server-url", self.url, *arguments],
            name=f"qgjob {arguments[0]}",
            env=self.environment,
            cwd=self.folder,
            timeout_s=SUBMIT_TIMEOUT_S,
        )
        if done.code != 0:
            said = done.output[-_SHOWN_CHARACTERS:]
            raise BenchBroke(f"`qgjob {' '.join(arguments)}` ended with code {done.code}:\n{said}")


def _facts(client: Client, *, after: int) -> list[FactShown]:
    facts: list[FactShown] = []
    while page := client.farm.facts(after=facts[-1]["fact_id"] if facts else after)["facts"]:
        facts += page
    return facts


def _of(kind: FactKind, facts: Sequence[FactShown]) -> list[FactShown]:
    return [fact for fact in facts if fact["kind"] == kind]


def _start_up(facts: Sequence[FactShown], began_at: datetime) -> float:
    """Seconds from the submission to the first case, without those that the agent spent installing."""
    first = min(datetime.fromisoformat(fact["at"]) for fact in _of(FactKind.CASE_STARTED, facts))
    installing = sum(float(str(fact["data"]["seconds"])) for fact in _of(FactKind.INSTALL_DONE, facts))
    return (first - began_at).total_seconds() - installing
