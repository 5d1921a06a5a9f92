"""Parameters that several routes take, with their bounds."""

from typing import Annotated

from fastapi import Depends, Path, Query, Request

from qgjob.server.desk import Desk, desk_of

MOST_INTEGER = 2**63 - 1


async def _desk(request: Request) -> Desk:
    return desk_of(request.app)


DeskHere = Annotated[Desk, Depends(_desk)]

IdInPath = Annotated[str, Path(min_length=1, max_length=200)]
NumberInPath = Annotated[int, Path(ge=0, le=MOST_INTEGER)]
Sha256InPath = Annotated[str, Path(pattern="^[0-9a-f]{64}$")]
FileNameInPath = Annotated[str, Path(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f\\]+$")]

IdInQuery = Annotated[str | None, Query(min_length=1, max_length=200)]
Sha256InQuery = Annotated[str, Query(pattern="^[0-9a-f]{64}$")]
PageSize = Annotated[int, Query(ge=1, le=500)]
Cursor = Annotated[str | None, Query(max_length=500)]
WaitSeconds = Annotated[float, Query(ge=0, le=30)]
"""How long an answer may be held back while there is nothing to answer."""
