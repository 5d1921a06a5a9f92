"""Cancel a job: at once while it waits, through its agent once it is leased."""

from qgjob.core.job import Job
from qgjob.core.words import JobId
from qgjob.store import Transaction


def cancel(tx: Transaction, *, job_id: JobId) -> Job:
    """Cancel a waiting job, or ask the agent of a leased one to stop it (`cancel_requested`; final when it reports).

    Asking again changes nothing. Raises NotFound, and Conflict when the job is final.
    """
    raise NotImplementedError
