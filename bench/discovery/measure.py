"""Lists and pushes the project in turn: Playwright alone, a first push, and the same push again."""

import os
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.broke import BenchBroke
from bench.discovery.project import TESTS_PER_SPEC, install_packages, write_project
from bench.discovery.wire import Wire, a_wire
from bench.goal import Figure, Goal
from bench.http.server import a_server
from bench.measured import Measured
from bench.program import ROOT
from bench.spread import ratios, spread
from qgjob.agent.processes import Processes
from qgjob.agent.runner.environment import playwright_environment

MOST_S = 10.0
_TIMEOUT_S = 600.0
_SHOWN_CHARACTERS = 2000
_COMPARED = (
    "`qgjob run --no-wait` finds the tests, packs, uploads, submits one job for each file and exits, against a real "
    "server on SQLite; `playwright test --list` is the project's own, with its own config. From the start of the "
    "process to its end."
)


@dataclass(frozen=True, kw_only=True)
class Plan:
    """How much is measured."""

    specs: int = 300
    rounds: int = 5


@dataclass(frozen=True, kw_only=True)
class Push:
    """One `qgjob run --no-wait`: how long it took, and the bytes that it sent, of uploads and of all other calls."""

    seconds: float
    uploaded_bytes: int
    other_bytes: int


@dataclass(frozen=True, kw_only=True)
class Round:
    """What followed each other."""

    listed_s: float
    first: Push
    second: Push


async def measure(plan: Plan, *, cache: Path, work: Path, say: Callable[[str], None]) -> Measured:
    """Measure all rounds. Raises BenchBroke where something did not do its part."""
    processes = Processes(cache / "bench" / "processes.json")
    await processes.reap()
    packages = await install_packages(cache / "bench", processes=processes, say=say)
    project = write_project(work / "project", specs=plan.specs, packages=packages)
    with a_server(work / "server", database_url=f"sqlite:///{work / 'farm.db'}") as server:
        async with a_wire(server.url) as wire:
            rounds = []
            for number in range(1, plan.rounds + 1):
                say(f"round {number} of {plan.rounds}")
                measuring = _Measuring(project, work / "home", processes, wire)
                rounds.append(await measuring.round(org=f"round-{number}", specs=plan.specs))
    return Measured(
        compared=_COMPARED,
        set_up={"rounds": str(plan.rounds), "tests": str(plan.specs * TESTS_PER_SPEC)},
        figures=_figures(plan, rounds),
        runs={"round": [_told(each) for each in rounds]},
    )


class _Measuring:
    def __init__(self, project: Path, home: Path, processes: Processes, wire: Wire) -> None:
        home.mkdir(exist_ok=True)
        self._project = project
        self._home = home
        self._processes = processes
        self._wire = wire

    async def round(self, *, org: str, specs: int) -> Round:
        """An org of its own has neither bundle nor app yet."""
        listed_s = await self._listed()
        first, second = await self._pushed(org, specs), await self._pushed(org, specs)
        return Round(listed_s=listed_s, first=first, second=second)

    async def _listed(self) -> float:
        cli = self._project / "node_modules" / "@playwright" / "test" / "cli.js"
        argv = ["node", str(cli), "test", "--list", "--config", "appwright.config.ts"]
        seconds, said = await self._run(argv, env=playwright_environment(os.environ, home=self._home))
        if "Total:" not in said:
            raise BenchBroke(f"Playwright listed nothing:\n{said[-_SHOWN_CHARACTERS:]}")
        return seconds

    async def _pushed(self, org: str, specs: int) -> Push:
        self._wire.taken()
        argv = [sys.executable, "-m", "qgjob", "run", "--no-wait", "--org-id", org, "--server-url", self._wire.url]
        paths = os.pathsep.join([str(ROOT / "src"), os.environ.get("PYTHONPATH", "")])
        kept = {name: value for name, value in os.environ.items() if not name.startswith("QGJOB_")}
        seconds, said = await self._run(argv, env={**kept, "PYTHONPATH": paths})
        jobs = said.count("Job ID: ")
        if jobs != specs:
            raise BenchBroke(f"the push submitted {jobs} jobs, not {specs}:\n{said[-_SHOWN_CHARACTERS:]}")
        uploaded, others = self._wire.taken()
        return Push(seconds=seconds, uploaded_bytes=uploaded, other_bytes=others)

    async def _run(self, argv: Sequence[str], *, env: dict[str, str]) -> tuple[float, str]:
        started = time.monotonic()
        done = await self._processes.run(argv, name=argv[-1], env=env, cwd=self._project, timeout_s=_TIMEOUT_S)
        if done.code != 0:
            raise BenchBroke(f"{' '.join(argv)} ended with code {done.code}:\n{done.output[-_SHOWN_CHARACTERS:]}")
        return time.monotonic() - started, done.output


def _figures(plan: Plan, rounds: Sequence[Round]) -> list[Figure]:
    listed = [each.listed_s for each in rounds]
    first, second = [each.first for each in rounds], [each.second for each in rounds]
    work = f"{plan.specs} spec files"

    def figure(against: str, unit: str, values: Sequence[float], goal: Goal | None = None) -> Figure:
        return Figure(work=work, database="SQLite", against=against, unit=unit, measured=spread(values), goal=goal)

    return [
        figure("playwright --list", "s", listed),
        figure("first push", "s", [each.seconds for each in first], Goal(most=MOST_S)),
        figure("second push", "s", [each.seconds for each in second], Goal(most=MOST_S)),
        Figure(
            work=work,
            database="SQLite",
            against="first push of playwright --list",
            unit="x",
            measured=ratios([each.seconds for each in first], listed),
        ),
        figure("first push, uploaded", "bytes", [each.uploaded_bytes for each in first]),
        figure("second push, uploaded", "bytes", [each.uploaded_bytes for each in second], Goal(most=0)),
        figure("second push, all other calls", "bytes", [each.other_bytes for each in second]),
    ]


def _told(each: Round) -> dict[str, float]:
    return {
        "listed_s": each.listed_s,
        "first_s": each.first.seconds,
        "second_s": each.second.seconds,
        "first_uploaded_bytes": each.first.uploaded_bytes,
        "second_uploaded_bytes": each.second.uploaded_bytes,
        "first_other_bytes": each.first.other_bytes,
        "second_other_bytes": each.second.other_bytes,
    }
