"""Evidence: the files that an attempt left behind, known by the hash of their bytes."""

import re
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


DEVICE_SCREEN = "device.png"
"""The end of the name of what the screen of a device showed when a case failed."""
_NOT_PLAIN = re.compile(r"[^A-Za-z0-9._-]+")
_MOST_PLAIN = 60


def plain_name(text: str) -> str:
    """Make a part of a file's name of a title. Files that belong to a case are `NUMBER-CASE-WHAT`, in these."""
    return _NOT_PLAIN.sub("-", text).strip("-")[:_MOST_PLAIN] or "case"
