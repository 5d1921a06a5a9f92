"""From a bundle to a project that Playwright can run: unpacked once, its packages installed once, checked."""

import asyncio
import hashlib
from collections.abc import Callable
from pathlib import Path

from qgjob.agent.built_folder import built_folder
from qgjob.agent.processes import Processes
from qgjob.agent.project.bundle import unpack_bundle
from qgjob.agent.project.check import Project, check_installed, check_project
from qgjob.agent.project.dependencies import link_dependencies


async def prepare_project(bundle: Path, home: Path, processes: Processes, *, say: Callable[[str], None]) -> Project:
    """Return the project of the zip file `bundle`, ready to run, under `home`/projects.

    The first time takes as long as its `npm ci`, later ones some milliseconds. Raises ConfigurationError when the
    project is at fault, HostTrouble or InfrastructureError when this host is.
    """
    sha256 = await asyncio.to_thread(_sha256, bundle)

    async def unpack(folder: Path) -> None:
        await asyncio.to_thread(unpack_bundle, bundle, folder)

    folder = await built_folder(home / "projects" / sha256, unpack, what="the project's files", say=say)
    project = check_project(folder)
    await link_dependencies(project, home, processes, say=say)
    check_installed(project)
    return project


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
