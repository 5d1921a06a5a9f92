"""The benchmark from beginning to end: prepare, then every kind of request in turn, round after round.

Everything that it starts ends with it; what a killed benchmark left behind is ended at the start of the next.
"""

import json
import sys
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from bench.contest import Contest
from bench.databases import Kind, databases
from bench.engines.engines import Command, Engines, prepare_engines
from bench.farm import ORG, SPECS, app_version, payload
from bench.http import figures
from bench.http.plan import CONNECTIONS, FEW_JOBS, GROUPS, JOBS_A_RUN, RUN_CONNECTIONS, Plan
from bench.http.server import Server, a_reference, a_server
from bench.measured import Measured
from bench.program import ROOT
from bench.table import number
from qgjob.agent.processes import Processes
from qgjob.wire.bounds import MOST_JOBS_PER_RUN

KINDS = (Kind.SQLITE, Kind.POSTGRESQL)
COMPARED = (
    "Compared: one server process on loopback, answering after the commit, beside a Starlette route that validates the "
    "same body and stores nothing, and beside PgQueuer's own bulk enqueue over asyncpg. Clients are processes of their "
    "own; all share the CPUs."
)
_END_GRACE_S = 5.0


async def measure(plan: Plan, *, cache: Path, work: Path, say: Callable[[str], None]) -> Measured:
    """Run the plan. `cache` keeps the engines between calls, `work` is an empty folder for everything else.

    Raises BenchBroke when what was measured is worth nothing, QgjobError, NoPostgres and DidNotStart when something
    cannot be used.
    """
    processes = Processes(cache / "bench" / "processes.json")
    await processes.reap()
    try:
        engines = await prepare_engines(cache, processes=processes, say=say)
        with databases(work, say=say) as places, ExitStack() as stack:
            set_up = {**places.set_up(), **engines.versions}
            contest = Contest(places=places, processes=processes, say=say)
            bench = _Bench(plan=plan, contest=contest, engines=engines, work=work, stack=stack)
            await bench.run()
            return Measured(
                compared=COMPARED,
                set_up=set_up,
                figures=figures.figures_of(contest.runs, plan, kinds=KINDS),
                runs=contest.runs,
            )
    finally:
        await processes.end_all(grace_s=_END_GRACE_S)


