"""Brings a project and its app to the server, each only when the server does not have it."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from qgjob.cli.submission.app_binary import AppDelivery, WantedApp
from qgjob.cli.submission.build import builds_among
from qgjob.cli.submission.bundle import deliver_bundle
from qgjob.cli.submission.pack import pack

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qgjob.cli.say import Say
    from qgjob.cli.submission.project import Project
    from qgjob.client import Client
    from qgjob.core.words import Platform, Sha256


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """What is to be brought. `app` None: what the config names for `appwright_project`, if the version is not known.

    `files` are the project's own. `computed_app` is the app that the config names in a way that reading does not tell.
    """

    wanted: WantedApp
    app: Path | None
    project: Project
    files: Sequence[str]
    appwright_project: str | None
    computed_app: Path | None = None


@dataclass(frozen=True, kw_only=True)
class Delivered:
    """What the server has now: the bundle, by its hash, and the app, for this platform."""

    bundle: Sha256
    platform: Platform


def deliver(client: Client, say: Say, delivery: Delivery) -> Delivered:
    """Pack the project, then bring app and bundle over. What is wrong with the project is found before that."""
    project = delivery.project
    with tempfile.TemporaryDirectory(prefix="qgjob-") as folder:
        bundle = pack(project.root, set(delivery.files) - _apps(delivery), to=Path(folder) / "bundle.zip")
        app = AppDelivery(client, say, delivery.wanted)
        if delivery.app is not None:
            platform = app.bring(delivery.app)
        else:
            platform = app.bring_from(project, name=delivery.appwright_project, computed=delivery.computed_app)
        deliver_bundle(client, say, bundle, org_id=delivery.wanted.org_id)
        return Delivered(bundle=bundle.sha256, platform=platform)


def _apps(delivery: Delivery) -> frozenset[str]:
    """Choose the files that travel as app versions and not in the bundle."""
    root = delivery.project.root
    brought = {file.resolve() for file in (delivery.app, delivery.computed_app) if file is not None}
    others = frozenset(file.relative_to(root).as_posix() for file in brought if file.is_relative_to(root))
    return builds_among(delivery.project, delivery.files) | others
