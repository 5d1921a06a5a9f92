"""adb's server: the one that runs at the port already, else one of our own, which ends with the agent."""

import asyncio
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from qgjob.agent.device.adb_tool import AdbTool
from qgjob.agent.processes import exit_code
from qgjob.core.errors import InfrastructureError

LOOPBACK = "127.0.0.1"
START_TIMEOUT_S = 30.0
_END_GRACE_S = 3.0
_POLL_S = 0.1
_CONNECT_TIMEOUT_S = 2.0


class AdbServer:
    """The server at the port of `adb`. With it every device of the host is lost at once, whatever it was doing."""

    def __init__(self, adb: AdbTool) -> None:
        self._adb = adb
        self._process: Process | None = None
        self._deaths = 0
        self._one_at_a_time = asyncio.Lock()

    @property
    def port(self) -> int:
        """Where it listens, on loopback."""
        return self._adb.port

    @property
    def deaths(self) -> int:
        """How often it is known to have died. Two that differ: it did between them, and every connection was lost."""
        if self._process is not None and self._process.returncode is not None:
            self._process = None  # the next call of adb starts one in its place, as if nothing had happened
            self._deaths += 1
        return self._deaths

    async def ensure(self) -> None:
        """Make it answer, starting it where none does. Raises InfrastructureError when it does not come up."""
        async with self._one_at_a_time:
            if not await self.answers():
                await self.stop()
                await self._start()

    async def answers(self) -> bool:
        """Whether it answers; one that does not has died."""
        deaths = self.deaths
        if await _answers(self.port):
            return True
        if deaths == self.deaths:
            self._deaths += 1
        return False

    async def stop(self) -> None:
        """End it, if it is ours: one that somebody else has started is left alone."""
        process, self._process = self._process, None
        if process is not None:
            await self._adb.processes.end(process, grace_s=_END_GRACE_S)

    async def _start(self) -> None:
        with (self._adb.home / "adb-server.log").open("wb") as log:
            self._process = await self._adb.processes.start(
                [str(self._adb.binary), "-P", str(self.port), "nodaemon", "server"],
                name="adb server",
                env=self._adb.environment,
                cwd=self._adb.home,
                stdout=log,
            )
        await self._wait_until_it_answers(self._process)

    async def _wait_until_it_answers(self, process: Process) -> None:
        try:
            async with asyncio.timeout(START_TIMEOUT_S):
                while not await _answers(self.port):
                    if process.returncode is not None:
                        break
                    await asyncio.sleep(_POLL_S)
        except TimeoutError:
            pass
        if await _answers(self.port):
            return  # another one, where it was faster than ours
        said = (self._adb.home / "adb-server.log").read_text(encoding="utf-8", errors="replace")[-500:].strip()
        ended = f"ended with code {await exit_code(process)}" if process.returncode is not None else "gave no answer"
        raise InfrastructureError(f"The adb server on port {self.port} {ended}. It said: {said or 'nothing'}")


@asynccontextmanager
async def adb_server(adb: AdbTool) -> AsyncIterator[AdbServer]:
    """Keep an adb server at `adb.port` while the block lasts.

    One that runs there already belongs to somebody else: it is used and left alone. Ours, which gets no -a, listens on
    loopback only. Raises InfrastructureError when it does not come up.
    """
    server = AdbServer(adb)
    try:
        await server.ensure()
        yield server
    finally:
        await server.stop()


async def _answers(port: int) -> bool:
    """Whether an adb server is at this port, by its own protocol: anything else there is not one."""
    try:
        async with asyncio.timeout(_CONNECT_TIMEOUT_S):
            reader, writer = await asyncio.open_connection(LOOPBACK, port)
            try:
                writer.write(b"000chost:version")
                return await reader.readexactly(4) == b"OKAY"
            finally:
                writer.close()
    except (OSError, TimeoutError, asyncio.IncompleteReadError):
        return False
