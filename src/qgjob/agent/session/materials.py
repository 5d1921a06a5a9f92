"""What a session needs before its device is touched: the project, ready to run, and the app it is to install."""

import asyncio
from dataclasses import dataclass
from pathlib import Path

from qgjob.agent.project import Project, check_installed, check_project
from qgjob.agent.runner import list_cases
from qgjob.agent.workshop import Workshop
from qgjob.binary import read_binary
from qgjob.core.app import AppBinary
from qgjob.core.errors import ConfigurationError
from qgjob.core.lease import Lease
from qgjob.core.words import Platform


@dataclass(frozen=True, kw_only=True)
class Materials:
    """The project and the app of a lease; the file `app` holds the bytes that `binary` describes.

    `uploaded`: the server named the binary. Otherwise the project did, and nothing proves that it is the app version
    that the job speaks of.
    """

    project: Project
    binary: AppBinary
    app: Path
    uploaded: bool


async def gather(lease: Lease, workshop: Workshop, *, work: Path) -> Materials:
    """Fetch project and app, each once per host. `work` is a folder for this alone, made when needed.

    Raises ConfigurationError, BinaryError, HostTrouble or InfrastructureError.
    """
    project = await _project(lease, workshop)
    if lease.app is not None:
        app = await workshop.cache.app(lease.org_id, lease.app_version_id, lease.app)
        binary = lease.app
    else:
        app = await _named_app(lease, project, workshop, work=work)
        binary = await asyncio.to_thread(read_binary, app)
    if binary.platform is not Platform.ANDROID:
        raise ConfigurationError(f"The app {binary.package} is for {binary.platform}, which this device does not run.")
    if lease.app is not None:
        await workshop.runner.prepare_app(app)
    return Materials(project=project, binary=binary, app=app, uploaded=lease.app is not None)


async def _project(lease: Lease, workshop: Workshop) -> Project:
    if lease.bundle is not None:
        bundle = await workshop.cache.bundle(lease.org_id, lease.bundle)
        return await workshop.runner.prepare(bundle)
    if workshop.own_project is None:
        raise ConfigurationError(
            "The job came without a bundle, and this agent has no project of its own (`qgjob agent --project DIR`)."
        )
    project = await asyncio.to_thread(check_project, workshop.own_project)
    await asyncio.to_thread(check_installed, project)
    return project


async def _named_app(lease: Lease, project: Project, workshop: Workshop, *, work: Path) -> Path:
    """Find the app that the project's config names for a version that was never uploaded."""
    await asyncio.to_thread(work.mkdir, parents=True)
    listing = await list_cases(
        project,
        specs=None,
        project_name=lease.project,
        platform=Platform.ANDROID,
        work=work,
        env=workshop.env,
        processes=workshop.processes,
    )
    if listing.build_path is None or not await asyncio.to_thread(listing.build_path.is_file):
        named = "names no buildPath" if listing.build_path is None else f"names {listing.build_path}, which is not here"
        raise ConfigurationError(
            f"The app version {lease.app_version_id} was never uploaded, and {project.config.name} {named}: upload it "
            "with `qgjob app upload`."
        )
    return listing.build_path
