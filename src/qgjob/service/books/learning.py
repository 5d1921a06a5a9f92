"""Learn from what devices did how long tests and installations take, and say what is known of it."""

from datetime import timedelta

from qgjob.core import estimate
from qgjob.core.job import JobRequest
from qgjob.core.words import OrgId, Target, Verdict
from qgjob.store import Row, Transaction
from qgjob.store.nouns import length_of


def test_time(tx: Transaction, request: JobRequest) -> timedelta:
    """Estimate how long a job's test runs."""
    row = tx.row("test_estimate", org_id=request.org_id, test_path=request.test_path, target=request.target)
    return _took(row) or estimate.UNKNOWN_TEST


def from_attempt(
    tx: Transaction, request: JobRequest, *, known: timedelta | None, took: timedelta, verdict: Verdict
) -> None:
    """Learn from an attempt that the test itself brought to its end. `known` is what was learnt before."""
    learnt = estimate.after_test(known, took=took, verdict=verdict)
    if learnt is not None and learnt != known:
        tx.book(
            "learn_test",
            org_id=request.org_id,
            test_path=request.test_path,
            target=request.target,
            took_us=learnt,
        )


def from_install(tx: Transaction, *, org_id: OrgId, package: str, target: Target, took: timedelta) -> None:
    """Learn from an installation that a device really did."""
    known = _took(tx.row("install_estimate", org_id=org_id, package=package, target=target))
    learnt = estimate.after_install(known, took=took)
    tx.book("learn_install", org_id=org_id, package=package, target=target, took_us=learnt)


def _took(row: Row | None) -> timedelta | None:
    return None if row is None else length_of(row["took_us"])
