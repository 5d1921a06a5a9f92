"""Metadata: a caller's own JSON object, kept with a job or a worker and given back with every one that is listed."""

import json
from collections.abc import Mapping

MOST_CHARACTERS = 16 * 1024
"""As JSON. A run keeps it with each of its 10,000 jobs, and a list shows 500 of them."""


def problem_of(metadata: Mapping[str, object]) -> str | None:
    """Say why metadata is not kept; None when it is."""
    length = len(json.dumps(metadata))
    if length <= MOST_CHARACTERS:
        return None
    return f"has {length} characters as JSON, more than {MOST_CHARACTERS}: keep a link to what is larger"
