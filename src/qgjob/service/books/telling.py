"""Write down what happened to a job or in a lease, addressed to the runs that follow it."""

from qgjob.core.facts import Fact, FactKind
from qgjob.core.job import Job
from qgjob.core.lease import HeldLease
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


def of_lease(tx: Transaction, lease: HeldLease, kind: FactKind, **data: object) -> None:
    """Record a fact about a lease, once for each run that has jobs in it: their followers all want to know."""
    for row in tx.rows("runs_of_lease", token=lease.token):
        fact = Fact(
            kind=kind,
            org_id=lease.org_id,
            run_id=row["run_id"],
            worker_id=lease.worker_id,
            data={"token": lease.token, "app_version_id": lease.app_version_id, **data},
        )
        tx.record(fact)
