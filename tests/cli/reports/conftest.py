"""npm programs that read reports, installed from their locks, once for all runs of the tests."""

import asyncio
import hashlib
import shutil
from pathlib import Path

import pytest

from qgjob.agent.built_folder import built_folder
from qgjob.agent.npm import npm_ci
from qgjob.agent.processes import Processes

CACHE = Path(__file__).parents[3] / ".cache" / "agent" / "test-tools"
TOOLS = Path(__file__).with_name("npm")


@pytest.fixture(scope="session")
def playwright(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that Playwright, without browsers, is installed in."""
    return _installed("playwright", tmp_path_factory.mktemp("npm"))


@pytest.fixture(scope="session")
def allure(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that Allure's generator is installed in."""
    return _installed("allure", tmp_path_factory.mktemp("npm"))


def _installed(name: str, scratch: Path) -> Path:
    source = TOOLS / name
    key = hashlib.sha256((source / "package-lock.json").read_bytes()).hexdigest()[:16]
    processes = Processes(scratch / "processes.json")

    async def install(folder: Path) -> None:
        shutil.copytree(source, folder, dirs_exist_ok=True)
        await npm_ci(folder, processes, what=f"{name}, for the tests", say=lambda _: None)

    return asyncio.run(built_folder(CACHE / f"{name}-{key}", install, what=name, say=lambda _: None))
