"""Which file of a project is its app, as its config names it. Looks at the config's text and at file names only."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from qgjob.cli.submission.buildpath import BuildPath, find_build_paths
from qgjob.core.words import Platform

if TYPE_CHECKING:
    from collections.abc import Iterable

    from qgjob.cli.submission.project import Project

_PLATFORMS = {".apk": Platform.ANDROID, ".ipa": Platform.IOS}


@dataclass(frozen=True, kw_only=True)
class NamedBuild:
    """What a config says of the wanted app. `file` None: nothing usable, and `problem` says why."""

    file: Path | None
    problem: str = ""


def named_build(
    project: Project, *, name: str | None, platform: Platform | None, computed: Path | None = None
) -> NamedBuild:
    """Find the app of the Appwright project `name` (None: of the first) for a platform (None: whichever it is for).

    `computed`: what running the config came to, for what reading it does not tell.
    """
    read = _read_build(project, name=name, platform=platform)
    if read.file is None and computed is not None and computed.is_file():
        return NamedBuild(file=computed)
    return read


def _read_build(project: Project, *, name: str | None, platform: Platform | None) -> NamedBuild:
    paths = [found for found in _build_paths(project) if name is None or found.project in {None, name}]
    fitting = [found for found in paths if found.path is None or platform in {None, platform_of(Path(found.path))}]
    config = project.config.name
    if not fitting:
        return NamedBuild(file=None, problem=f"{config} names no buildPath for it")
    path = fitting[0].path
    if path is None:
        return NamedBuild(file=None, problem=f"{config} computes its buildPath, which only running it would tell")
    file = project.root / path
    if not file.is_file():
        return NamedBuild(file=None, problem=f"the buildPath {path} of {config} is no file")
    return NamedBuild(file=file)


def builds_among(project: Project, files: Iterable[str]) -> frozenset[str]:
    """Choose those of a project's files that its config names as an app: they travel as app versions."""
    named = {(project.root / found.path).resolve() for found in _build_paths(project) if found.path}
    return frozenset(name for name in files if (project.root / name).resolve() in named)


def platform_of(file: Path) -> Platform | None:
    """Tell the platform by the file's ending; None when that says nothing."""
    return _PLATFORMS.get(file.suffix.lower())


def _build_paths(project: Project) -> list[BuildPath]:
    return find_build_paths(project.config.read_text(encoding="utf-8", errors="replace"))
