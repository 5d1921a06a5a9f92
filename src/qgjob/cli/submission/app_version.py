"""Which app version a run tests, and which file that is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qgjob.cli.submission.app_binary import sha256_of
from qgjob.cli.submission.build import named_build
from qgjob.core.errors import ConfigurationError

if TYPE_CHECKING:
    from pathlib import Path

    from qgjob.cli.submission.project import Project
    from qgjob.core.words import Platform

_HEX_DIGITS = 16


@dataclass(frozen=True, kw_only=True)
class ChosenApp:
    """An app version. `file` None: what the config names, where the server does not know the version."""

    app_version_id: str
    file: Path | None


@dataclass(frozen=True, kw_only=True)
class AppWish:
    """What was said of the app. `computed`: what running the config came to."""

    app_version_id: str | None
    file: Path | None
    appwright_project: str | None
    platform: Platform | None
    computed: Path | None


def chosen_app(project: Project, wish: AppWish) -> ChosenApp:
    """Take the version that was named, else the one that the app's own bytes name.

    Raises ConfigurationError when there is neither a version nor an app.
    """
    if wish.app_version_id is not None:
        return ChosenApp(app_version_id=wish.app_version_id, file=wish.file)
    file = wish.file or _named(project, wish)
    return ChosenApp(app_version_id=f"sha256-{sha256_of(file)[:_HEX_DIGITS]}", file=file)


def _named(project: Project, wish: AppWish) -> Path:
    build = named_build(project, name=wish.appwright_project, platform=wish.platform, computed=wish.computed)
    if build.file is None:
        raise ConfigurationError(
            f"which app? {build.problem}. Name the app with --app FILE, or one that was uploaded with "
            "--app-version-id VERSION (QGJOB_APP_VERSION)"
        )
    return build.file
