"""Finds the Appwright project that a submission is about. Runs nothing of it and reads no more than file names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qgjob.core.bundle import CONFIG_NAMES
from qgjob.core.errors import ConfigurationError

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class Project:
    """An Appwright project on this machine. Both paths are absolute and free of symbolic links."""

    root: Path
    config: Path


def find_project(start: Path) -> Project | None:
    """Find the nearest folder from `start` upwards that is an Appwright project; None when there is none."""
    folder = start.resolve()
    return next((project for place in (folder, *folder.parents) if (project := _project_at(place))), None)


def named_project(folder: Path) -> Project:
    """Take the folder that the user named; ConfigurationError says what it lacks."""
    root = folder.resolve()
    project = _project_at(root)
    if project is None:
        raise ConfigurationError(
            f"{root} is no Appwright project: it needs a package.json and one of {', '.join(CONFIG_NAMES)}"
        )
    return project


def _project_at(folder: Path) -> Project | None:
    if not (folder / "package.json").is_file():
        return None
    config = next((path for name in CONFIG_NAMES if (path := folder / name).is_file()), None)
    return Project(root=folder, config=config.resolve()) if config else None
