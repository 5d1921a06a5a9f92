"""A farm to be broken: servers, agents and lines between them, each kept going as a supervisor would."""

import asyncio
import json
import random
import signal
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx2

from chaos.disk import Disk
from chaos.line import HttpLine, Line
from chaos.plan import Plan
from chaos.processes import Nursery, Process
from local_postgres import LocalPostgres
from qgjob.agent.free_port import free_port

_START_S = 30.0
_END_S = 20.0
_RESTART_PAUSE_S = 0.1
_POLL_S = 0.05
_SERVER_DISK_MB = 48
_AGENT_DISK_MB = 32


class Kept:
    """A program that is started again whenever it ends, unless it is kept down."""

    def __init__(self, nursery: Nursery, argv: Sequence[str], *, disk: Disk, log: Path) -> None:
        self.disk = disk
        self.log = log
        self.process: Process | None = None
        self.hard_ends = 0
        """How often it was killed, or ended by itself."""
        self._nursery = nursery
        self._argv = argv
        self._up = asyncio.Event()
        self._up.set()
        self._is_expected_to_end = False

    async def keep(self) -> None:
        """Keep it going until cancelled."""
        while True:
            await self._up.wait()
            self._is_expected_to_end = False
            self.process = await self._nursery.bear(*self._argv, env={}, log=self.log)
            await self.process.ended.wait()
            if not self._is_expected_to_end:
                self.hard_ends += 1
            await asyncio.sleep(_RESTART_PAUSE_S)

    def down(self, number: signal.Signals) -> None:
        """End it with this signal, and keep it down."""
        self._up.clear()
        self._is_expected_to_end = True
        self.hard_ends += number is signal.SIGKILL
        self.send(number)

    def up(self) -> None:
        """Let it be started again."""
        self._up.set()

    def send(self, number: signal.Signals) -> None:
        """Send its process a signal."""
        if self.process is not None:
            self.process.send(number)

    async def stop(self) -> int | None:
        """End it in order; returns its exit code, None when it had to be killed."""
        self.down(signal.SIGTERM)
        if self.process is None:
            return 0
        with suppress(TimeoutError):
            await asyncio.wait_for(self.process.ended.wait(), _END_S)
            return self.process.code
        self.process.send(signal.SIGKILL)
        await self.process.ended.wait()
        return None


@dataclass(frozen=True, kw_only=True)
class Server:
    """One replica. `to_database` is its line to PostgreSQL."""

    program: Kept
    port: int
    to_database: Line | None


@dataclass(frozen=True, kw_only=True)
class Agent:
    """One agent with its line to the servers."""

    program: Kept
    line: HttpLine
    state: Path
    serials: Sequence[str]

    def heartbeat(self) -> int | None:
        """The pid of its heartbeat process, by its own record."""
        with suppress(OSError, ValueError, KeyError):
            record = json.loads((self.state / "processes.json").read_text(encoding="utf-8"))
            return next((int(group["pid"]) for group in record["groups"] if group["name"] == "heartbeat"), None)
        return None

    def device(self, number: int) -> Path:
        """The folder of one of its devices."""
        return self.state / "fake-devices" / self.serials[number]

    def undelivered(self) -> list[str]:
        """Leases of which its journal holds what the server has not confirmed."""
        return sorted(path.stem for path in (self.state / "journal").glob("*.jsonl") if _has_untold(path))


@dataclass(frozen=True, kw_only=True)
class Farm:
    """All of it. `url`: the database, as the checker reads it."""

    servers: Sequence[Server]
    agents: Sequence[Agent]
    users_line: HttpLine
    postgres: LocalPostgres | None
    database: str | Path
    postgres_at_a_time: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def wait_until_it_answers(self) -> None:
        """Wait until every server does."""
        async with httpx2.AsyncClient(timeout=_START_S, trust_env=False) as client:
            for server in self.servers:
                await asyncio.wait_for(_answers(client, server.port), _START_S)

    def heal(self) -> None:
        """Make everything good again that is still broken. PostgreSQL is the affair of whoever broke it."""
        for kept in self.programs:
            kept.disk.empty()
            kept.send(signal.SIGCONT)
            kept.up()
        for line in self.lines:
            line.mend()

    @property
    def programs(self) -> list[Kept]:
        """Servers and agents."""
        return [*(server.program for server in self.servers), *(agent.program for agent in self.agents)]

    @property
    def lines(self) -> list[Line]:
        """All lines."""
        to_database = [server.to_database for server in self.servers if server.to_database is not None]
        return [self.users_line, *(agent.line for agent in self.agents), *to_database]


