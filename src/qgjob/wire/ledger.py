"""The ledger on the wire."""

from enum import StrEnum

from typing_extensions import TypedDict


class LedgerBy(StrEnum):
    """What each entry of the ledger is about."""

    DAY = "day"
    ORG = "org"
    RUN = "run"


class LedgerEntryShown(TypedDict):
    """What devices did for an org, on one day of it or for one run, and what it would have cost otherwise.

    `stock_install_seconds`: stock Appwright; null: `unmeasured` of its installs were never measured.
    `group_install_seconds`: one worker for each whole group; null as well where nothing was measured.
    `idle_seconds`: null for runs, which have no idle time.
    """

    org_id: str
    day: str | None
    run_id: str | None
    submitted_at: str | None
    installs: int
    installs_avoided: int
    installs_stock: int
    installs_group: int
    sessions: int
    install_seconds: float
    test_seconds: float
    idle_seconds: float | None
    stock_install_seconds: float | None
    group_install_seconds: float | None
    unmeasured: int


class LedgerPage(TypedDict):
    """`GET /ledger`. `from_day` and `to_day`: the days asked for, in which the costs of installs were measured."""

    by: str
    from_day: str
    to_day: str
    count: int
    entries: list[LedgerEntryShown]
    next_cursor: str | None
