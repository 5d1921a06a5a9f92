"""Brings the app under test to the server, unless it is there: the file that the user or the project's config names."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qgjob.cli.submission.build import NamedBuild, named_build, platform_of
from qgjob.core.errors import ConfigurationError, NotFound
from qgjob.core.words import Platform

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from qgjob.cli.say import Say
    from qgjob.cli.submission.project import Project
    from qgjob.client import Client
    from qgjob.wire.apps import BinaryShown


@dataclass(frozen=True, kw_only=True)
class WantedApp:
    """An app version to test. `platform` None: whichever it is for."""

    org_id: str
    app_version_id: str
    platform: Platform | None


class AppDelivery:
    """The way of one app version to the server."""

    def __init__(self, client: Client, say: Say, wanted: WantedApp) -> None:
        self._client = client
        self._say = say
        self._wanted = wanted

    def bring(self, file: Path) -> Platform:
        """Upload this file, unless the server has these bytes; return the platform that it is for.

        Raises Conflict when the version is known with other bytes.
        """
        return self._upload_unless_among(self._known(), file)

    def bring_from(self, project: Project, *, name: str | None, computed: Path | None = None) -> Platform:
        """Upload what the project's config names for the Appwright project `name`, if the version is not known.

        `computed` is what running the config came to. Raises ConfigurationError when there is nothing to upload.
        """
        known = self._known()
        build = named_build(project, name=name, platform=self._wanted.platform, computed=computed)
        fitting = [binary for binary in known if self._wanted.platform in {None, binary["platform"]}]
        if fitting:
            self._say_if_other_bytes(known, build)
            return self._only_platform(fitting)
        if build.file is None:
            raise ConfigurationError(
                f"app version {self._wanted.app_version_id} of {self._wanted.org_id} was never uploaded, and "
                f"{build.problem}; name the app with --app FILE"
            )
        return self._upload_unless_among(known, build.file)

    def _known(self) -> Sequence[BinaryShown]:
        try:
            return self._client.apps.get(self._wanted.org_id, self._wanted.app_version_id)["binaries"]
        except NotFound:
            return ()

    def _upload_unless_among(self, known: Sequence[BinaryShown], file: Path) -> Platform:
        self._refuse_other_platform(file, platform_of(file))
        sha256 = sha256_of(file)
        binary = next((binary for binary in known if binary["sha256"] == sha256), None)
        if binary is None:
            self._say.progress(f"Uploading {file} as app version {self._wanted.app_version_id}")
            binary = self._client.apps.upload(self._wanted.org_id, self._wanted.app_version_id, file)
        platform = Platform(binary["platform"])
        self._refuse_other_platform(file, platform)
        return platform

    def _refuse_other_platform(self, file: Path, platform: Platform | None) -> None:
        if None not in {platform, self._wanted.platform} and platform is not self._wanted.platform:
            raise ConfigurationError(
                f"{file} is an app for {platform}, and --platform asks for {self._wanted.platform}"
            )

    def _say_if_other_bytes(self, known: Sequence[BinaryShown], build: NamedBuild) -> None:
        """Say when the app here is not the one that will be tested: a rebuilt app needs a version of its own."""
        if build.file is not None and sha256_of(build.file) not in {binary["sha256"] for binary in known}:
            self._say.progress(
                f"Testing the app uploaded as {self._wanted.app_version_id}; {build.file} is another one, left alone"
            )

    def _only_platform(self, binaries: Sequence[BinaryShown]) -> Platform:
        platforms = sorted({binary["platform"] for binary in binaries})
        if len(platforms) > 1:
            raise ConfigurationError(
                f"app version {self._wanted.app_version_id} is there for {' and '.join(platforms)}: "
                "say which one with --platform"
            )
        return Platform(platforms[0])


def sha256_of(file: Path) -> str:
    """Hash the bytes of a file."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
