"""Questions about what happened."""

from dataclasses import dataclass

from qgjob.core.facts import RecordedFact
from qgjob.core.words import JobId, OrgId, RunId
from qgjob.store import Transaction
from qgjob.store.nouns import fact_of

MOST_PASSED = 5000
"""Facts of others that one look for an org's passes over."""


@dataclass(frozen=True, kw_only=True)
class FactsPassed:
    """Facts of an org, oldest first; `upto`: none of them was left out up to this id."""

    facts: tuple[RecordedFact, ...]
    upto: int


def facts(
    tx: Transaction,
    *,
    after: int,
    limit: int,
    run_id: RunId | None = None,
    job_id: JobId | None = None,
) -> tuple[RecordedFact, ...]:
    """List facts with an id above `after`, oldest first: of a job, else of a run, else all."""
    if job_id is not None:
        rows = tx.rows("facts_of_job", job_id=job_id, after=after, limit=limit)
    elif run_id is not None:
        rows = tx.rows("facts_of_run", run_id=run_id, after=after, limit=limit)
    else:
        rows = tx.rows("facts_after", after=after, limit=limit)
    return tuple(fact_of(row) for row in rows)


def facts_of_org(tx: Transaction, *, org_id: OrgId, after: int, limit: int) -> FactsPassed:
    """List an org's facts among the next few of all; `upto` equal to `after`: nobody's came since."""
    last = tx.only("last_fact_of_next", after=after, limit=MOST_PASSED)["upto"]
    if last is None:
        return FactsPassed(facts=(), upto=after)
    rows = tx.rows("facts_of_org", org_id=org_id, after=after, upto=last, limit=limit)
    return FactsPassed(
        facts=tuple(fact_of(row) for row in rows), upto=rows[-1]["fact_id"] if len(rows) == limit else last
    )
