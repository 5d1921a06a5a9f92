"""Accept jobs: all of a run or none of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from qgjob.core.job import JobRequest
from qgjob.core.words import JobId, RunId
from qgjob.store import Transaction


@dataclass(frozen=True, kw_only=True)
class Submitted:
    """Job ids are in the order of the requests."""

    run_id: RunId
    job_ids: tuple[JobId, ...]


def submit(tx: Transaction, *, requests: Sequence[JobRequest]) -> Submitted:
    """Accept the jobs of one org as one run.

    Raises InvalidRequest naming every item and field at fault: a bundle that was never uploaded, a test path that is
    not in its bundle, no request at all, requests of several orgs. The bounds of the wire are taken as kept.
    """
    raise NotImplementedError


def retry(tx: Transaction, *, job_id: JobId) -> Submitted:
    """Submit a finished job once more, as a new job (`retry_of`) in a run of its own.

    Raises NotFound, and Conflict while the job is not final.
    """
    raise NotImplementedError
