"""Cancel a job: at once while it waits, through its agent once it is leased."""

from qgjob.core.errors import IllegalTransition
from qgjob.core.facts import FactKind
from qgjob.core.job import Job
from qgjob.core.retry import Final
from qgjob.core.words import JobId, JobStatus, Proof, Verdict
from qgjob.service import find
from qgjob.service.books import telling
from qgjob.service.jobs import moves, waiting
from qgjob.service.jobs.in_hand import take_job
from qgjob.store import Transaction


def cancel(tx: Transaction, *, job_id: JobId) -> Job:
    """Cancel a waiting job, or ask the agent of a leased one to stop it (`cancel_requested`; final when it reports).

    Asking again changes nothing. Raises NotFound, and IllegalTransition (a Conflict) when the job ended otherwise.
    """
    hand = take_job(tx, job_id)
    job = hand.job
    if job.status is JobStatus.PENDING:
        waiting.take_off(tx, hand)
        moves.finish(tx, hand, Final(verdict=Verdict.CANCELLED, fault=None), message=None, proof=Proof.NONE)
    elif job.status.is_final and job.status is not JobStatus.CANCELLED:
        raise IllegalTransition(f"Job {job_id} is {job.status} already: there is nothing to cancel.")
    elif not job.status.is_final and not job.cancel_requested:
        tx.execute("ask_job_to_stop", job_id=job_id, now=tx.now)
        telling.of_job(tx, job, FactKind.JOB_CANCEL_REQUESTED)
    tx.flush()
    return find.job(tx, job_id)
