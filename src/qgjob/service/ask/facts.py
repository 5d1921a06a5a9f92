"""Questions about what happened."""

from qgjob.core.facts import RecordedFact
from qgjob.core.words import JobId, OrgId, RunId
from qgjob.store import Transaction


def facts(
    tx: Transaction,
    *,
    after: int,
    limit: int,
    org_id: OrgId | None = None,
    run_id: RunId | None = None,
    job_id: JobId | None = None,
) -> tuple[RecordedFact, ...]:
    """Facts with an id above `after`, oldest first, of this org, run or job where one is named."""
    raise NotImplementedError
