"""Makes a host ready to run tests: tools, an Android SDK of some kind, adb's server, Appium, the devices."""

import asyncio
import os
import re
import sys
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from qgjob.agent.android_home import AndroidHome, make_android_home
from qgjob.agent.appium import Appium
from qgjob.agent.device.adb_server import adb_server
from qgjob.agent.device.adb_tool import AdbTool, adb_environment, find_adb
from qgjob.agent.device.finding import find_devices
from qgjob.agent.device.held import HeldPackages
from qgjob.agent.device.installation import Installation
from qgjob.agent.environment import test_environment
from qgjob.agent.free_port import free_port
from qgjob.agent.processes import Processes
from qgjob.agent.runner import AppwrightRunner, Runner
from qgjob.agent.session.round import Slot
from qgjob.agent.settings import AgentSettings
from qgjob.agent.state_folder import StateFolder
from qgjob.agent.tools import Tools, ensure_tools
from qgjob.agent.workshop import DeviceServer, KeptAppium, SessionServer
from qgjob.core.errors import ConfigurationError

_SHELL_SAFE = re.compile(r"[A-Za-z0-9_@%+=:,./-]+")


@dataclass(frozen=True, kw_only=True)
class Host:
    """A host that is ready. `env` is the environment of the tests."""

    runner: Runner
    adb: DeviceServer
    appium: SessionServer
    slots: tuple[Slot, ...]
    env: Mapping[str, str]


@asynccontextmanager
async def ready_host(
    settings: AgentSettings, state: StateFolder, processes: Processes, *, say: Callable[[str], None]
) -> AsyncIterator[Host]:
    """Make the host ready while the block lasts. A minute the first time, seconds later.

    Raises ConfigurationError for what a person has to put right: no Node, no such device, a folder that Appwright
    cannot use; InfrastructureError for a registry or an adb that does not answer.
    """
    for folder in (state.folder, settings.cache_dir):
        _refuse_shell_characters(folder.absolute())
    tools = await ensure_tools(settings.cache_dir, processes, say=say)
    android = await asyncio.to_thread(make_android_home, state.android_home, adb=find_adb(), python=sys.executable)
    adb = AdbTool(
        binary=android.adb,
        port=settings.adb_port,
        home=state.home,
        environment=adb_environment(state.home),
        processes=processes,
    )
    env = _env_of_tests(tools, android, adb)
    appium = KeptAppium(Appium(tools, android, processes, folder=state.home, env={**env, **adb.environment}), say)
    async with adb_server(adb) as server:
        devices = await find_devices(adb, settings.devices)
        held = HeldPackages(state.held)
        slots = tuple(
            Slot(device=device, installation=Installation(device, held), system_port=port)
            for device, port in zip(devices, _free_ports(len(devices)), strict=True)
        )
        try:
            await appium.port()
            runner = AppwrightRunner(processes, home=settings.cache_dir.absolute(), say=say)
            yield Host(runner=runner, adb=server, appium=appium, slots=slots, env=env)
        finally:
            await appium.stop()


def _env_of_tests(tools: Tools, android: AndroidHome, adb: AdbTool) -> dict[str, str]:
    """What of the agent's environment is for tests, the Node that was found, and the way to the devices."""
    passed_on = test_environment(os.environ)
    # A version manager's stand-in for node, first on PATH, would look into HOME for which node is meant.
    path = f"{tools.node.parent}{os.pathsep}{passed_on.get('PATH', os.defpath)}"
    settings = {name: value for name, value in adb.environment.items() if name.startswith("ADB_")}
    return {**passed_on, **settings, **android.env(), "PATH": path, "ANDROID_ADB_SERVER_PORT": str(adb.port)}


def _free_ports(count: int) -> list[int]:
    ports: set[int] = set()
    while len(ports) < count:
        ports.add(free_port())
    return sorted(ports)


def _refuse_shell_characters(folder: Path) -> None:
    if not _SHELL_SAFE.fullmatch(str(folder)):
        raise ConfigurationError(
            f"Appwright passes paths to a shell as they stand, and {str(folder)!r} has blanks or characters that a "
            "shell would read as something else: name plainer folders with --state-dir and --cache-dir."
        )
