"""Looks whether a project can be tested and a host can have an agent; says what to do where not. Installs nothing."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory

from qgjob.agent.device.adb_server import adb_server
from qgjob.agent.device.adb_tool import AdbTool, adb_environment, find_adb
from qgjob.agent.device.finding import find_devices
from qgjob.agent.npm import find_node
from qgjob.agent.processes import Processes
from qgjob.agent.project import check_project
from qgjob.core.errors import QgjobError

_END_GRACE_S = 3.0


class Health(StrEnum):
    """How something was found. MISSING: only an agent would need it, and this host may not be meant for one."""

    GOOD = "good"
    MISSING = "missing"
    BAD = "bad"


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing that was looked at. `message`: what is there, or what is wrong and what to do."""

    what: str
    health: Health
    message: str


def examine_project(folder: Path) -> Finding:
    """Look at a project as an agent will, without npm and without running any of it."""
    try:
        project = check_project(folder)
    except QgjobError as error:
        return Finding(what="project", health=Health.BAD, message=f"{folder}: {error.message}")
    versions = f"Appwright {project.appwright_version}, Playwright {project.playwright_version}"
    return Finding(what="project", health=Health.GOOD, message=f"{folder}: {versions}")


def examine_host(*, adb_port: int) -> list[Finding]:
    """Look at what an agent needs of this host: Node, adb, a device. Ends what it starts."""
    return asyncio.run(_examine_host(adb_port))


async def _examine_host(adb_port: int) -> list[Finding]:
    with TemporaryDirectory(prefix="qgjob-doctor-") as folder:
        processes = Processes(Path(folder) / "processes.json")
        try:
            return [
                await _finding("node", lambda: _node(processes)),
                await _finding("devices", lambda: _devices(processes, Path(folder), adb_port)),
            ]
        finally:
            await processes.end_all(grace_s=_END_GRACE_S)


async def _finding(what: str, look: Callable[[], Awaitable[str]]) -> Finding:
    try:
        return Finding(what=what, health=Health.GOOD, message=await look())
    except QgjobError as error:
        return Finding(what=what, health=Health.MISSING, message=error.message)


async def _node(processes: Processes) -> str:
    node = await find_node(processes)
    return f"Node {node.version} ({node.node})"


async def _devices(processes: Processes, home: Path, adb_port: int) -> str:
    adb = AdbTool(binary=find_adb(), port=adb_port, home=home, environment=adb_environment(home), processes=processes)
    async with adb_server(adb):
        devices = await find_devices(adb, ())
    return ", ".join(device.serial for device in devices) + f" ({adb.binary})"
