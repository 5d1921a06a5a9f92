"""Stock Appwright, unmodified: one Playwright process for each case, since it dies at a process's second test.

Not measured, in its favour: the re-installation of Appium's driver before each session, `npx` in front of Playwright,
and the freeing of port 4723 after each process.
"""

import asyncio
import json
import re
import time
from asyncio.subprocess import Process
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from bench.broke import BenchBroke
from bench.runner.device import BenchDevice
from bench.runner.plan import Speed
from bench.runner.project import APPWRIGHT_PROJECT, BenchProject
from bench.runner.run import Run, Way
from qgjob.agent.processes import Processes, exit_code
from qgjob.core.attempt import Case

APPIUM_PORT = 4723
"""Fixed in Appwright."""
PRELOAD = Path(__file__).with_name("stock_preload.cjs")
CASE_TIMEOUT_S = 180.0
_END_GRACE_S = 0.2
"""Its session has ended with the test, so there is nothing that Appium would have to tidy up."""
_FREE_TIMEOUT_S = 20.0
_POLL_S = 0.05
_SHOWN_CHARACTERS = 2000


@dataclass(frozen=True, kw_only=True)
class _Case:
    """One case's process: how long it ran, and how much of that Playwright and Appium took to start."""

    wall_s: float
    start_up_s: float


@dataclass(frozen=True, kw_only=True)
class Stock:
    """A working copy of the project and what its processes need; `environment` is all of theirs."""

    project: BenchProject
    folder: Path
    work: Path
    environment: Mapping[str, str]
    processes: Processes

    async def run(self, device: BenchDevice, *, speed: Speed, round_number: int) -> Run:
        """Run every case, one process after the other. Raises BenchBroke when one does not pass."""
        measured = [await self._run_case(case) for case in self.project.cases]
        return Run(
            way=Way.STOCK,
            speed=speed,
            round=round_number,
            cases=len(measured),
            processes=len(measured),
            wall_s=sum(case.wall_s for case in measured),
            start_up_s=sum(case.start_up_s for case in measured),
            installing_s=device.seconds_installing(self.project.app.package),
            before_s=0.0,
            counts=await device.counts(self.project.app.package),
        )

    async def _run_case(self, case: Case) -> _Case:
        await _wait_until_free(APPIUM_PORT)
        marks, log = self.work / "marks.jsonl", self.work / "stock.log"
        marks.write_bytes(b"")
        began_at, began = time.time(), time.monotonic()
        with log.open("wb") as output:
            process = await self.processes.start(
                self._command(case),
                name="stock Appwright",
                env={**self.environment, "QGJOB_BENCH_MARKS": str(marks)},
                cwd=self.folder,
                stdout=output,
            )
        try:
            code = await _code_in_time(process)
            wall_s = time.monotonic() - began
        finally:
            await self.processes.end(process, grace_s=_END_GRACE_S)  # Appium outlives the process that started it
        if code != 0:
            said = log.read_text(encoding="utf-8", errors="replace")[-_SHOWN_CHARACTERS:]
            raise BenchBroke(f"Stock Appwright did not pass {case.file} › {case.title} (exit code {code}):\n{said}")
        return _Case(wall_s=wall_s, start_up_s=_start_up(marks.read_text(encoding="utf-8").splitlines(), began_at))

    def _command(self, case: Case) -> tuple[str, ...]:
        cli = self.project.packages / "node_modules" / "@playwright" / "test" / "cli.js"
        title = f"{re.escape(case.title.replace(' › ', ' '))}$"
        return ("node", str(cli), "test", case.file, "--grep", title, "--project", APPWRIGHT_PROJECT,
                "--config", "appwright.config.ts")  # fmt: skip


def stock_environment(
    base: Mapping[str, str], *, sdk: Mapping[str, str], packages: Path, adb_port: int
) -> dict[str, str]:
    """Return the environment of stock Appwright: its own Appium and driver, an SDK, the benchmark's adb server."""
    return {
        **base,
        **sdk,
        "APPIUM_HOME": str(packages),
        "ANDROID_ADB_SERVER_PORT": str(adb_port),
        "NODE_OPTIONS": f'--require "{PRELOAD}"',
        "PLAYWRIGHT_HTML_OPEN": "never",
        "WDIO_LOG_LEVEL": "error",
        "FORCE_COLOR": "0",
    }


def _start_up(lines: Iterable[str], began_at: float) -> float:
    """Seconds until Playwright came to the test, and those that Appium took to listen."""
    marks: dict[str, float] = {}
    for line in lines:
        mark = json.loads(line)
        marks.setdefault(mark["mark"], mark["at"])
    return marks["driver_asked"] - began_at + marks["appium_listens"] - marks["appium_asked"]


async def _code_in_time(process: Process) -> int:
    try:
        return await asyncio.wait_for(exit_code(process), CASE_TIMEOUT_S)
    except TimeoutError:
        raise BenchBroke(f"A process of stock Appwright did not end within {CASE_TIMEOUT_S:.0f} s.") from None


async def _wait_until_free(port: int) -> None:
    deadline = time.monotonic() + _FREE_TIMEOUT_S
    while await is_taken(port):
        if time.monotonic() > deadline:
            raise BenchBroke(f"Port {port} is in use, and stock Appwright needs that very one: end what listens on it.")
        await asyncio.sleep(_POLL_S)


async def is_taken(port: int) -> bool:
    """Tell whether somebody listens on this port of loopback."""
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    return True
