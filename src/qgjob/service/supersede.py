"""A newer run takes the place of the older ones that have its key: of a push to a branch only the last is of interest.

What has not begun of an older run is cancelled; what runs comes to its end, and is not tried again. Of two that are
submitted at once the newer one stays, whichever comes first to take the key.
"""

from qgjob.core.facts import Fact, FactKind
from qgjob.core.words import OrgId, RunId
from qgjob.service import find
from qgjob.service.cancel import drain_run
from qgjob.store import Row, Transaction


def take_place(tx: Transaction, run_id: RunId, *, org_id: OrgId, key: str) -> None:
    """Let a run that is just being made supersede the one before it with its key, or be superseded by a newer one.

    Only one transaction at a time does so for a key, and the next sees what it did: older ones than the one before
    were superseded by that one.
    """
    newest = tx.only("take_key", org_id=org_id, supersede=key, run_id=run_id)["run_id"]
    if newest == run_id:
        return
    ours, other = find.run(tx, run_id), tx.row("run_by_id", run_id=newest)
    if other is not None and other["number"] > ours["number"]:
        _make_room(tx, ours, for_run=newest)
        return
    tx.execute("give_key", org_id=org_id, supersede=key, run_id=run_id)
    if other is not None:
        _make_room(tx, other, for_run=run_id)


def _make_room(tx: Transaction, older: Row, *, for_run: RunId) -> None:
    """Drain a run for another, unless it has ended."""
    if not drain_run(tx, older, because=f"Superseded by run {for_run}."):
        return
    tx.book("mark_superseded", older["run_id"], run_id=older["run_id"], superseded_by=for_run)
    fact = Fact(kind=FactKind.RUN_SUPERSEDED, org_id=older["org_id"], run_id=older["run_id"], data={"by": for_run})
    tx.record(fact)
