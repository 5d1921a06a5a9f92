"""Questions about the cases of an org: how each did in its last runs, and which are muted."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from qgjob.core.attempt import CaseCounts
from qgjob.core.errors import NotFound
from qgjob.core.history import WINDOW
from qgjob.core.mute import MOST_MUTES, Mute
from qgjob.core.words import AppVersionId, CaseOutcome, JobId, OrgId, RunId, Target
from qgjob.service.ask.cases import Judged, judged_of
from qgjob.service.ask.page import Page, start_of
from qgjob.service.mutes import MutedCase, muted_case_of
from qgjob.store import Row, Transaction
from qgjob.store.clock import from_micros
from qgjob.store.nouns import counts_of, length_of, mute_of, share_of

_FIRST = -(10**18)
"""Before every place in a list: they are negative, the largest figure first."""


class CaseOrder(StrEnum):
    """What the cases of an org are listed by. Those that have none of it are left out."""

    FLAKY = "flaky"
    SLOWEST = "slowest"
    SLOWING = "slowing"
    FAILING = "failing"
    RECENT = "recent"


@dataclass(frozen=True, kw_only=True)
class OrgCase:
    """How a case of an org did in its last results, when the last of them came. Figures are as in `core.history`."""

    org_id: OrgId
    case_id: str
    title: str
    file: str
    project: str | None
    counts: CaseCounts
    flips: int
    flaky_score: float | None
    mean: timedelta | None
    trend: float | None
    first_seen_at: datetime
    last_seen_at: datetime
    last_outcome: CaseOutcome
    mute: Mute | None


@dataclass(frozen=True, kw_only=True)
class PastResult:
    """What a case came to in one job. `took`: the execution that decided."""

    run_id: RunId
    job_id: JobId
    app_version_id: AppVersionId
    target: Target
    outcome: CaseOutcome
    judged: Judged
    took: timedelta
    executions: int
    ended_at: datetime


@dataclass(frozen=True, kw_only=True)
class CaseHistory:
    """A case, and its last results that are still there, newest first."""

    case: OrgCase
    past: tuple[PastResult, ...]


def cases_of_org(
    tx: Transaction, *, org_id: OrgId, order: CaseOrder, limit: int, cursor: str | None = None
) -> Page[OrgCase]:
    """List the cases of an org, by what is asked for. Raises InvalidRequest for a cursor that we did not give."""
    place, case_id = _place_of(cursor)
    rows = tx.rows("cases_page", org_id=org_id, wanted=order, place=place, case_id=case_id, now=tx.now, limit=limit + 1)
    shown = rows[:limit]
    following = f"{-shown[-1]['place']}.{shown[-1]['case_id']}" if len(rows) > limit else None
    return Page(items=tuple(_case_of(row) for row in shown), next_cursor=following)


def case_history(tx: Transaction, *, org_id: OrgId, case_id: str) -> CaseHistory:
    """Say how a case did in its last runs. Raises NotFound."""
    row = tx.row("case_of_org", org_id=org_id, case_id=case_id, now=tx.now)
    if row is None:
        raise NotFound(f"There is no case {case_id} of {org_id} that ended since its history is kept.")
    past = tx.rows("past_of_case", org_id=org_id, case_id=case_id, limit=WINDOW)
    score = row["flaky_ppm"]
    return CaseHistory(case=_case_of(row), past=tuple(_past_of({**each, "flaky_ppm": score}) for each in past))


def mutes_of_org(tx: Transaction, *, org_id: OrgId) -> tuple[MutedCase, ...]:
    """List the mutes of an org that are in force, by when they end."""
    return tuple(muted_case_of(row) for row in tx.rows("mutes_of_org", org_id=org_id, now=tx.now, limit=MOST_MUTES))


def _place_of(cursor: str | None) -> tuple[int, str]:
    if cursor is None:
        return _FIRST, ""
    figure, _, case_id = cursor.partition(".")
    return -start_of(figure), case_id


def _case_of(row: Row) -> OrgCase:
    return OrgCase(
        org_id=row["org_id"],
        case_id=row["case_id"],
        title=row["title"],
        file=row["file"],
        project=row["project"],
        counts=counts_of(row),
        flips=row["flips"],
        flaky_score=share_of(row["flaky_ppm"]),
        mean=None if row["mean_us"] is None else length_of(row["mean_us"]),
        trend=share_of(row["trend_ppm"]),
        first_seen_at=from_micros(row["first_seen_at"]),
        last_seen_at=from_micros(row["last_seen_at"]),
        last_outcome=CaseOutcome(row["last_outcome"]),
        mute=None if row["owner"] is None else mute_of(row),
    )


def _past_of(row: Row) -> PastResult:
    return PastResult(
        run_id=row["run_id"],
        job_id=row["job_id"],
        app_version_id=row["app_version_id"],
        target=Target(row["target"]),
        outcome=CaseOutcome(row["outcome"]),
        judged=judged_of(row),
        took=length_of(row["took_us"]),
        executions=row["executions"],
        ended_at=from_micros(row["ended_at"]),
    )
