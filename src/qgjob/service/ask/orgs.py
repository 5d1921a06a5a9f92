"""Questions about orgs."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from qgjob.core.org import Backlog, Org
from qgjob.core.words import OrgId
from qgjob.service.ask.page import Page
from qgjob.store import Transaction
from qgjob.store.nouns import length_of


def orgs(tx: Transaction, *, limit: int, cursor: str | None = None) -> Page[Org]:
    """List orgs that have or had jobs or a weight, by their ids; the cursor is the last one's id."""
    rows = tx.rows("orgs_page", after=cursor or "", limit=limit + 1)
    shown = rows[:limit]
    backlogs = _backlogs(tx, [row["org_id"] for row in shown])
    return Page(
        items=tuple(
            Org(org_id=row["org_id"], weight=row["weight"], backlog=tuple(backlogs[row["org_id"]])) for row in shown
        ),
        next_cursor=shown[-1]["org_id"] if len(rows) > limit else None,
    )


def org(tx: Transaction, *, org_id: OrgId) -> Org:
    """Show one org, also one that the farm never heard of."""
    row = tx.row("weight_of_org", org_id=org_id)
    return Org(
        org_id=org_id, weight=1 if row is None else row["weight"], backlog=tuple(_backlogs(tx, [org_id])[org_id])
    )


def _backlogs(tx: Transaction, org_ids: Sequence[OrgId]) -> Mapping[OrgId, list[Backlog]]:
    backlogs: defaultdict[OrgId, list[Backlog]] = defaultdict(list)
    if org_ids:
        for row in tx.rows("backlogs_of_orgs", org_ids=org_ids):
            backlog = Backlog(requirement=row["requirement"], jobs=row["jobs"], work=length_of(row["work_us"]))
            backlogs[row["org_id"]].append(backlog)
    return backlogs
