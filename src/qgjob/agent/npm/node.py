"""Node and its npm, as they are found on this host: checks their versions and installs from a lockfile.

Never runs install scripts (decision 4), and never anything but `npm ci`: what is installed is what the lock says.
"""

import asyncio
import os
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from qgjob.agent.environment import npm_environment
from qgjob.agent.npm.errors import npm_error
from qgjob.agent.processes import Processes
from qgjob.core.errors import ConfigurationError

NPM_CI_TIMEOUT_S = 600.0
_VERSION_TIMEOUT_S = 30.0
_WANTED = "Node 20.19 or newer, 22.12 or newer, or 24 and newer"
_FLAGS = (
    "--ignore-scripts",
    "--no-audit",
    "--no-fund",
    "--no-progress",
    "--no-update-notifier",
    # npm's own patience is a minute of silence when there is no network; these end it after about eight seconds.
    "--fetch-retries=2",
    "--fetch-retry-mintimeout=1000",
    "--fetch-retry-maxtimeout=5000",
)


@dataclass(frozen=True, kw_only=True)
class Node:
    """A Node that Appium 3 runs on, itself and no version manager's stand-in, and the npm on PATH.

    `version` is without the leading v.
    """

    node: Path
    npm: Path
    version: str


async def find_node(processes: Processes) -> Node:
    """Return the Node and npm on PATH; ConfigurationError says what to install when they are missing or too old."""
    node, npm = _on_path("node"), _on_path("npm")
    version = (await _asked(processes, node, "--version")).removeprefix("v")
    if not _is_supported(version):
        raise ConfigurationError(f"{node} says it is {version!r}, which Appium 3 does not run on: install {_WANTED}.")
    itself = Path(await _asked(processes, node, "-p", "process.execPath"))
    is_there = await asyncio.to_thread(itself.is_file)
    return Node(node=itself if is_there else node, npm=npm, version=version)


async def npm_ci(
    folder: Path, processes: Processes, *, what: str, say: Callable[[str], None], timeout_s: float = NPM_CI_TIMEOUT_S
) -> None:
    """Install into `folder`/node_modules exactly what its package-lock.json says; `what` names it to people.

    Raises ConfigurationError when the project is at fault, HostTrouble when every project would fail on this host,
    InfrastructureError otherwise; each with what npm said.
    """
    npm = _on_path("npm")
    say(f"installing the npm packages of {what}")
    env = npm_environment(os.environ) | {"NO_COLOR": "1", "CI": "1"}
    done = await processes.run(
        [str(npm), "ci", *_FLAGS], name=f"npm ci ({what})", env=env, cwd=folder, timeout_s=timeout_s
    )
    if done.code != 0:
        raise npm_error(done.output, code=done.code, what=what, own_registry=names_own_registry(folder))


def names_own_registry(folder: Path) -> bool:
    """Tell whether a project fetches from hosts that it names itself; their trouble is then not this host's."""
    npmrc, lock = folder / ".npmrc", folder / "package-lock.json"
    if npmrc.is_file() and re.search(r"^[^#;\n]*registry\s*=", npmrc.read_text(errors="replace"), re.MULTILINE):
        return True
    return '"resolved": "http' in lock.read_text(errors="replace") if lock.is_file() else False


async def _asked(processes: Processes, node: Path, *arguments: str) -> str:
    finished = await processes.run(
        [str(node), *arguments],
        name=f"node {arguments[0]}",
        env=os.environ,
        cwd=node.parent,
        timeout_s=_VERSION_TIMEOUT_S,
    )
    return finished.output.strip()


def _on_path(program: str) -> Path:
    found = shutil.which(program)
    if found is None:
        raise ConfigurationError(f"{program} is not on PATH: install {_WANTED}, with its npm.")
    return Path(found)


def _is_supported(version: str) -> bool:
    numbers = re.match(r"(\d+)\.(\d+)\.", version)
    if numbers is None:
        return False
    major, minor = int(numbers[1]), int(numbers[2])
    return (major == 20 and minor >= 19) or (major == 22 and minor >= 12) or major >= 24  # noqa: PLR2004 (Appium's own range)
