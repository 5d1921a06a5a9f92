"""Turns what the user wrote after `--test` into test paths of the project. Knows names only; reads no test."""

from __future__ import annotations

import os
from dataclasses import dataclass
from fnmatch import fnmatchcase
from glob import has_magic
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from qgjob.core.errors import ConfigurationError
from qgjob.core.picking import place_named

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from qgjob.cli.submission.project import Project


@dataclass(frozen=True, kw_only=True)
class Spec:
    """One `--test`. `path`: the file, from the project's root and with forward slashes; None: a glob over its files.

    `line`: of the file only what is there; 0: all of it.
    """

    written: str
    path: str | None
    line: int = 0

    @property
    def test_path(self) -> str:
        """How the server is told of it."""
        return f"{self.path or self.written}:{self.line}" if self.line else self.path or self.written


def find_spec(written: str, *, cwd: Path, project: Project | None) -> Spec:
    """Find the file that was named, seen from the current folder or from the project's root; behind it may be a line.

    Outside any project its path stays as it was written. ConfigurationError when there is no such file, when it is a
    folder, and when it lies outside the project.
    """
    starts = [cwd, project.root] if project else [cwd]
    place = place_named(written, is_there=lambda path: any((start / path).exists() for start in starts))
    name = place.file
    found = found_at(name, cwd=cwd, project=project)
    if not found:
        return Spec(written=written, path=None)
    files = [file for file in found if file.is_file()]
    if not files:
        raise ConfigurationError(f"{name} is a folder; name a spec file, or quote a glob: '{name}/**/*.spec.ts'")
    path = Path(name).as_posix() if project is None else path_inside(project, files, name)
    return Spec(written=written, path=path, line=place.line)


def found_at(written: str, *, cwd: Path, project: Project | None) -> list[Path]:
    """List what is there of this name, seen from the current folder and from the project's root; none for a glob.

    ConfigurationError when there is nothing.
    """
    places = list(dict.fromkeys([cwd / written, *([project.root / written] if project else [])]))
    found = [place for place in places if place.exists()]
    if not found and not (project is not None and has_magic(written)):
        tried = " and ".join(os.path.normpath(place) for place in places)
        raise ConfigurationError(f"test file not found: {written} (looked for {tried})")
    return found


def path_inside(project: Project, found: Sequence[Path], written: str) -> str:
    """Write the first of these that is inside the project from its root; ConfigurationError when none is."""
    for place in found:
        path = place.parent.resolve() / place.name
        if path.is_relative_to(project.root):
            return path.relative_to(project.root).as_posix()
    raise ConfigurationError(
        f"{written} is outside the project {project.root}, whose bundle holds only what is inside; "
        "--project-dir names another project"
    )


def test_paths(specs: Iterable[Spec], files: Sequence[str], *, cwd: Path, project: Project) -> list[str]:
    """List the test paths that these specs mean among a project's own files, each once, in the order written.

    ConfigurationError for a file that is not one of them, and for a glob that matches none: quietly running nothing
    would pass for a green run.
    """
    chosen: list[str] = []
    for spec in specs:
        if spec.path is None:
            chosen += matching(spec.written, files, cwd=cwd, project=project)
        elif spec.path in files:
            chosen.append(spec.test_path)
        else:
            raise ConfigurationError(f"{spec.written} is ignored by git, so it is no part of the project's bundle")
    return list(dict.fromkeys(chosen))


def matching(pattern: str, files: Iterable[str], *, cwd: Path, project: Project) -> list[str]:
    """List the files that a glob matches; ConfigurationError when there is none."""
    for start in _starts(cwd.resolve(), project):
        wanted = PurePosixPath(os.path.normpath(PurePosixPath(start, pattern)))
        found = [name for name in files if _matches(PurePosixPath(name).parts, wanted.parts)]
        if found:
            return found
    raise ConfigurationError(f"{pattern!r} matches no file of the project {project.root}")


def _starts(cwd: Path, project: Project) -> list[str]:
    """Say where a glob may start from, as folders of the project: the current one, then the root."""
    here = [cwd.relative_to(project.root).as_posix()] if cwd.is_relative_to(project.root) else []
    return list(dict.fromkeys([*here, "."]))


def _matches(parts: Sequence[str], pattern: Sequence[str]) -> bool:
    """Match the parts of a path against a pattern's, `**` standing for any number of folders."""
    if not pattern:
        return not parts
    if pattern[0] == "**":
        return any(_matches(parts[skip:], pattern[1:]) for skip in range(len(parts) + 1))
    return bool(parts) and fnmatchcase(parts[0], pattern[0]) and _matches(parts[1:], pattern[1:])
