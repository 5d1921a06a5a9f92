"""Whether any worker can be counted on for a requirement, and if none: why."""

from qgjob.core.waiting import NobodyServes
from qgjob.core.worker import Requirement
from qgjob.service.ask.ahead import heard_of_since
from qgjob.store import Row, Transaction
from qgjob.store.nouns import time_of


def why_nobody_serves(tx: Transaction, requirement: Requirement) -> NobodyServes | None:
    """Say why nobody serves a requirement; None: somebody does. It counts all workers."""
    counted = tx.only(
        "workers_meeting",
        target=f'%"{requirement.target}"%',
        platform=requirement.platform,
        own_project=requirement.own_project,
        now=tx.now,
        **heard_of_since(tx.now),
    )
    return _away(counted) if counted["meeting"] else _unmet(counted, requirement)


def _unmet(counted: Row, requirement: Requirement) -> NobodyServes:
    if not counted["of_target"]:
        return NobodyServes(code="target", sentence=f"No worker has the target {requirement.target}.")
    if not counted["of_platform"]:
        return NobodyServes(
            code="platform",
            sentence=f"No worker with the target {requirement.target} has the platform {requirement.platform}.",
        )
    return NobodyServes(
        code="project",
        sentence="No worker that would do has a project of its own, "
        "which a job without a bundle or an uploaded app needs.",
    )


def _away(counted: Row) -> NobodyServes | None:
    kept = {code: counted[code] for code in ("offline", "draining", "quarantined") if counted[code]}
    if sum(kept.values()) < counted["meeting"]:
        return None
    if len(kept) > 1:
        each = ", ".join(f"{number} {code}" for code, number in kept.items())
        sentence, code = f"None of the {counted['meeting']} workers that meet it takes work: {each}.", "away"
    else:
        code = next(iter(kept))
        all_of_them = f"All {counted['meeting']} workers that meet it are"
        sentence = f"{'The only worker that meets it is' if counted['meeting'] == 1 else all_of_them} {code}."
    return NobodyServes(code=code, sentence=sentence, until_at=time_of(counted["until_at"]))
