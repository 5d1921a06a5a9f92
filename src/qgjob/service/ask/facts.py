"""Questions about what happened."""

from qgjob.core.facts import RecordedFact
from qgjob.core.words import JobId, OrgId, RunId
from qgjob.store import Transaction
from qgjob.store.nouns import fact_of


def facts(
    tx: Transaction,
    *,
    after: int,
    limit: int,
    org_id: OrgId | None = None,
    run_id: RunId | None = None,
    job_id: JobId | None = None,
) -> tuple[RecordedFact, ...]:
    """List facts with an id above `after`, oldest first: of a job, else of a run, else of an org, else all."""
    if job_id is not None:
        rows = tx.rows("facts_of_job", job_id=job_id, after=after, limit=limit)
    elif run_id is not None:
        rows = tx.rows("facts_of_run", run_id=run_id, after=after, limit=limit)
    else:
        rows = tx.rows("facts_after", org_id=org_id, after=after, limit=limit)
    return tuple(fact_of(row) for row in rows)
