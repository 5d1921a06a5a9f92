"""The benchmark from beginning to end: prepare, warm up, then stock and qgjob in turn; checks that both did the same.

Everything that it starts ends with it; what a killed benchmark left behind is ended at the start of the next.
"""

import os
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from bench.broke import BenchBroke
from bench.runner.device import BenchDevice, fresh_device, helper_apks
from bench.runner.farm import Farm, start_server
from bench.runner.figures import Pair
from bench.runner.plan import SPEEDS, Plan, Speed
from bench.runner.project import BenchProject, prepare_project
from bench.runner.report import Measured
from bench.runner.run import Run
from bench.runner.sdk import make_sdk
from bench.runner.stock import APPIUM_PORT, Stock, is_taken, stock_environment
from bench.runner.versions import versions
from qgjob.agent.device.adb_server import adb_server
from qgjob.agent.device.adb_tool import AdbTool, adb_environment, find_adb
from qgjob.agent.free_port import free_port
from qgjob.agent.processes import Processes
from qgjob.agent.tools import ensure_tools
from qgjob.core.errors import ConfigurationError

_END_GRACE_S = 5.0
_WARM_UP = 0
"""The round that is not measured: it fills caches, installs npm packages, and the server learns how long specs take."""


async def measure(plan: Plan, *, cache: Path, work: Path, say: Callable[[str], None]) -> Measured:
    """Run the plan. `cache` keeps npm packages between calls, `work` is an empty folder for everything else.

    Raises BenchBroke when what was measured is worth nothing, QgjobError and DidNotStart when something cannot be used.
    """
    if await is_taken(APPIUM_PORT):
        raise ConfigurationError(
            f"Port {APPIUM_PORT} is in use, and stock Appwright can use no other: end what listens there."
        )
    processes = Processes(cache / "bench" / "processes.json")
    await processes.reap()
    try:
        async with _prepared(plan, cache=cache, work=work, processes=processes, say=say) as bench:
            pairs = [
                await bench.pair(speed, round_number=number) for number in range(1, plan.rounds + 1) for speed in SPEEDS
            ]
            return Measured(
                app=bench.project.app,
                versions=versions(stock=bench.project.packages, qgjob=bench.tools),
                prepared_s=bench.prepared_s,
                pairs=pairs,
            )
    finally:
        await processes.end_all(grace_s=_END_GRACE_S)


@dataclass(frozen=True, kw_only=True)
class _Bench:
    """Both ways, ready to run. `tools`: the npm packages of qgjob's agent."""

    project: BenchProject
    stock: Stock
    farm: Farm
    tools: Path
    adb: AdbTool
    device_port: int
    work: Path
    prepared_s: dict[str, float]
    say: Callable[[str], None]

    async def pair(self, speed: Speed, *, round_number: int) -> Pair:
        """Run all cases the one way and then the other, each on a device just switched on."""
        async with self._device(speed, self.project.packages) as device:
            stock = self._checked(await self.stock.run(device, speed=speed, round_number=round_number))
        async with self._device(speed, self.tools) as device:
            qgjob = self._checked(await self.farm.run(device, speed=speed, round_number=round_number))
        if qgjob.counts.installs != 1:
            raise BenchBroke(f"The device counted {qgjob.counts.installs} installs by qgjob where one is promised.")
        return Pair(stock=stock, qgjob=qgjob)

    async def warm_up(self) -> None:
        """Run one case the stock way, everything the other, and measure nothing but how long the first push takes."""
        speed = SPEEDS[-1]
        one_case = replace(self.stock, project=replace(self.project, cases=self.project.cases[:1]))
        async with self._device(speed, self.project.packages) as device:
            await one_case.run(device, speed=speed, round_number=_WARM_UP)
        async with self._device(speed, self.tools) as device:
            with _timed("first push, with the agent's npm packages of the project", self.prepared_s):
                await self.farm.upload_app()
                await self.farm.run(device, speed=speed, round_number=_WARM_UP)

    @asynccontextmanager
    async def _device(self, speed: Speed, packages: Path) -> AsyncIterator[BenchDevice]:
        events = self.work / "device.jsonl"
        events.unlink(missing_ok=True)
        async with fresh_device(
            speed, port=self.device_port, helpers=helper_apks(packages), adb=self.adb, events=events
        ) as device:
            yield device

    def _checked(self, run: Run) -> Run:
        wanted = len(self.project.cases)
        if not run.cases == run.counts.sessions == wanted:
            raise BenchBroke(
                f"{run.way} ran {run.cases} cases in {run.counts.sessions} sessions at {run.speed.name} where {wanted} "
                "of each were wanted: the two ways did not do the same work."
            )
        round_name = f"round {run.round}, {run.speed.name}"
        self.say(f"{round_name:<16} {run.way:<6} {run.wall_s:6.1f} s, installs: {run.counts.installs}")
        return run


@asynccontextmanager
async def _prepared(
    plan: Plan, *, cache: Path, work: Path, processes: Processes, say: Callable[[str], None]
) -> AsyncIterator[_Bench]:
    """Install, start and warm up what the measured runs need."""
    prepared_s: dict[str, float] = {}
    with _timed("npm packages and case list of the project", prepared_s):
        project = await prepare_project(cache / "bench", cases=plan.cases, work=work, processes=processes, say=say)
    with _timed("Appium and its driver for the agent", prepared_s):
        tools = await ensure_tools(cache / "agent", processes, say=say)
    adb = _adb(work, processes)
    with ExitStack() as stack:
        environment = {**os.environ, "PYTHONUNBUFFERED": "1", "NO_COLOR": "1"}
        server = start_server(stack, work=work, environment=environment)
        prepared_s["server start"] = server.started_s
        async with adb_server(adb):
            bench = _Bench(
                project=project,
                stock=_stock(project, adb=adb, work=work),
                farm=Farm(
                    url=server.url,
                    project=project,
                    folder=project.copy_to(work / "qgjob"),
                    work=work,
                    cache=cache / "agent",
                    environment=environment,
                    processes=processes,
                ),
                tools=tools.folder,
                adb=adb,
                device_port=free_port(),
                work=work,
                prepared_s=prepared_s,
                say=say,
            )
            say("warming up")
            await bench.warm_up()
            yield bench


def _adb(work: Path, processes: Processes) -> AdbTool:
    home = work / "home"
    home.mkdir()
    return AdbTool(
        binary=find_adb(), port=free_port(), home=home, environment=adb_environment(home), processes=processes
    )


def _stock(project: BenchProject, *, adb: AdbTool, work: Path) -> Stock:
    sdk = make_sdk(work / "sdk", adb=adb.binary, python=sys.executable)
    return Stock(
        project=project,
        folder=project.copy_to(work / "stock"),
        work=work,
        environment=stock_environment(adb.environment, sdk=sdk, packages=project.packages, adb_port=adb.port),
        processes=adb.processes,
    )


@contextmanager
def _timed(name: str, seconds: dict[str, float]) -> Iterator[None]:
    began = time.monotonic()
    yield
    seconds[name] = time.monotonic() - began
