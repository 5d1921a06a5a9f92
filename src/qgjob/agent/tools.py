"""Appium and its UiAutomator2 driver: one pinned set for every agent, installed once per host from a lock.

The folder is Appium's home as well: Appium finds the driver among its own packages, so nothing is ever added to it.
"""

import asyncio
import hashlib
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from qgjob.agent.built_folder import built_folder
from qgjob.agent.npm import find_node, npm_ci
from qgjob.agent.processes import Processes
from qgjob.binary.reader import write_badging
from qgjob.core.errors import InfrastructureError

PACKAGE = Path(__file__).parent / "tools_package"
_FILES = ("package.json", "package-lock.json", ".npmrc")
_WHAT = "Appium and its Android driver"


@dataclass(frozen=True, kw_only=True)
class Tools:
    """What is needed to start Appium; `folder` is its APPIUM_HOME."""

    folder: Path
    appium_js: Path
    node: Path


async def ensure_tools(
    home: Path, processes: Processes, *, say: Callable[[str], None], package: Path = PACKAGE
) -> Tools:
    """Return the tools under `home`/tools, installed first when this host has not got them: about ten seconds.

    `package` is the folder that names and locks them.

    Raises ConfigurationError when Node or npm is missing or too old, HostTrouble when the registry cannot be used.
    """
    node = await find_node(processes)

    async def install(folder: Path) -> None:
        for name in _FILES:
            shutil.copyfile(package / name, folder / name)
        await npm_ci(folder, processes, what=_WHAT, say=say)
        # The driver asks aapt about its own two apps at every session: answered here, for good.
        for apk in await asyncio.to_thread(lambda: sorted(folder.rglob("*.apk"))):
            await asyncio.to_thread(write_badging, apk)

    folder = await built_folder(home / "tools" / _lock_hash(package), install, what=_WHAT, say=say)
    appium_js = folder / "node_modules" / "appium" / "index.js"
    if not appium_js.is_file():
        raise InfrastructureError(f"{appium_js} is missing: delete {folder}, and the agent installs it again.")
    return Tools(folder=folder, appium_js=appium_js, node=node.node)


def _lock_hash(package: Path) -> str:
    digest = hashlib.sha256()
    for name in _FILES:
        digest.update((package / name).read_bytes() + b"\0")
    return digest.hexdigest()[:16]
