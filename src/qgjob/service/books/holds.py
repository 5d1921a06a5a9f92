"""What workers hold: the app version on the device, and how well that is proven."""

from datetime import datetime

from qgjob.core.words import AppVersionId, OrgId, Proof, Sha256, WorkerId
from qgjob.store import Transaction


def holds(
    tx: Transaction,
    worker_id: WorkerId,
    *,
    org_id: OrgId,
    app_version_id: AppVersionId,
    sha256: Sha256 | None,
    package: str | None,
    proof: Proof,
    at: datetime,
    found: bool = False,
) -> None:
    """Know what a worker holds from now on; `found`: it was there, so if it is what we thought it is as old as that."""
    tx.book(
        "set_hold",
        worker_id,
        worker_id=worker_id,
        org_id=org_id,
        app_version_id=app_version_id,
        sha256=sha256,
        package=package,
        proof=proof,
        at=at,
        now=tx.now,
        found=found,
    )


def holds_nothing(tx: Transaction, worker_id: WorkerId) -> None:
    """Know that nobody knows what a worker holds."""
    tx.book(
        "set_hold",
        worker_id,
        worker_id=worker_id,
        org_id=None,
        app_version_id=None,
        sha256=None,
        package=None,
        proof=None,
        at=None,
        now=tx.now,
        found=False,
    )
