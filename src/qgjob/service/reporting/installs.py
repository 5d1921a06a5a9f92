"""Installations: what a device holds from now on, what that cost, and what it teaches."""

from dataclasses import replace
from datetime import timedelta

from qgjob.core.facts import FactKind
from qgjob.core.lease import HeldLease, InstallDone, InstallFailed
from qgjob.service.books import learning, ledger
from qgjob.service.books.holds import holds, holds_nothing
from qgjob.service.reporting.agent_time import happened_at
from qgjob.service.reporting.hearing import Hearing
from qgjob.store import Transaction


def install_done(tx: Transaction, hearing: Hearing, event: InstallDone) -> None:
    """Know what the worker holds and how well that is proven; count and learn from it unless it was there before."""
    lease = hearing.lease
    keep_install(tx, lease, event)
    tx.later("prove_lease", token=lease.token, proof=event.proof)
    hearing.lease = replace(lease, proof=event.proof)
    holds(
        tx,
        lease.worker_id,
        org_id=lease.org_id,
        app_version_id=lease.app_version_id,
        sha256=event.sha256,
        package=event.package,
        proof=event.proof,
        at=happened_at(tx, lease, event),
        found=event.reused,
    )
    if event.package is not None and not event.reused and lease.worker_class is not None:
        took = timedelta(seconds=event.seconds)
        learning.from_install(
            tx, org_id=lease.org_id, package=event.package, worker_class=lease.worker_class, took=took
        )
    hearing.tell(tx, FactKind.INSTALL_DONE, reused=event.reused, seconds=event.seconds, proof=event.proof)


def install_failed(tx: Transaction, hearing: Hearing, event: InstallFailed) -> None:
    """Know that the worker holds nothing for sure, and why the jobs of this lease may come to nothing."""
    lease = hearing.lease
    keep_failed_install(tx, lease, event)
    tx.later("fail_install", token=lease.token, fault=event.fault, message=event.message)
    hearing.lease = replace(lease, install_fault=event.fault, install_message=event.message)
    holds_nothing(tx, lease.worker_id)
    hearing.tell(tx, FactKind.INSTALL_FAILED, seconds=event.seconds, message=event.message, fault=event.fault)


def keep_install(tx: Transaction, lease: HeldLease, event: InstallDone) -> None:
    """Count an installation that a device did, whether its lease is in force or not."""
    if event.reused:
        return
    took = timedelta(seconds=event.seconds)
    _insert(tx, lease, event, took=took)
    account = ledger.of_lease(lease, at=happened_at(tx, lease, event))
    ledger.installed(tx, account, lease.group_id, took=took)


def keep_failed_install(tx: Transaction, lease: HeldLease, event: InstallFailed) -> None:
    """Count the time that a device spent on an installation that came to nothing."""
    took = timedelta(seconds=event.seconds)
    _insert(tx, lease, event, took=took)
    ledger.install_failed(tx, ledger.of_lease(lease, at=happened_at(tx, lease, event)), took=took)


def _insert(tx: Transaction, lease: HeldLease, event: InstallDone | InstallFailed, *, took: timedelta) -> None:
    tx.later(
        "insert_install",
        lease=lease.token,
        worker_id=lease.worker_id,
        org_id=lease.org_id,
        app_version_id=lease.app_version_id,
        sha256=event.sha256 if isinstance(event, InstallDone) else None,
        at=happened_at(tx, lease, event),
        took_us=took,
        done=isinstance(event, InstallDone),
    )
