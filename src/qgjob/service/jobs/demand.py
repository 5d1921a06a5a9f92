"""How much an org has outstanding on a requirement, beside the others: what its jobs' place in line depends on."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from qgjob.core.policy import Asked
from qgjob.core.requirement import Requirement
from qgjob.core.words import OrgId, Priority
from qgjob.service.needs.standing import workers_up
from qgjob.store import Transaction
from qgjob.store.nouns import length_of


@dataclass(kw_only=True)
class Demand:
    """What one org has outstanding on one requirement, by priority; `workers` that meet it are up. `share`: 0 to 1."""

    workers: int
    share: float
    backlog: dict[Priority, timedelta] = field(default_factory=dict)

    def add(self, priority: Priority, work: timedelta) -> None:
        """Count work that is just being submitted."""
        self.backlog[priority] = self.backlog.get(priority, timedelta(0)) + work

    def asked(self, priority: Priority, now: datetime, *, start_by: datetime | None = None) -> Asked:
        """Say what the place in line of jobs of this priority depends on."""
        return Asked(
            priority=priority,
            submitted_at=now,
            backlog=self.backlog,
            workers=self.workers,
            share=self.share,
            start_by=start_by,
        )


def demand_for(tx: Transaction, org_id: OrgId, requirement: Requirement) -> Demand:
    """Read what an org has outstanding on a requirement, as of the commit before."""
    rows = tx.rows("backlogs_of_requirement", requirement=requirement.key)
    backlog = {Priority(row["priority"]): length_of(row["work_us"]) for row in rows if row["org_id"] == org_id}
    weights: dict[str, float] = {row["org_id"]: row["weight"] for row in rows}
    if org_id not in weights:
        own = tx.row("weight_of_org", org_id=org_id)
        weights[org_id] = 1 if own is None else own["weight"]
    return Demand(
        workers=workers_up(tx, requirement.key), share=weights[org_id] / sum(weights.values()), backlog=backlog
    )
