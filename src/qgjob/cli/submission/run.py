"""What `qgjob run` asks for, and how it becomes one run: find the tests, bring what is missing, write the body."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import uuid4

from qgjob.cli.exits import NoTests
from qgjob.cli.submission.app_binary import WantedApp
from qgjob.cli.submission.app_version import AppWish, ChosenApp, chosen_app
from qgjob.cli.submission.build import named_build, platform_of
from qgjob.cli.submission.delivery import Delivery, deliver
from qgjob.cli.submission.discovery import Found, ShardBy, Sought, discover
from qgjob.cli.submission.listing import list_files
from qgjob.cli.submission.places import find_places
from qgjob.cli.submission.terms import Tests, run_body
from qgjob.core.words import Platform

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from qgjob.cli.say import Say
    from qgjob.cli.submission.project import Project
    from qgjob.cli.submission.terms import JobTerms, WantedDevice
    from qgjob.client import Client
    from qgjob.wire.jobs import RunBody

_NO_TESTS = (
    "there is no test to run, so nothing was uploaded or submitted: see what the config's testDir and testMatch, the "
    "paths, --grep and --tag leave over"
)


@dataclass(frozen=True, kw_only=True)
class RunOrder:
    """What was asked for. `written`: the paths as they were written from `cwd`; none: all of the project.

    `app_version_id` None: the one that the app's bytes name. `attempt` None: this is no attempt that would be known
    again. `outputs`: files and folders that the command itself writes, and that are no part of the project.
    """

    org_id: str
    written: Sequence[str]
    cwd: Path
    project: Project
    app: Path | None
    app_version_id: str | None
    platform: Platform | None
    appwright_project: str | None
    shard_by: ShardBy
    devices: Sequence[WantedDevice]
    terms: JobTerms
    attempt: str | None
    outputs: Sequence[Path] = field(default=())


@dataclass(frozen=True, kw_only=True)
class Prospect:
    """What a run would be: nothing of it has been sent. `cases` None: nobody knows how many each path has."""

    body: RunBody
    app: ChosenApp
    files: Sequence[str]
    found: Found

    @property
    def cases(self) -> int | None:
        """How many tests will run, each as often as there are kinds of device."""
        kinds = len(self.body["jobs"]) // len(self.found.paths)
        return None if self.found.cases is None else self.found.cases * kinds


def look_ahead(order: RunOrder, say: Say) -> Prospect:
    """Find the tests and the app. Raises NoTests where there are none; all that is wrong with either is raised here."""
    files = _own_files(order)
    sought = Sought(
        places=find_places(order.written, files, cwd=order.cwd, project=order.project),
        grep=order.terms.grep,
        shard_by=order.shard_by,
        appwright_project=order.appwright_project,
        platform=_platform(order),
    )
    found = discover(order.project, sought, files=files, say=say)
    if not found.paths:
        raise NoTests(_NO_TESTS)
    wish = AppWish(
        app_version_id=order.app_version_id,
        file=order.app,
        appwright_project=order.appwright_project,
        platform=order.platform,
        computed=found.app,
    )
    app = chosen_app(order.project, wish)
    tests = Tests(
        org_id=order.org_id,
        app_version_id=app.app_version_id,
        appwright_project=order.appwright_project,
        paths=found.paths,
        devices=order.devices,
    )
    body = run_body(tests, order.terms)
    body["platform"] = order.platform
    return Prospect(body=body, app=app, files=files, found=found)


def bring(client: Client, say: Say, order: RunOrder, prospect: Prospect) -> RunBody:
    """Bring project and app to the server, each unless it is there, and return the run that can be submitted now."""
    delivery = Delivery(
        wanted=WantedApp(org_id=order.org_id, app_version_id=prospect.app.app_version_id, platform=order.platform),
        app=prospect.app.file,
        project=order.project,
        files=prospect.files,
        appwright_project=order.appwright_project,
        computed_app=prospect.found.app,
    )
    delivered = deliver(client, say, delivery)
    return {**prospect.body, "bundle": delivered.bundle, "platform": delivered.platform}


def key_of(attempt: str | None, body: RunBody) -> str:
    """Name a submission: the same body in the same attempt is the same run, and otherwise it is another."""
    if attempt is None:
        return str(uuid4())
    said = json.dumps([attempt, body], sort_keys=True)
    return f"run-{hashlib.sha256(said.encode()).hexdigest()}"


def _own_files(order: RunOrder) -> list[str]:
    root = order.project.root
    outputs = [path.resolve() for path in order.outputs]
    inside = [path.relative_to(root).as_posix() for path in outputs if path.is_relative_to(root)]
    return [
        name
        for name in list_files(root)
        if not any(name == output or name.startswith(f"{output}/") for output in inside)
    ]


def _platform(order: RunOrder) -> Platform:
    """Say for which platform the tests are listed, where the config has projects for several."""
    if order.platform is not None:
        return order.platform
    file = order.app or named_build(order.project, name=order.appwright_project, platform=None).file
    return (platform_of(file) if file is not None else None) or Platform.ANDROID
