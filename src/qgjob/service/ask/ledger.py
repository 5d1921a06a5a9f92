"""Questions to the ledger: what devices did by day, by run and by org, and what it would have cost otherwise."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from qgjob.core import ledger
from qgjob.core.errors import FieldProblem, InvalidRequest, NotFound
from qgjob.core.ledger import USUAL_DAYS, ClassKey, Days, Entry, Line, Measured, days_of
from qgjob.core.words import OrgId, RunId
from qgjob.service import find
from qgjob.service.ask.page import Page
from qgjob.store import Row, Transaction
from qgjob.store.clock import from_micros, to_micros
from qgjob.store.nouns import length_of

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class LedgerEntry:
    """Of an org, or of one day or run of it."""

    org_id: OrgId
    day: date | None = None
    run_id: RunId | None = None
    submitted_at: datetime | None = None
    entry: Entry


@dataclass(frozen=True, kw_only=True)
class Ledger:
    """A page of entries, and the days that were asked for: in them costs were measured."""

    days: Days
    page: Page[LedgerEntry]


def ledger_by_day(
    tx: Transaction, *, org_id: OrgId, since: date | None, until: date | None, limit: int, cursor: str | None = None
) -> Ledger:
    """Tell what was done for an org on each day on which anything was, oldest first: of `limit` days at most.

    Raises InvalidRequest for days that `days_of` refuses, and for a cursor that we did not give.
    """
    days = days_of(since, until, today=tx.now.date())
    first = days.since if cursor is None else max(days.since, _day_of(cursor))
    last = min(days.until, first + timedelta(days=min(limit - 1, (date.max - first).days)))
    means = _measured(tx, org_id, days)
    by_day: dict[str, list[Line]] = {}
    rows = tx.rows("ledger_by_day", org_id=org_id, since=first.isoformat(), until=last.isoformat())
    for row in rows:
        by_day.setdefault(row["day"], []).append(_line_of(row))
    entries = tuple(
        LedgerEntry(org_id=org_id, day=date.fromisoformat(day), entry=ledger.entry(lines, means))
        for day, lines in by_day.items()
    )
    following = None if last >= days.until else (last + ONE_DAY).isoformat()
    return Ledger(days=days, page=Page(items=entries, next_cursor=following))


def ledger_by_org(
    tx: Transaction,
    *,
    org_id: OrgId | None,
    since: date | None,
    until: date | None,
    limit: int,
    cursor: str | None = None,
) -> Ledger:
    """Tell what was done in these days for one org, or for each by its name.

    Raises InvalidRequest for days that `days_of` refuses.
    """
    days = days_of(since, until, today=tx.now.date())
    if org_id is not None:
        return Ledger(days=days, page=Page(items=(_of_org(tx, org_id, days),), next_cursor=None))
    names = [row["org_id"] for row in tx.rows("orgs_with_ledger", after=cursor or "", limit=limit + 1)]
    entries = tuple(_of_org(tx, each, days) for each in names[:limit])
    return Ledger(days=days, page=Page(items=entries, next_cursor=names[limit - 1] if len(names) > limit else None))


def ledger_by_run(
    tx: Transaction, *, org_id: OrgId, since: date | None, until: date | None, limit: int, cursor: str | None = None
) -> Ledger:
    """Tell what was done for each run of an org that was submitted in these days, oldest first.

    Raises InvalidRequest for days that `days_of` refuses, and for a cursor that we did not give.
    """
    days = days_of(since, until, today=tx.now.date())
    after_at, after = (_start_of(days.since) - 1, 0) if cursor is None else _run_of(cursor)
    before_at = _start_of(days.until) + to_micros(ONE_DAY)
    found = tx.rows("runs_in_time", org_id=org_id, after_at=after_at, after=after, before_at=before_at, limit=limit + 1)
    shown = found[:limit]
    following = f"{shown[-1]['created_at']}.{shown[-1]['number']}" if len(found) > limit else None
    entries = _of_runs(tx, org_id, shown, _measured(tx, org_id, days))
    return Ledger(days=days, page=Page(items=tuple(entries), next_cursor=following))


def ledger_of_run(
    tx: Transaction, *, run_id: RunId, org_id: OrgId | None, since: date | None, until: date | None
) -> Ledger:
    """Tell what was done for one run, of this org where one is named.

    Where no days are said they begin USUAL_DAYS before the run. Raises NotFound, and InvalidRequest for days that
    `days_of` refuses.
    """
    run = find.run(tx, run_id)
    if org_id not in {None, run["org_id"]}:
        raise NotFound(f"There is no run {run_id} of {org_id}.")
    before = from_micros(run["created_at"]).date() - (USUAL_DAYS - 1) * ONE_DAY
    days = days_of(since or (before if until is None else None), until, today=tx.now.date())
    entries = _of_runs(tx, run["org_id"], [run], _measured(tx, run["org_id"], days))
    return Ledger(days=days, page=Page(items=tuple(entries), next_cursor=None))


def _of_org(tx: Transaction, org_id: OrgId, days: Days) -> LedgerEntry:
    lines = _lines_of_org(tx, org_id, days)
    return LedgerEntry(org_id=org_id, entry=ledger.entry(lines, ledger.measured(lines)))


def _of_runs(tx: Transaction, org_id: OrgId, runs: Iterable[Row], means: Measured) -> Iterable[LedgerEntry]:
    runs = list(runs)
    by_run: Mapping[RunId, list[Line]] = {run["run_id"]: [] for run in runs}
    for row in tx.rows("ledger_of_runs", run_ids=list(by_run)) if runs else []:
        by_run[row["run_id"]].append(_line_of(row))
    return [
        LedgerEntry(
            org_id=org_id,
            run_id=run["run_id"],
            submitted_at=from_micros(run["created_at"]),
            entry=ledger.entry(by_run[run["run_id"]], means),
        )
        for run in runs
    ]


def _measured(tx: Transaction, org_id: OrgId, days: Days) -> Measured:
    return ledger.measured(_lines_of_org(tx, org_id, days))


def _lines_of_org(tx: Transaction, org_id: OrgId, days: Days) -> list[Line]:
    rows = tx.rows("ledger_of_org", org_id=org_id, since=days.since.isoformat(), until=days.until.isoformat())
    return [_line_of(row) for row in rows]


def _line_of(row: Row) -> Line:
    return Line(
        app_version_id=row["app_version_id"],
        worker_class=ClassKey(row["worker_class"]),
        installs=row["installs"],
        installs_group=row["installs_group"],
        installs_stock=row["installs_stock"],
        sessions=row["sessions"],
        done=length_of(row["done_us"]),
        failed=length_of(row["failed_us"]),
        test=length_of(row["test_us"]),
        idle=length_of(row["idle_us"]) if "idle_us" in row else None,
    )


def _start_of(day: date) -> int:
    return to_micros(datetime.combine(day, time(), UTC))


def _day_of(cursor: str) -> date:
    try:
        return date.fromisoformat(cursor)
    except ValueError:
        raise _not_ours() from None


def _run_of(cursor: str) -> tuple[int, int]:
    created_at, _, number = cursor.partition(".")
    for part in (created_at, number):
        if not (part.isascii() and part.isdigit() and len(part) <= 18):  # noqa: PLR2004  # more is no number of ours
            raise _not_ours()
    return int(created_at), int(number)


def _not_ours() -> InvalidRequest:
    problem = FieldProblem(field="cursor", message="is none that a page was answered with")
    return InvalidRequest(f"cursor {problem.message}: begin without one.", [problem])
