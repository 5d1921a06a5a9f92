"""The Appwright project that both ways run, with its npm packages, its app and the cases that were chosen from it."""

import asyncio
import hashlib
import os
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from qgjob.agent.built_folder import built_folder
from qgjob.agent.npm import npm_ci
from qgjob.agent.processes import Processes
from qgjob.agent.project import check_project
from qgjob.agent.runner.discovery import list_cases
from qgjob.binary.reader import read_binary, write_badging
from qgjob.core.app import AppBinary
from qgjob.core.attempt import Case
from qgjob.core.words import Platform

SOURCE = Path(__file__).parents[1] / "project"
APP_MODEL = SOURCE / "app-model.json"
APPWRIGHT_PROJECT = "android"
_APP = Path("node_modules/android-apidemos/apks/ApiDemos-debug.apk")
_LOCKED = ("package.json", "package-lock.json", ".npmrc")
_WHAT = "the benchmark's project"


@dataclass(frozen=True, kw_only=True)
class BenchProject:
    """`packages` holds node_modules. `cases` are in the order of their files; `specs` are the files that hold them."""

    packages: Path
    app_path: Path
    app: AppBinary
    cases: tuple[Case, ...]
    specs: tuple[str, ...]

    def copy_to(self, folder: Path) -> Path:
        """Make a working copy: own files, shared packages."""
        shutil.copytree(SOURCE, folder, ignore=shutil.ignore_patterns("node_modules"))
        (folder / "node_modules").symlink_to(self.packages / "node_modules")
        return folder


async def prepare_project(
    cache: Path, *, cases: int, work: Path, processes: Processes, say: Callable[[str], None]
) -> BenchProject:
    """Install the packages in `cache`, once for each lockfile, and choose whole spec files until `cases` are reached.

    `work` is a folder for scratch files. Raises QgjobError when npm or Playwright cannot do its part.
    """

    async def install(folder: Path) -> None:
        for name in _LOCKED:
            shutil.copyfile(SOURCE / name, folder / name)
        await npm_ci(folder, processes, what=_WHAT, say=say)
        # aapt's answers about the app and Appium's helper apps: as fast as a real aapt gives them.
        for apk in await asyncio.to_thread(lambda: sorted(folder.rglob("*.apk"))):
            await asyncio.to_thread(write_badging, apk)

    packages = await built_folder(cache / "project" / _lock_hash(), install, what=_WHAT, say=say)
    app_path = packages / _APP
    everything = BenchProject(
        packages=packages, app_path=app_path, app=await asyncio.to_thread(read_binary, app_path), cases=(), specs=()
    )
    listing = await list_cases(
        check_project(everything.copy_to(work / "listed")),
        specs=None,
        project_name=APPWRIGHT_PROJECT,
        platform=Platform.ANDROID,
        work=_empty(work / "listing"),
        env=os.environ,
        processes=processes,
    )
    specs = choose_specs(listing.cases, at_least=cases)
    return BenchProject(
        packages=packages,
        app_path=app_path,
        app=everything.app,
        cases=tuple(case for case in listing.cases if case.file in specs),
        specs=specs,
    )


def choose_specs(cases: Sequence[Case], *, at_least: int) -> tuple[str, ...]:
    """Take whole spec files, in the order of `cases`, until they hold so many cases: a job is a whole file."""
    chosen: dict[str, None] = {}
    for number, case in enumerate(cases):
        if number >= at_least and case.file not in chosen:
            break
        chosen[case.file] = None
    return tuple(chosen)


def _empty(folder: Path) -> Path:
    folder.mkdir()
    return folder


def _lock_hash() -> str:
    digest = hashlib.sha256()
    for name in _LOCKED:
        digest.update((SOURCE / name).read_bytes() + b"\0")
    return digest.hexdigest()[:16]
