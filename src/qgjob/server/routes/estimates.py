"""What was learnt of how long tests and installations take."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import JSONResponse

from qgjob.server.openapi import answers
from qgjob.server.routes.parameters import Cursor, DeskHere, PageSize, SomeOrgInQuery
from qgjob.server.shapes.estimates import installs_shown, tests_shown
from qgjob.service import ask
from qgjob.wire.estimates import EstimatesOfInstalls, EstimatesOfTests

router = APIRouter()


@router.get("/estimates/tests", responses=answers({200: EstimatesOfTests}))
async def list_tests(
    desk: DeskHere,
    org_id: SomeOrgInQuery,
    test_path: Annotated[str | None, Query(min_length=1, max_length=1000)] = None,
    limit: PageSize = 500,
    cursor: Cursor = None,
) -> JSONResponse:
    """List how long an org's tests are expected to take, and from how many runs that was learnt."""
    question = partial(ask.estimates_of_tests, org_id=org_id, test_path=test_path, limit=limit, cursor=cursor)
    return JSONResponse(tests_shown(await desk.read(question)))


@router.get("/estimates/installs", responses=answers({200: EstimatesOfInstalls}))
async def list_installs(
    desk: DeskHere,
    org_id: SomeOrgInQuery,
    package: Annotated[str | None, Query(min_length=1, max_length=1000)] = None,
    limit: PageSize = 500,
    cursor: Cursor = None,
) -> JSONResponse:
    """List how long an org's packages are expected to take to install, and from how many that was learnt."""
    question = partial(ask.estimates_of_installs, org_id=org_id, package=package, limit=limit, cursor=cursor)
    return JSONResponse(installs_shown(await desk.read(question)))
