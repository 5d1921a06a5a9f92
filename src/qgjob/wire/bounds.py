"""How long, how many, how large: the bounds that every shape on the wire is built from."""

from typing import Annotated

from annotated_types import Ge, Gt, Le, MaxLen, MinLen

MOST_JOBS_PER_RUN = 10_000
MOST_EVENTS_PER_REPORT = 500
MOST_WORKERS_PER_AGENT = 200
MOST_BODY_BYTES = 16 * 1024 * 1024
"""Of a JSON request; uploads of files have bounds of their own."""

Name = Annotated[str, MinLen(1), MaxLen(200)]
Text = Annotated[str, MaxLen(8000)]
Tags = Annotated[list[Name], MaxLen(20)]
OsVersions = Annotated[str, MinLen(1), MaxLen(100)]
Path = Annotated[str, MinLen(1), MaxLen(1000)]
Grep = Annotated[str, MinLen(1), MaxLen(2000)]
Count = Annotated[int, Ge(0)]
Seconds = Annotated[float, Ge(0), Le(30 * 86400)]
RunTime = Annotated[float, Gt(0), Le(86400)]
WaitingTime = Annotated[float, Gt(0), Le(30 * 86400)]
Retries = Annotated[int, Ge(0), Le(10)]
RetryBudget = Annotated[int, Ge(0), Le(100_000)]
WaitSeconds = Annotated[float, Ge(0), Le(30)]
"""How long a long-poll may be held open."""
Moment = Annotated[str, MinLen(1), MaxLen(100)]
"""A time as ISO 8601 with its offset."""
Hash = Annotated[str, MinLen(64), MaxLen(64)]
PageSize = Annotated[int, Ge(1), Le(500)]
