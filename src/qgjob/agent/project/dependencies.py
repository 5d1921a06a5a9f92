"""The npm packages of projects: installed once per lockfile on a host, and linked into every project that has it."""

import asyncio
import hashlib
import secrets
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

from qgjob.agent.built_folder import built_folder
from qgjob.agent.npm import npm_ci
from qgjob.agent.processes import Processes
from qgjob.agent.project.check import Project
from qgjob.agent.project.lockfile import local_folders, read_object

_FILES = ("package.json", "package-lock.json", ".npmrc")


async def link_dependencies(project: Project, home: Path, processes: Processes, *, say: Callable[[str], None]) -> None:
    """Make `project`/node_modules a link to its packages under `home`/dependencies, installed first if need be.

    Raises what `npm_ci` raises.
    """
    files = await asyncio.to_thread(lambda: list(_inputs(project.folder)))
    key = await asyncio.to_thread(_hash, project.folder, files)
    what = f"this project (Appwright {project.appwright_version}, Playwright {project.playwright_version})"

    async def install(folder: Path) -> None:
        await asyncio.to_thread(_copy, files, project.folder, folder)
        await npm_ci(folder, processes, what=what, say=say)

    folder = await built_folder(home / "dependencies" / key, install, what=f"the npm packages of {what}", say=say)
    _link(project.folder / "node_modules", folder / "node_modules")


def _inputs(folder: Path) -> Iterator[Path]:
    """Return all that `npm ci` reads: the three files, and the packages that the project itself brings along."""
    yield from (folder / name for name in _FILES if (folder / name).is_file())
    for name in local_folders(read_object(folder / "package-lock.json")):
        path = folder / name
        yield from (sorted(inner for inner in path.rglob("*") if inner.is_file()) if path.is_dir() else [path])


def _hash(folder: Path, files: list[Path]) -> str:
    digest = hashlib.sha256()
    for path in files:
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        digest.update(f"{path.relative_to(folder).as_posix()}\0{content}\0".encode())
    return digest.hexdigest()[:32]


def _copy(files: list[Path], source: Path, target: Path) -> None:
    for path in files:
        copied = target / path.relative_to(source)
        copied.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copied)


def _link(link: Path, target: Path) -> None:
    if link.is_symlink() and link.readlink() == target:
        return
    fresh = link.with_name(f"{link.name}.{secrets.token_hex(4)}")
    fresh.symlink_to(target, target_is_directory=True)
    fresh.replace(link)
