"""What has happened, and what happens next."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import JSONResponse

from qgjob.core.facts import RecordedFact
from qgjob.core.words import OrgId
from qgjob.server.desk import Desk
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
    if org_id is not None and run_id is None and job_id is None:
        return await _of_org(request, desk, org_id, after=after, wait_s=wait_s, limit=limit)
    question = partial(ask.facts, after=after, limit=limit, run_id=run_id, job_id=job_id)
    facts = await ask_until_answered(
        lambda: desk.read(question), wakes=desk.wakes, topic=FACTS, wait_s=wait_s, request=request
    )
    return _shown(facts, next_after=facts[-1].fact_id if facts else after)


async def _of_org(
    request: Request, desk: Desk, org_id: OrgId, *, after: int, wait_s: float, limit: int
) -> JSONResponse:
    """Go through the facts of all in bounded looks, and never look twice at what was passed."""
    passed = after

    async def look_on() -> tuple[RecordedFact, ...]:
        nonlocal passed
        while True:
            looked = await desk.read(partial(ask.facts_of_org, org_id=org_id, after=passed, limit=limit))
            at_the_end, passed = looked.upto == passed, looked.upto
            if looked.facts or at_the_end:
                return looked.facts

    facts = await ask_until_answered(look_on, wakes=desk.wakes, topic=FACTS, wait_s=wait_s, request=request)
    return _shown(facts, next_after=passed)


def _shown(facts: tuple[RecordedFact, ...], *, next_after: int) -> JSONResponse:
    shown = [fact_shown(fact) for fact in facts]
    return JSONResponse(FactPage(count=len(shown), facts=shown, next_after=next_after))
