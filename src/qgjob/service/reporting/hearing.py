"""A lease that is being reported on: locked, with all that it has open, kept up to date while its events come in."""

from dataclasses import dataclass, replace

from qgjob.core.errors import InvalidRequest
from qgjob.core.facts import FactKind
from qgjob.core.lease import AttemptEvent, HeldLease, JobReturned
from qgjob.core.words import JobId, LeaseToken, RunId
from qgjob.service import find
from qgjob.service.books import telling
from qgjob.service.jobs.ending import Ended
from qgjob.service.jobs.in_hand import OpenAttempt, open_lease
from qgjob.store import Transaction


@dataclass(kw_only=True)
class Hearing:
    """`still_open`: the attempts that are not over, in the order in which they should run."""

    lease: HeldLease
    still_open: dict[JobId, OpenAttempt]
    known_runs: tuple[RunId, ...] | None = None

    def open_attempt(self, tx: Transaction, event: AttemptEvent) -> OpenAttempt | None:
        """Find the attempt that an event speaks of; None when it is over.

        Raises InvalidRequest when the lease was never given that job or attempt: no honest agent names another.
        """
        found = self.still_open.get(event.job_id)
        if found is None:
            find.attempt_of_event(tx, self.lease, event)
            return None
        if not isinstance(event, JobReturned) and event.attempt != found.number:
            raise InvalidRequest(
                f"The lease {self.lease.token} was given attempt {found.number} of job {event.job_id}, "
                f"not attempt {event.attempt}."
            )
        return found

    def close(self, open_attempt: OpenAttempt, ended: Ended | None = None) -> None:
        """Note that an attempt is over, and what it says of the worker."""
        del self.still_open[open_attempt.job_id]
        if ended is not None and ended.is_of_the_worker:
            self.lease = replace(self.lease, suspect=True)

    def tell(self, tx: Transaction, kind: FactKind, **data: object) -> None:
        """Record a fact about the lease."""
        telling.of_lease(tx, self.lease, self.runs(tx), kind, **data)

    def runs(self, tx: Transaction) -> tuple[RunId, ...]:
        """List the runs that have jobs in the lease; asked for once."""
        if self.known_runs is None:
            self.known_runs = telling.runs_of(tx, self.lease)
        return self.known_runs


def hear(tx: Transaction, token: LeaseToken) -> Hearing:
    """Lock a lease and take in hand what it has open. Raises NotFound."""
    leases, jobs, cases = tx.rows_together(
        ("lock_lease", {"token": token}),
        ("open_jobs_in_hand", {"lease": token}),
        ("cases_of_open_jobs", {"lease": token}),
    )
    opened = open_lease(jobs, cases)
    return Hearing(lease=find.lease_in(leases, token), still_open=opened.attempts, known_runs=opened.runs)
