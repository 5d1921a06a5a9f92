"""Finds what a project would run, by its own Playwright; where that is not there, by the names of its files.

With Playwright the project's config and specs are loaded, as every `playwright test` does. Without, nothing is run.
"""

from __future__ import annotations

import asyncio
import os
import re
import shutil
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from qgjob.core.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from qgjob.agent.project import Project as Checked
    from qgjob.agent.runner import Listing
    from qgjob.cli.say import Say
    from qgjob.cli.submission.project import Project
    from qgjob.core.attempt import Case
    from qgjob.core.places import Place
    from qgjob.core.words import Platform

_SPEC_NAME = re.compile(r".+\.(spec|test)\.[cm]?[jt]sx?")
"""Playwright's own testMatch."""


class ShardBy(StrEnum):
    """What becomes one job."""

    FILE = "file"
    CASE = "case"


@dataclass(frozen=True, kw_only=True)
class Sought:
    """What to look for: in these `places` (none: everywhere) what `grep` picks, in the Appwright project of a name."""

    places: Sequence[Place]
    grep: str | None
    shard_by: ShardBy
    appwright_project: str | None
    platform: Platform

    @property
    def needs_playwright(self) -> bool:
        """Whether the names of files could not answer this."""
        return self.grep is not None or self.shard_by is ShardBy.CASE or any(place.line for place in self.places)


@dataclass(frozen=True, kw_only=True)
class Found:
    """The test paths of the jobs. `cases`: how many tests they hold, None where only their names are known.

    `app`: what the config names as the app, where it was run to find out.
    """

    paths: Sequence[str]
    cases: int | None
    app: Path | None = None


def discover(project: Project, sought: Sought, *, files: Sequence[str], say: Say) -> Found:
    """Find the tests; `files` are the project's own.

    Raises ConfigurationError, with Playwright's own message, when the project cannot be loaded, and when Playwright is
    needed and missing.
    """
    from qgjob.agent.project import check_installed, check_project  # noqa: PLC0415  # with what only agents need

    checked = check_project(project.root)  # what every agent would refuse is told before anything is sent
    try:
        _find_node()
        check_installed(checked)
    except ConfigurationError as missing:
        return _found_by_name(sought, files, missing=missing, say=say)
    return _found_in(_listed(checked, sought), sought)


def _find_node() -> None:
    if shutil.which("node") is None:
        raise ConfigurationError("There is no node on the PATH: install Node.js, then run `npm ci` in the project.")


def _listed(project: Checked, sought: Sought) -> Listing:
    from qgjob.agent.processes import Processes  # noqa: PLC0415
    from qgjob.agent.runner import list_cases  # noqa: PLC0415

    with TemporaryDirectory(prefix="qgjob-list-") as folder:
        work = Path(folder).resolve() / "work"
        work.mkdir()
        return asyncio.run(
            list_cases(
                project,
                specs=None,
                places=tuple(sought.places),
                project_name=sought.appwright_project,
                platform=sought.platform,
                work=work,
                env=os.environ,
                processes=Processes(work.with_name("processes.json")),
                grep=sought.grep,
                alone=True,  # what it depends on runs with every job, and is none of its own
            )
        )


def _found_in(listing: Listing, sought: Sought) -> Found:
    if listing.cases and sought.grep is None:
        _refuse_empty(sought.places, listing)
    paths = _by_case(listing.cases) if sought.shard_by is ShardBy.CASE else _by_file(listing.cases, sought.places)
    return Found(paths=paths, cases=len(listing.cases), app=listing.build_path)


def _refuse_empty(places: Sequence[Place], listing: Listing) -> None:
    empty = [place for place in places if not listing.cases_of(place.file)]
    if empty:
        named = ", ".join(f"{place.file}:{place.line}" if place.line else place.file for place in empty)
        raise ConfigurationError(f"there is no test at {named}: leave it out, or see what the config's testMatch says")


def _by_case(cases: Sequence[Case]) -> list[str]:
    """One path for each line that picks cases; cases that only run together share one, or take their whole file."""
    whole = {case.file for case in cases if not case.select_line}
    lines = (case.file if case.file in whole else f"{case.file}:{case.select_line}" for case in cases)
    return list(dict.fromkeys(lines))


def _by_file(cases: Sequence[Case], places: Sequence[Place]) -> list[str]:
    """One path for each file, or for each line of it that was named."""
    files = dict.fromkeys(case.file for case in cases)
    return [path for file in files for path in _paths_of(file, places)]


def _paths_of(file: str, places: Sequence[Place]) -> Iterator[str]:
    lines = [place.line for place in places if place.file == file and place.line]
    if lines and not any(_is_whole(place, file) for place in places):
        yield from (f"{file}:{line}" for line in lines)
    else:
        yield file


def _is_whole(place: Place, file: str) -> bool:
    return place.line == 0 and (place.file == file or file.startswith(f"{place.file}/"))


def _found_by_name(sought: Sought, files: Sequence[str], *, missing: ConfigurationError, say: Say) -> Found:
    if sought.needs_playwright:
        raise ConfigurationError(
            f"only the project's own Playwright can tell that (--grep, --tag, --shard-by case, FILE:LINE), and it is "
            f"not here. {missing.message}"
        )
    say.progress(
        f"Going by file names (*.spec.*, *.test.*), since the project's own Playwright is not here. {missing.message}"
    )
    specs = [file for file in files if _SPEC_NAME.fullmatch(file.rpartition("/")[2])]
    if not sought.places:
        return Found(paths=specs, cases=None)
    named = [place.file for place in sought.places if place.file in files]
    inside = [file for file in specs if any(_is_whole(place, file) for place in sought.places)]
    return Found(paths=list(dict.fromkeys([*named, *inside])), cases=None)