@dataclass(frozen=True, kw_only=True)
class Ground:
    """Where a farm is put. `mounts`: disks can be small; `url` and `postgres`: None for SQLite."""

    folder: Path
    nursery: Nursery
    mounts: bool
    postgres: LocalPostgres | None
    url: str | None

    def disk(self, name: str, size_mb: int) -> Disk:
        """Make a disk."""
        return Disk(self.folder / name, size_mb=size_mb, mount=self.mounts)


@asynccontextmanager
async def a_farm(plan: Plan, ground: Ground) -> AsyncIterator[Farm]:
    """Keep a farm going while the block lasts; what of it has not ended then is killed."""
    dice = random.Random(plan.pace_seed)  # noqa: S311 - no secret
    data = ground.disk("server", _SERVER_DISK_MB)
    servers = [await _server(ground, data, number, dice) for number in range(plan.servers)]
    ports = [server.port for server in servers]
    lines = [HttpLine(lambda: ports, dice, echoes=plan.echoes) for _ in range(plan.agents + 1)]
    for line in lines:
        await line.listen()
    farm = Farm(
        servers=servers,
        agents=[_agent(plan, ground, number, lines[number]) for number in range(plan.agents)],
        users_line=lines[-1],
        postgres=ground.postgres,
        database=ground.url or data.folder / "qgjob.db",
    )
    keeping = [asyncio.create_task(kept.keep()) for kept in farm.programs]
    try:
        yield farm
    finally:
        for task in keeping:
            task.cancel()
        await asyncio.wait(keeping)
        for kept in farm.programs:
            kept.send(signal.SIGKILL)
        await asyncio.gather(*(kept.process.ended.wait() for kept in farm.programs if kept.process is not None))
        await asyncio.gather(*(line.close() for line in farm.lines))


async def _server(ground: Ground, data: Disk, number: int, dice: random.Random) -> Server:
    port, line = free_port(), None
    argv = ["server", "--port", str(port), "--data-dir", str(data.folder)]
    if ground.postgres is not None and ground.url is not None:
        postgres_port = ground.postgres.port
        line = Line(lambda: [postgres_port], dice)
        await line.listen()
        argv += ["--database-url", ground.url.replace(f":{postgres_port}/", f":{line.port}/")]
    kept = Kept(ground.nursery, argv, disk=data, log=ground.folder / f"server-{number + 1}.log")
    return Server(program=kept, port=port, to_database=line)


def _agent(plan: Plan, ground: Ground, number: int, line: HttpLine) -> Agent:
    name = f"host-{number + 1}"
    disk = ground.disk(name, _AGENT_DISK_MB)
    state = disk.folder / "state"
    argv = ["agent", "--fake", str(plan.devices_each), "--server", f"http://127.0.0.1:{line.port}", "--name", name]
    argv += ["--state-dir", str(state), "--cache-dir", str(disk.folder / "cache")]
    kept = Kept(ground.nursery, argv, disk=disk, log=ground.folder / f"{name}.log")
    serials = [f"fake-{device + 1}" for device in range(plan.devices_each)]
    return Agent(program=kept, line=line, state=state, serials=serials)


async def _answers(client: httpx2.AsyncClient, port: int) -> None:
    while True:
        with suppress(httpx2.TransportError):
            if (await client.get(f"http://127.0.0.1:{port}/health")).is_success:
                return
        await asyncio.sleep(_POLL_S)


def _has_untold(journal: Path) -> bool:
    last_seq, confirmed = 0, 0
    with suppress(OSError, ValueError):  # gone meanwhile, or its last line is torn
        for text in journal.read_text(encoding="utf-8").splitlines():
            line = json.loads(text)
            confirmed = line.get("confirmed", confirmed)
            last_seq = line["event"]["seq"] if "event" in line else last_seq
    return last_seq > confirmed
