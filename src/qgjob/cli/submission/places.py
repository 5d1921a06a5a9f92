"""Turns the paths after `qgjob run` into places of the project: files, folders, lines of files, globs over files.

Knows names only; which of them hold tests is Playwright's to say.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from qgjob.cli.submission.specs import found_at, matching, path_inside
from qgjob.core.errors import ConfigurationError
from qgjob.core.picking import place_named
from qgjob.core.places import Place

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from qgjob.cli.submission.project import Project


def find_places(written: Iterable[str], files: Sequence[str], *, cwd: Path, project: Project) -> list[Place]:
    """List the places that are meant, each once, in the order written; none: all of the project.

    `files` are the project's own. ConfigurationError for what is not there, is outside the project, is ignored by git
    or matches nothing: quietly running nothing would pass for a green run.
    """
    places = [place for each in written for place in _places(each, files, cwd=cwd, project=project)]
    return [] if Place(file=".", line=0) in places else list(dict.fromkeys(places))


def _places(written: str, files: Sequence[str], *, cwd: Path, project: Project) -> Iterator[Place]:
    meant = place_named(written, is_there=lambda name: any((at / name).exists() for at in (cwd, project.root)))
    path, line = meant.file, meant.line
    found = found_at(path, cwd=cwd, project=project)
    if not found:
        yield from (Place(file=file, line=line) for file in matching(path, files, cwd=cwd, project=project))
        return
    name = _inside(project, found, path)
    is_folder = (project.root / name).is_dir()
    if is_folder and line:
        raise ConfigurationError(f"{written} names a line of a folder; name a file, as tests/login.spec.ts:{line}")
    if not is_folder and name not in files:
        raise ConfigurationError(f"{written} is ignored by git, so it is no part of the project's bundle")
    yield Place(file=name, line=line)


def _inside(project: Project, found: Sequence[Path], written: str) -> str:
    folders = [place.resolve() for place in found if place.is_dir()]
    if project.root in folders:
        return "."
    return path_inside(project, folders or found, written)
