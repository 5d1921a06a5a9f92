"""Mute cases of an org: they run and decide nothing until a time. Jobs that have ended stay as they are.

These verbs are for `Store.decide`: with the turn from the beginning, no job ends while its mutes change.
"""

from dataclasses import dataclass
from datetime import datetime

from qgjob.core.errors import Conflict, NotFound
from qgjob.core.facts import Fact, FactKind
from qgjob.core.mute import MOST_MUTES, Mute, check_until
from qgjob.core.words import OrgId
from qgjob.store import Row, Transaction
from qgjob.store.nouns import mute_of


@dataclass(frozen=True, kw_only=True)
class MutedCase:
    """A mute, and what is known of its case. None: it was never heard of."""

    mute: Mute
    title: str | None
    file: str | None


def mute(
    tx: Transaction, *, org_id: OrgId, case_id: str, owner: str, until_at: datetime, reason: str | None
) -> MutedCase:
    """Mute a case, which nobody need have heard of yet, or say anew until when.

    Raises InvalidRequest for a time that is over or too far ahead, Conflict where too many cases are muted already.
    """
    check_until(until_at, now=tx.now)
    before = _in_force(tx, org_id, case_id)
    if before is None and len(tx.rows("mutes_of_org", org_id=org_id, now=tx.now, limit=MOST_MUTES)) >= MOST_MUTES:
        raise Conflict(f"{org_id} has {MOST_MUTES} muted cases already: unmute some of them, and mend them.")
    created_at = tx.now if before is None else mute_of(before).created_at
    tx.execute("drop_old_mutes", org_id=org_id, now=tx.now)
    tx.execute(
        "keep_mute",
        org_id=org_id,
        case_id=case_id,
        owner=owner,
        until_at=until_at,
        reason=reason,
        created_at=created_at,
    )
    _tell(tx, FactKind.CASE_MUTED, org_id, case_id=case_id, owner=owner, until_at=until_at.isoformat(), reason=reason)
    return muted_case_of(tx.only("mute_of_case", org_id=org_id, case_id=case_id, now=tx.now))


def unmute(tx: Transaction, *, org_id: OrgId, case_id: str) -> MutedCase:
    """Let a case decide again; the mute that it had. Raises NotFound where it has none."""
    row = _in_force(tx, org_id, case_id)
    if row is None:
        raise NotFound(f"The case {case_id} of {org_id} is not muted.")
    had = muted_case_of(row)
    tx.execute("drop_mute", org_id=org_id, case_id=case_id)
    until_at = had.mute.until_at.isoformat()
    _tell(tx, FactKind.CASE_UNMUTED, org_id, case_id=case_id, owner=had.mute.owner, until_at=until_at)
    return had


def muted_case_of(row: Row) -> MutedCase:
    """Read a mute with its case."""
    return MutedCase(mute=mute_of(row), title=row["title"], file=row["file"])


def _in_force(tx: Transaction, org_id: OrgId, case_id: str) -> Row | None:
    tx.settle()  # what ended before in this group ended without what is done now
    return tx.row("mute_of_case", org_id=org_id, case_id=case_id, now=tx.now)


def _tell(tx: Transaction, kind: FactKind, org_id: OrgId, **data: object) -> None:
    tx.record(Fact(kind=kind, org_id=org_id, data=data))
