"""Groups: jobs of one org, app version and requirement, which can share an installation."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256

from qgjob.core.app import AppBinary
from qgjob.core.requirement import Requirement
from qgjob.core.words import (
    AppVersionId,
    BinaryKind,
    GroupId,
    JobId,
    JobStatus,
    OrgId,
    Platform,
    Target,
    WorkerId,
)

_ID_DIGITS = 24


@dataclass(frozen=True, kw_only=True)
class Group:
    """A group as it stands. `job_ids` are its oldest jobs, 500 at most; `job_count` counts all it ever had.

    `workers` hold a lease on it now. `status`: PENDING while work waits, RUNNING while leases are in force, else
    COMPLETED.
    """

    group_id: GroupId
    org_id: OrgId
    app_version_id: AppVersionId
    requirement: Requirement
    job_ids: tuple[JobId, ...]
    job_count: int
    status: JobStatus
    created_at: datetime
    workers: tuple[WorkerId, ...]


def group_id_of(org_id: OrgId, app_version_id: AppVersionId, requirement: Requirement) -> GroupId:
    """Name the group of a job: the same three always give the same id, so two submits meet without asking."""
    text = f"{org_id}\0{app_version_id}\0{requirement.key}"
    return GroupId("group-" + sha256(text.encode()).hexdigest()[:_ID_DIGITS])


def kind_for(platform: Platform, target: Target) -> BinaryKind:
    """Which kind of binary a target runs: only an iOS simulator needs a build of its own."""
    if platform is Platform.IOS and target is Target.EMULATOR:
        return BinaryKind.SIMULATOR
    return BinaryKind.DEVICE


def binary_for(binaries: Iterable[AppBinary], *, platform: Platform | None, target: Target) -> AppBinary | None:
    """Pick the binary that a device of this platform and target installs; None when none of them fits."""
    for binary in binaries:
        fits = platform is None or binary.platform is platform
        if fits and binary.kind is kind_for(binary.platform, target):
            return binary
    return None


def needs_now(requirement: Requirement, binaries: Iterable[AppBinary]) -> Requirement:
    """Sharpen a requirement by what has been uploaded of the app version.

    Without a binary that fits, only a worker with a project of its own can bring one. Where the job names no platform
    and the uploaded binaries are of one platform, the job is for that platform.
    """
    fitting = {
        binary.platform
        for binary in binaries
        if binary_for([binary], platform=requirement.platform, target=requirement.target) is not None
    }
    if not fitting:
        return replace(requirement, own_project=True)
    platform = requirement.platform or (fitting.pop() if len(fitting) == 1 else None)
    return replace(requirement, platform=platform)
