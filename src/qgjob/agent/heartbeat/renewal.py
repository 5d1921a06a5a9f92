"""The agent's side of its heartbeat process: feeds it, hears its answers, starts it again should it die."""

import asyncio
import json
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from qgjob.agent.processes import Processes
from qgjob.core.errors import NotFound
from qgjob.core.words import AgentId, LeaseToken, WorkerId
from qgjob.wire.agents import LeaseState

SIGN_EVERY_S = 3.0
"""How often the agent tells its heartbeat that it is at work, and neither hung nor stopped."""
_RESTART_PAUSE_S = 1.0
_END_S = 5.0


@dataclass(frozen=True, kw_only=True)
class Renewing:
    """What is to be renewed now, and how often."""

    worker_ids: Sequence[WorkerId]
    tokens: Sequence[LeaseToken]
    every_s: float


@dataclass(frozen=True, kw_only=True)
class Listeners:
    """Whom the answers are for: the state of each lease, and that the server does not know this agent."""

    lease: Callable[[LeaseState], None]
    unknown: Callable[[], None]


class Renewal:
    """Keeps one heartbeat process running while `run` runs."""

    def __init__(
        self,
        processes: Processes,
        *,
        server_url: str,
        agent_id: AgentId,
        env: Mapping[str, str],
        folder: Path,
    ) -> None:
        self._processes = processes
        self._argv = [
            *[sys.executable, "-P", "-m", "qgjob.agent.heartbeat", "--server", server_url],
            *["--agent-id", agent_id, "--record", str(processes.record_path)],
        ]
        self._env = env
        self._folder = folder
        self._process: Process | None = None
        self._renewing: Renewing | None = None

    def renew(self, renewing: Renewing) -> None:
        """Renew this from now on."""
        self._renewing = renewing
        self._feed()

    async def run(self, listeners: Listeners) -> None:
        """Keep the process running until cancelled."""
        while True:
            with (self._folder / "heartbeat.log").open("ab") as log:
                self._process = await self._processes.start(
                    self._argv, name="heartbeat", env=self._env, cwd=self._folder, stdin=PIPE, stdout=PIPE, stderr=log
                )
            try:
                self._feed()
                signs = asyncio.create_task(self._give_signs())
                try:
                    await _hear(self._process, listeners)
                finally:
                    signs.cancel()
            finally:
                await self._end(self._process)
            await asyncio.sleep(_RESTART_PAUSE_S)

    def _feed(self) -> None:
        if self._renewing is None:
            return
        self._tell(
            {
                "worker_ids": list(self._renewing.worker_ids),
                "tokens": list(self._renewing.tokens),
                "every_s": self._renewing.every_s,
            }
        )

    async def _give_signs(self) -> None:
        while True:
            await asyncio.sleep(SIGN_EVERY_S)
            self._tell({})

    def _tell(self, told: Mapping[str, object]) -> None:
        stdin = None if self._process is None else self._process.stdin
        if stdin is not None and not stdin.is_closing():
            stdin.write(json.dumps(told).encode() + b"\n")

    async def _end(self, process: Process) -> None:
        """End it before its stdin is closed, which it would take for the end of the agent."""
        self._process = None
        await self._processes.end(process, grace_s=_END_S)
        if process.stdin is not None:
            process.stdin.close()
            with suppress(ConnectionError):
                await process.stdin.wait_closed()


async def _hear(process: Process, listeners: Listeners) -> None:
    if process.stdout is None:
        return
    while line := await process.stdout.readline():
        answer = json.loads(line)
        if "lease" in answer:
            listeners.lease(answer["lease"])
        elif answer["error"] == NotFound.code:
            listeners.unknown()
