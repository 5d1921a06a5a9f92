"""The ledger, as shown."""

from datetime import timedelta

from qgjob.server.shapes.times import shown_if_any
from qgjob.service.ask import Ledger, LedgerEntry
from qgjob.wire.ledger import LedgerBy, LedgerEntryShown, LedgerPage


def ledger_shown(ledger: Ledger, *, by: LedgerBy) -> LedgerPage:
    """Show a page of the ledger."""
    entries = [_entry_shown(each) for each in ledger.page.items]
    return LedgerPage(
        by=by,
        from_day=ledger.days.since.isoformat(),
        to_day=ledger.days.until.isoformat(),
        count=len(entries),
        entries=entries,
        next_cursor=ledger.page.next_cursor,
    )


def _entry_shown(each: LedgerEntry) -> LedgerEntryShown:
    entry = each.entry
    return LedgerEntryShown(
        org_id=each.org_id,
        day=None if each.day is None else each.day.isoformat(),
        run_id=each.run_id,
        submitted_at=shown_if_any(each.submitted_at),
        installs=entry.installs,
        installs_avoided=entry.installs_avoided,
        installs_stock=entry.installs_stock,
        installs_group=entry.installs_group,
        sessions=entry.sessions,
        install_seconds=entry.install.total_seconds(),
        test_seconds=entry.test.total_seconds(),
        idle_seconds=_seconds(entry.idle),
        stock_install_seconds=_seconds(entry.stock),
        group_install_seconds=_seconds(entry.group),
        unmeasured=entry.unmeasured,
    )


def _seconds(length: timedelta | None) -> float | None:
    return None if length is None else length.total_seconds()