@dataclass(frozen=True, kw_only=True)
class _Bench:
    """`stack` ends the servers."""

    plan: Plan
    contest: Contest
    engines: Engines
    work: Path
    stack: ExitStack

    async def run(self) -> None:
        """Latency first, on servers that nobody has used; then load, then reads among many jobs."""
        say, rounds = self.contest.say, range(1, self.plan.rounds + 1)
        servers = {kind: self._start(kind, "load") for kind in KINDS}
        for number_ in rounds:
            say(f"round {number_} of {self.plan.rounds}: from submission to running")
            for kind, server in servers.items():
                await self._time_starts(kind, server)
        reference = self.stack.enter_context(a_reference())
        for number_ in rounds:
            say(f"round {number_} of {self.plan.rounds}: one job a request, then {JOBS_A_RUN}")
            await self._post(servers, reference)
        few = {kind: self._start(kind, "few") for kind in KINDS}
        many = {kind: self._start(kind, "many") for kind in KINDS}
        for kind in KINDS:
            await self._fill(few[kind], FEW_JOBS)
            await self._fill(many[kind], FEW_JOBS)
            await self._read(kind, many[kind], FEW_JOBS, name="warm-up")
            self._weigh(kind, many[kind], FEW_JOBS)
            say(f"filling {kind} with {self.plan.kept:,} jobs")
            await self._fill(many[kind], self.plan.kept - FEW_JOBS)
        for number_ in rounds:
            say(f"round {number_} of {self.plan.rounds}: reads")
            for kind in KINDS:
                await self._read(kind, few[kind], FEW_JOBS)
                await self._read(kind, many[kind], self.plan.kept)
        for kind in KINDS:
            self._weigh(kind, many[kind], self.plan.kept)

    def _start(self, kind: Kind, name: str) -> Server:
        url = self.contest.places.fresh(kind)
        return self.stack.enter_context(a_server(self.work / f"{name}-{kind}", database_url=url))

    async def _time_starts(self, kind: Kind, server: Server) -> None:
        command = (sys.executable, "-m", "bench.http.latency", server.url, "--jobs", str(self.plan.starts))
        said = await self.contest.run(figures.starts(kind), command)
        self.contest.say(f"  {figures.starts(kind):<32} p50 {said['p50_ms']:.1f} ms, p99 {said['p99_ms']:.1f} ms")

    async def _post(self, servers: dict[Kind, Server], reference: str) -> None:
        """Post one job a request to each in turn, then many."""
        job = {"org_id": ORG, "app_version_id": app_version(0), "test_path": SPECS[0]}
        one = self._file("job.json", "POST", "/jobs", job)
        urls = {figures.REFERENCE: reference} | {figures.posts(kind): each.url for kind, each in servers.items()}
        for name, url in urls.items():
            said = await self.contest.run(name, self._load(url, one, self.plan.requests, CONNECTIONS, 201))
            self.contest.say(f"  {name:<32} {number(said['requests'] / said['seconds'])} requests/s")
        many = self._file("run.json", "POST", "/runs", _run(JOBS_A_RUN, groups=1))
        await self.contest.on_fresh(Kind.POSTGRESQL, figures.ENQUEUE, self._enqueue, jobs=self.plan.bulk)
        for kind, server in servers.items():
            name, requests = figures.run_posts(kind), self.plan.bulk // JOBS_A_RUN
            said = await self.contest.run(name, self._load(server.url, many, requests, RUN_CONNECTIONS, 201))
            said["jobs"] = said["requests"] * JOBS_A_RUN
            self.contest.say(f"  {name:<32} {number(said['jobs'] / said['seconds'])} jobs/s")

    async def _fill(self, server: Server, jobs: int) -> None:
        whole, rest = divmod(jobs, MOST_JOBS_PER_RUN)
        for size, requests in ((MOST_JOBS_PER_RUN, whole), (rest, 1)):
            if size and requests:
                file = self._file("fill.json", "POST", "/runs", _run(size, groups=min(GROUPS, size)))
                await self.contest.run("fill", self._load(server.url, file, requests, 1, 201))

    async def _read(self, kind: Kind, server: Server, jobs: int, *, name: str | None = None) -> None:
        for read in figures.READS:
            file = self._file("read.json", "GET", read.removeprefix("GET "), None)
            await self.contest.run(
                name or figures.reads(kind, read, jobs), self._load(server.url, file, self.plan.reads, 1, 200)
            )

    def _weigh(self, kind: Kind, server: Server, jobs: int) -> None:
        mb = server.memory_mb()
        self.contest.runs.setdefault(figures.memory(kind, jobs), []).append({"mb": mb})
        self.contest.say(f"  {figures.memory(kind, jobs)}: {mb:.0f} MB")

    def _enqueue(self, url: str) -> Command:
        return self.engines.pgqueuer_enqueue(
            url, jobs=self.plan.bulk, batch=JOBS_A_RUN, clients=RUN_CONNECTIONS, payload=payload()
        )

    def _load(self, url: str, file: Path, requests: int, connections: int, status: int) -> Command:
        program = ROOT / "bench" / "http" / "load.py"
        return (str(self.engines.python), str(program), url, str(connections), str(requests), str(status), str(file))

    def _file(self, name: str, method: str, path: str, body: object) -> Path:
        file = self.work / name
        file.write_text(json.dumps({"method": method, "path": path, "body": body}), encoding="utf-8")
        return file


def _run(jobs: int, *, groups: int) -> dict[str, object]:
    """Ask for a run whose jobs are spread evenly over groups."""
    return {
        "org_id": ORG,
        "jobs": [
            {"app_version_id": app_version(number % groups), "test_path": SPECS[number // groups % len(SPECS)]}
            for number in range(jobs)
        ],
    }
