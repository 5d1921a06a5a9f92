"""The ledger: what devices did for an org, kept as running totals."""

from datetime import timedelta

from qgjob.core.words import OrgId
from qgjob.store import Transaction
from qgjob.store.clock import to_micros

NO_TIME = timedelta(0)


def add(
    tx: Transaction,
    org_id: OrgId,
    *,
    groups: int = 0,
    installs: int = 0,
    installs_stock: int = 0,
    sessions: int = 0,
    install_time: timedelta = NO_TIME,
    test_time: timedelta = NO_TIME,
) -> None:
    """Add to an org's totals."""
    tx.add(
        "add_to_totals",
        {"org_id": org_id},
        groups=groups,
        installs=installs,
        installs_stock=installs_stock,
        sessions=sessions,
        install_us=to_micros(install_time),
        test_us=to_micros(test_time),
    )
