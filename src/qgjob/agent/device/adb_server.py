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


@asynccontextmanager
async def adb_server(adb: AdbTool) -> AsyncIterator[None]:
    """Keep an adb server at `adb.port` while the block lasts.

    One that runs there already belongs to somebody else: it is used and left alone. Ours, which gets no -a, listens on
    loopback only. Raises InfrastructureError when it does not come up.
    """
    if await _answers(adb.port):
        yield
        return
    log_path = adb.home / "adb-server.log"
    with log_path.open("wb") as log:
        process = await adb.processes.start(
            [str(adb.binary), "-P", str(adb.port), "nodaemon", "server"],
            name="adb server",
            env=adb.environment,
            cwd=adb.home,
            stdout=log,
        )
    try:
        await _wait_until_it_answers(adb, process)
        yield
    finally:
        await adb.processes.end(process, grace_s=_END_GRACE_S)


async def _wait_until_it_answers(adb: AdbTool, process: Process) -> None:
    try:
        async with asyncio.timeout(START_TIMEOUT_S):
            while not await _answers(adb.port):
                if process.returncode is not None:
                    break
                await asyncio.sleep(_POLL_S)
    except TimeoutError:
        pass
    if process.returncode is None and await _answers(adb.port):
        return
    said = (adb.home / "adb-server.log").read_text(encoding="utf-8", errors="replace")[-500:].strip()
    ended = f"ended with code {await exit_code(process)}" if process.returncode is not None else "gave no answer"
    raise InfrastructureError(f"The adb server on port {adb.port} {ended}. It said: {said or 'nothing'}")


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
