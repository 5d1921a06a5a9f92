"""Whether any worker can be counted on for a requirement, and if none: why, and until when where that is known."""

from qgjob.core.requirement import Requirement
from qgjob.core.unmet import Availability
from qgjob.core.waiting import NobodyServes
from qgjob.service.needs.standing import why_unserved
from qgjob.store import Transaction
from qgjob.store.nouns import time_of


def why_nobody_serves(tx: Transaction, requirement: Requirement) -> NobodyServes | None:
    """Say why nobody serves a requirement; None: somebody does."""
    reason = why_unserved(tx, requirement)
    if reason is None:
        return None
    until_at = None
    if reason.code == Availability.QUARANTINED:
        until_at = time_of(tx.only("first_out_of_quarantine", needs=requirement.key, now=tx.now)["until_at"])
    return NobodyServes(code=reason.code, sentence=reason.sentence, until_at=until_at)
