"""What has happened, and what happens next."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import JSONResponse

from qgjob.server.longpoll import ask_until_answered
from qgjob.server.openapi import answers
from qgjob.server.routes.parameters import (
    MOST_INTEGER,
    DeskHere,
    JobInQuery,
    OrgInQuery,
    PageSize,
    RunInQuery,
    WaitSeconds,
)
from qgjob.server.shapes.farm import fact_shown
from qgjob.service import ask
from qgjob.store import FACTS
from qgjob.wire.apps import FactPage

router = APIRouter()


@router.get("/facts", responses=answers({200: FactPage}))
async def list_facts(
    request: Request,
    desk: DeskHere,
    *,
    after: Annotated[int, Query(ge=0, le=MOST_INTEGER)] = 0,
    wait_s: WaitSeconds = 0,
    limit: PageSize = 500,
    org_id: OrgInQuery = None,
    run_id: RunInQuery = None,
    job_id: JobInQuery = None,
) -> JSONResponse:
    """List facts after a known one, oldest first, waiting for the next where there is none yet."""
    question = partial(
        ask.facts,
        after=after,
        limit=limit,
        org_id=org_id,
        run_id=run_id,
        job_id=job_id,
    )
    facts = await ask_until_answered(
        lambda: desk.read(question), wakes=desk.wakes, topic=FACTS, wait_s=wait_s, request=request
    )
    return JSONResponse(FactPage(count=len(facts), facts=[fact_shown(fact) for fact in facts]))
