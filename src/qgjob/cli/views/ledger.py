"""The ledger for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qgjob.cli.tables import Column, Table
from qgjob.cli.views.moments import duration

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qgjob.cli.say import Block
    from qgjob.wire.ledger import LedgerEntryShown, LedgerPage

_NAMES = {"day": "Day", "org": "Org", "run": "Run ID"}
_COLUMNS = ("Installs", "Stock", "By group", "Avoided", "Installing", "Stock", "By group", "Testing", "Idle")


def ledger_view(page: LedgerPage) -> Iterator[Block]:
    """Show one row per day, run or org, and in it what stock Appwright and the whole-group rule would have done."""
    name = Column(title=_NAMES[page["by"]], whole=True)
    figures = tuple(Column(title=title, right=True, whole=True) for title in _COLUMNS)
    rows = tuple((_name(entry, page["by"]), *_figures(entry)) for entry in page["entries"])
    yield Table(columns=(name, *figures), rows=rows)
    unmeasured = sum(entry["unmeasured"] for entry in page["entries"])
    if unmeasured:
        yield ""
        yield (
            f"What {unmeasured} installs of stock Appwright would have taken was not measured "
            f"from {page['from_day']} to {page['to_day']}."
        )


def _name(entry: LedgerEntryShown, by: str) -> str:
    names = {"day": entry["day"], "org": entry["org_id"], "run": entry["run_id"]}
    return names[by] or "-"


def _figures(entry: LedgerEntryShown) -> tuple[str, ...]:
    return (
        str(entry["installs"]),
        str(entry["installs_stock"]),
        str(entry["installs_group"]),
        str(entry["installs_avoided"]),
        duration(entry["install_seconds"]),
        _duration_if_known(entry["stock_install_seconds"]),
        _duration_if_known(entry["group_install_seconds"]),
        duration(entry["test_seconds"]),
        _duration_if_known(entry["idle_seconds"]),
    )


def _duration_if_known(seconds: float | None) -> str:
    return "-" if seconds is None else duration(seconds)
