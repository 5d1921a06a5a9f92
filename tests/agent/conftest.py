"""What the agent's tests share: programs on record, adb on a server of its own, one virtual device."""

import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from qgjob.agent.device.adb import AdbDevice
from qgjob.agent.device.adb_server import adb_server
from qgjob.agent.device.adb_tool import AdbTool, adb_environment, find_adb
from qgjob.agent.free_port import free_port
from qgjob.agent.processes import Processes
from tests.agent.devices import Plugged
from tests.agent.server import Served, a_served
from virtual_android.farm import start_device


@pytest.fixture
def processes(tmp_path: Path) -> Processes:
    return Processes(tmp_path / "processes.json")


@pytest.fixture
async def adb(tmp_path: Path, processes: Processes, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[AdbTool]:
    """No USB and no emulators: a test sees no device but its own."""
    monkeypatch.setitem(os.environ, "ADB_USB", "0")
    monkeypatch.setitem(os.environ, "ADB_EMU", "0")
    home = tmp_path / "adb-home"
    home.mkdir()
    tool = AdbTool(
        binary=find_adb(), port=free_port(), home=home, environment=adb_environment(home), processes=processes
    )
    async with adb_server(tool):
        yield tool


@pytest.fixture
async def plugged(adb: AdbTool) -> AsyncIterator[Plugged]:
    with start_device(name="Virtual Android A") as device:
        driver = AdbDevice(device.serial, adb)
        await driver.connect()
        yield Plugged(driver=driver, adb=adb)


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    with a_served(tmp_path) as served:
        yield served
