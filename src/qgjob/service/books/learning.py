"""Learn from what devices did how long tests and installations take, and say what is known of it."""

from datetime import timedelta

from qgjob.core import estimate
from qgjob.core.job import JobRequest
from qgjob.core.words import AppVersionId, OrgId, Target, Verdict
from qgjob.store import Row, Transaction
from qgjob.store.nouns import length_of


def test_time(tx: Transaction, request: JobRequest) -> timedelta:
    """Estimate how long a job's test runs."""
    return _known_test(tx, request) or estimate.UNKNOWN_TEST


def install_time(tx: Transaction, *, org_id: OrgId, app_version_id: AppVersionId, target: Target) -> timedelta:
    """Estimate how long an app version takes to install on a kind of device."""
    row = tx.row("install_estimate_of_app", org_id=org_id, app_version_id=app_version_id, target=target)
    return _took(row) or estimate.UNKNOWN_INSTALL


def from_attempt(tx: Transaction, request: JobRequest, *, took: timedelta, verdict: Verdict) -> None:
    """Learn from an attempt that the test itself brought to its end."""
    learnt = estimate.after_test(_known_test(tx, request), took=took, verdict=verdict)
    if learnt is not None:
        tx.execute(
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
    tx.execute("learn_install", org_id=org_id, package=package, target=target, took_us=learnt)


def _known_test(tx: Transaction, request: JobRequest) -> timedelta | None:
    row = tx.row("test_estimate", org_id=request.org_id, test_path=request.test_path, target=request.target)
    return _took(row)


def _took(row: Row | None) -> timedelta | None:
    return None if row is None else length_of(row["took_us"])
