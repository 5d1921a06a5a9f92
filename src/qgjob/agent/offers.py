"""What the server offers, from the wire into the words of the core; what it must not say is refused here."""

from datetime import datetime

from qgjob.core.app import AppBinary
from qgjob.core.lease import Lease, LeasedJob
from qgjob.core.places import Place
from qgjob.core.words import (
    AppVersionId,
    BinaryKind,
    GroupId,
    JobId,
    LeaseToken,
    OrgId,
    Platform,
    ResetMode,
    Sha256,
    WorkerId,
)
from qgjob.wire.agents import AppOffer, LeaseOffer


def read_lease(offer: LeaseOffer) -> Lease:
    """Read one lease. Raises ValueError for a word that this version of the agent does not know."""
    return Lease(
        token=LeaseToken(offer["token"]),
        worker_id=WorkerId(offer["worker_id"]),
        deadline_at=datetime.fromisoformat(offer["deadline_at"]),
        org_id=OrgId(offer["org_id"]),
        app_version_id=AppVersionId(offer["app_version_id"]),
        group_id=GroupId(offer["group_id"]),
        app=None if offer["app"] is None else _app(offer["app"]),
        bundle=None if offer["bundle"] is None else Sha256(offer["bundle"]),
        project=offer["project"],
        reset=ResetMode(offer["reset"]),
        jobs=tuple(
            LeasedJob(
                job_id=JobId(job["job_id"]),
                attempt=job["attempt"],
                test_path=job["test_path"],
                timeout_s=job["timeout_s"],
                idle_timeout_s=job.get("idle_timeout_s"),
                grep=job.get("grep"),
                places=tuple(Place(file=place["file"], line=place["line"]) for place in job.get("places", ())),
            )
            for job in offer["jobs"]
        ),
        reason=offer["reason"],
    )


def _app(offer: AppOffer) -> AppBinary:
    return AppBinary(
        sha256=Sha256(offer["sha256"]),
        size_bytes=offer["size_bytes"],
        platform=Platform(offer["platform"]),
        kind=BinaryKind(offer["kind"]),
        package=offer["package"],
        version_name=offer["version_name"],
        version_code=offer["version_code"],
        launch_activity=offer["launch_activity"],
    )
