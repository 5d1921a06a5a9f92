"""Workers of the first generation: they register, beat, and PUT what became of their one job."""

from qgjob.core.job import Job
from qgjob.core.words import JobId, WorkerId
from qgjob.store import Transaction


def heartbeat(tx: Transaction, *, worker_id: WorkerId) -> Job | None:
    """Take a sign of life, renew the worker's lease, and answer with the job that it should run, if any.

    The same job comes back until it is PUT to another status; none while one runs. Raises NotFound.
    """
    raise NotImplementedError


def change_job(
    tx: Transaction,
    *,
    job_id: JobId,
    status: str | None = None,
    worker_id: WorkerId | None = None,
    result: object = None,
    error_message: str | None = None,
) -> Job:
    """Take what a worker PUTs of the job it holds; the job as it then stands (`failed` may be pending again: a retry).

    Raises NotFound; InvalidRequest for an unknown status; Conflict when this worker does not hold the job's lease (or
    `worker_id` is left out and it is not the job's first), or the lifecycle has no such move. Nothing is changed then.
    """
    raise NotImplementedError
