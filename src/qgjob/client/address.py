"""Addresses of the API, built so that no id can ever change what is asked for."""

from collections.abc import Mapping
from urllib.parse import quote

Query = Mapping[str, str | int | float | None]
"""Parameters of a request; those that are None are left out."""


def path_of(*segments: str | int) -> str:
    """Join segments to a path; a slash or a question mark inside a segment stays inside it."""
    return "/" + "/".join(quote(str(segment), safe="") for segment in segments)


def query_of(query: Query) -> dict[str, str]:
    """Return the parameters that were given, as text."""
    return {name: str(value) for name, value in query.items() if value is not None}
