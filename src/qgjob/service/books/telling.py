"""Write down what happened to a job or in a lease, addressed to the runs that follow it."""

from collections.abc import Iterable

from qgjob.core.facts import Fact, FactKind
from qgjob.core.job import Job
from qgjob.core.lease import HeldLease
from qgjob.core.words import RunId
from qgjob.store import Transaction


def of_job(tx: Transaction, job: Job, kind: FactKind, **data: object) -> None:
    """Record a fact about a job."""
    fact = Fact(
        kind=kind,
        org_id=job.request.org_id,
        run_id=job.run_id,
        job_id=job.job_id,
        worker_id=job.worker_id,
        data=data,
    )
    tx.record(fact)


def runs_of(tx: Transaction, lease: HeldLease) -> tuple[RunId, ...]:
    """List the runs that have jobs in a lease."""
    return tuple(row["run_id"] for row in tx.rows("runs_of_lease", token=lease.token))


def of_lease(tx: Transaction, lease: HeldLease, runs: Iterable[RunId], kind: FactKind, **data: object) -> None:
    """Record a fact about a lease, once for each of the `runs` that have jobs in it: their followers want to know."""
    for run_id in runs:
        fact = Fact(
            kind=kind,
            org_id=lease.org_id,
            run_id=run_id,
            worker_id=lease.worker_id,
            data={"token": lease.token, "app_version_id": lease.app_version_id, **data},
        )
        tx.record(fact)
