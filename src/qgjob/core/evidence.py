"""Evidence: the files that an attempt left behind, known by the hash of their bytes."""

from dataclasses import dataclass
from datetime import datetime

from qgjob.core.words import JobId, Sha256


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """One stored file of one attempt. `kind` is its media type or its role, as the agent named it."""

    job_id: JobId
    attempt: int
    name: str
    kind: str
    sha256: Sha256
    size_bytes: int
    stored_at: datetime
