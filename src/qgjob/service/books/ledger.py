"""The ledger: what devices did, kept as running sums of an org: of all time, by day and by run."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from qgjob.core.job import Job
from qgjob.core.lease import HeldLease
from qgjob.core.words import AppVersionId, GroupId, OrgId, RunId
from qgjob.core.worker import Worker
from qgjob.core.worker_class import WorkerClass
from qgjob.store import Transaction, Turn
from qgjob.store.clock import to_micros


@dataclass(frozen=True, kw_only=True)
class Account:
    """Where something that a device did is written down. `run_id` empty: it is no run's, or nobody knows which."""

    org_id: OrgId
    run_id: RunId
    app_version_id: AppVersionId
    worker_class: str
    day: str


def of_job(job: Job, worker_class: WorkerClass | None, *, at: datetime) -> Account:
    """Charge to a job's run what its tests did."""
    request = job.request
    return of_run(
        job.run_id, org_id=request.org_id, app_version_id=request.app_version_id, worker_class=worker_class, at=at
    )


def of_run(
    run_id: RunId, *, org_id: OrgId, app_version_id: AppVersionId, worker_class: WorkerClass | None, at: datetime
) -> Account:
    """Charge to a run what a test of it did."""
    return Account(
        org_id=org_id, run_id=run_id, app_version_id=app_version_id, worker_class=_key(worker_class), day=_day(at)
    )


def of_lease(lease: HeldLease, *, at: datetime) -> Account:
    """Charge to the run of a lease's first job what its worker did for all of them."""
    return Account(
        org_id=lease.org_id,
        run_id=lease.charged_run or RunId(""),
        app_version_id=lease.app_version_id,
        worker_class=_key(lease.worker_class),
        day=_day(at),
    )


def group_made(tx: Transaction, org_id: OrgId, *, groups: int = 1) -> None:
    """Count a group that is new, or some that are gone."""
    tx.add("add_to_totals", {"org_id": org_id}, groups=groups)


def case_with_session(tx: Transaction, account: Account) -> None:
    """Count the execution of a case that opened a session: stock Appwright would have installed for it."""
    _add(tx, account, installs_stock=1)


def sessions_opened(tx: Transaction, account: Account, *, sessions: int, took: timedelta = timedelta(0)) -> None:
    """Count what an attempt came to: its sessions, and the time it took."""
    if sessions or took:
        _add(tx, account, sessions=sessions, test_us=to_micros(took))


def installed(tx: Transaction, account: Account, group_id: GroupId, *, took: timedelta) -> None:
    """Count an installation, and one of the whole-group rule where it is the first of its group's period."""
    took_us = to_micros(took)
    tx.add("add_to_totals", {"org_id": account.org_id}, installs=1, install_us=took_us)
    _post(tx, account, installs=1, done_us=took_us)
    tx.defer(_count_for_group, (group_id, account))


def install_failed(tx: Transaction, account: Account, *, took: timedelta) -> None:
    """Count the time of an installation that came to nothing."""
    took_us = to_micros(took)
    tx.add("add_to_totals", {"org_id": account.org_id}, install_us=took_us)
    _post(tx, account, failed_us=took_us)


def idled(tx: Transaction, worker: Worker, *, idle_us: int) -> None:
    """Count how long a worker was free and held its app version, which ends now."""
    if worker.installed is None or not idle_us:
        return
    account = Account(
        org_id=worker.installed.org_id,
        run_id=RunId(""),
        app_version_id=worker.installed.app_version_id,
        worker_class=WorkerClass(target=min(worker.targets), platform=worker.platform, model=worker.model).key,
        day=_day(tx.now),
    )
    tx.add("add_to_totals", {"org_id": account.org_id}, idle_us=idle_us)
    tx.add("add_to_ledger_day", _by_day(account), idle_us=idle_us)


def _add(tx: Transaction, account: Account, **deltas: int) -> None:
    """Add to the sums that all three have under one name."""
    tx.add("add_to_totals", {"org_id": account.org_id}, **deltas)
    _post(tx, account, **deltas)


def _post(tx: Transaction | Turn, account: Account, **deltas: int) -> None:
    tx.add("add_to_ledger_day", _by_day(account), **deltas)
    tx.add("add_to_ledger_run", _by_run(account), **deltas)


def _count_for_group(turn: Turn, installs: Sequence[tuple[GroupId, Account]]) -> None:
    """Count the first installation of each group since it was last empty."""
    firsts: dict[GroupId, Account] = {}
    for group_id, account in installs:
        firsts.setdefault(group_id, account)
    answers = turn.rows_each("group_period", [{"group_id": group_id} for group_id in sorted(firsts)])
    for group_id, rows in zip(sorted(firsts), answers, strict=True):
        for row in rows:
            if row["installed_period"] < row["period"]:
                turn.send_rows("count_group_install", [{"group_id": group_id, "period": row["period"]}])
                _post(turn, firsts[group_id], installs_group=1)


def _by_day(account: Account) -> dict[str, str]:
    return {
        "org_id": account.org_id,
        "day": account.day,
        "app_version_id": account.app_version_id,
        "worker_class": account.worker_class,
    }


def _by_run(account: Account) -> dict[str, str]:
    return {
        "run_id": account.run_id,
        "org_id": account.org_id,
        "app_version_id": account.app_version_id,
        "worker_class": account.worker_class,
    }


def _key(worker_class: WorkerClass | None) -> str:
    return "" if worker_class is None else worker_class.key


def _day(at: datetime) -> str:
    """Name the day of a time, by UTC."""
    return at.date().isoformat()
