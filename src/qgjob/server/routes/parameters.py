"""Parameters of requests as the types that verbs take, with their bounds."""

from typing import Annotated

from fastapi import Depends, Path, Query, Request

from qgjob.core.words import AgentId, AppVersionId, JobId, LeaseToken, OrgId, RunId, Sha256, WorkerId
from qgjob.server.desk import Desk, desk_of

MOST_INTEGER = 2**63 - 1
_SHA256 = "^[0-9a-f]{64}$"
_NAME = r"[^./\\\x00-\x1f\x7f][^/\\\x00-\x1f\x7f]*"
_IN_PATH = Path(min_length=1, max_length=200)
_IN_QUERY = Query(min_length=1, max_length=200)


async def _desk(request: Request) -> Desk:
    return desk_of(request.app)


DeskHere = Annotated[Desk, Depends(_desk)]

AppVersionInPath = Annotated[AppVersionId, _IN_PATH]
CaseInPath = Annotated[str, _IN_PATH]
JobInPath = Annotated[JobId, _IN_PATH]
OrgInPath = Annotated[OrgId, _IN_PATH]
RunInPath = Annotated[RunId, _IN_PATH]
WorkerInPath = Annotated[WorkerId, _IN_PATH]
AttemptInPath = Annotated[int, Path(ge=0, le=MOST_INTEGER)]
TokenInPath = Annotated[LeaseToken, Path(ge=0, le=MOST_INTEGER)]
Sha256InPath = Annotated[Sha256, Path(pattern=_SHA256)]
FileNameInPath = Annotated[str, Path(max_length=200, pattern=f"^{_NAME}(/{_NAME})*$")]
"""A file, perhaps in folders: somebody will save it under this name, so it leads nowhere else and hides nothing."""

AgentInQuery = Annotated[AgentId, _IN_QUERY]
AppVersionInQuery = Annotated[AppVersionId | None, _IN_QUERY]
JobInQuery = Annotated[JobId | None, _IN_QUERY]
OrgInQuery = Annotated[OrgId | None, _IN_QUERY]
SomeOrgInQuery = Annotated[OrgId, _IN_QUERY]
RunInQuery = Annotated[RunId | None, _IN_QUERY]
Sha256InQuery = Annotated[Sha256, Query(pattern=_SHA256)]
KindInQuery = Annotated[str, _IN_QUERY]
PageSize = Annotated[int, Query(ge=1, le=500)]
Cursor = Annotated[str | None, Query(max_length=500)]
WaitSeconds = Annotated[float, Query(ge=0, le=30)]
"""How long an answer may be held back while there is nothing to answer."""
WithProspect = Annotated[bool, Query()]
"""Whether to work out what is ahead: it costs some milliseconds, which who only asks for the status need not pay."""
