"""A lease as its worker must know it."""

from qgjob.core.lease import HeldLease, Lease, LeasedJob
from qgjob.service.leasing.again import places_of
from qgjob.store import Transaction
from qgjob.store.nouns import binary_of


def shown(tx: Transaction, lease: HeldLease) -> Lease:
    """Show a lease that was granted before: its binary, and those of its jobs that are not over."""
    rows = tx.rows("offered_jobs", lease=lease.token)
    tried = {row["job_id"]: row["test_path"] for row in rows if row["number"] > 1}
    places = places_of(tx, tried, bundle=lease.bundle, reset=lease.reset)
    binaries = tx.rows("binaries_of_app", org_id=lease.org_id, app_version_id=lease.app_version_id)
    return Lease(
        token=lease.token,
        worker_id=lease.worker_id,
        deadline_at=lease.deadline_at,
        org_id=lease.org_id,
        app_version_id=lease.app_version_id,
        group_id=lease.group_id,
        app=next((binary_of(row) for row in binaries if row["sha256"] == lease.sha256), None),
        bundle=lease.bundle,
        project=lease.project,
        reset=lease.reset,
        jobs=tuple(
            LeasedJob(
                job_id=row["job_id"],
                attempt=row["number"],
                test_path=row["test_path"],
                timeout_s=row["timeout_s"],
                idle_timeout_s=row["idle_timeout_s"],
                grep=row["grep"],
                places=places.get(row["job_id"], ()),
            )
            for row in rows
        ),
        reason=lease.reason,
    )
