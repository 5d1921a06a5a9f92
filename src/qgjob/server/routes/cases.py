"""Cases of orgs: how each did lately, and which are muted."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from starlette.responses import JSONResponse

from qgjob.server.bodies import JsonBody
from qgjob.server.openapi import answers
from qgjob.server.routes.parameters import CaseInPath, Cursor, DeskHere, OrgInPath, PageSize
from qgjob.server.shapes.cases import case_summary, history_shown, mute_shown
from qgjob.server.shapes.times import read_time
from qgjob.service import ask
from qgjob.service.ask import CaseOrder
from qgjob.service.mutes import mute, unmute
from qgjob.wire.cases import CaseHistoryShown, CasePage, MuteBody, MuteList, MuteShown

router = APIRouter()

_MUTE = "/orgs/{org_id:segment}/mutes/{case_id:segment}"


@router.get("/orgs/{org_id:segment}/cases", responses=answers({200: CasePage}))
async def list_cases(
    desk: DeskHere,
    org_id: OrgInPath,
    *,
    order: Annotated[CaseOrder, Query()] = CaseOrder.RECENT,
    limit: PageSize = 500,
    cursor: Cursor = None,
) -> JSONResponse:
    """List the cases of an org over their last 30 results each, the most of what is asked for first.

    `flaky`: by their score; `slowest`: by how long they took; `slowing`: by how much longer than before; `failing`: by
    how often they failed; cases that have none of it are left out. `recent`: those that ended last first.
    """
    page = await desk.read(partial(ask.cases_of_org, org_id=org_id, order=order, limit=limit, cursor=cursor))
    cases = [case_summary(case) for case in page.items]
    return JSONResponse(CasePage(count=len(cases), cases=cases, next_cursor=page.next_cursor))


@router.get("/orgs/{org_id:segment}/cases/{case_id:segment}", responses=answers({200: CaseHistoryShown}))
async def show_history(desk: DeskHere, org_id: OrgInPath, case_id: CaseInPath) -> JSONResponse:
    """Show how a case did in its last runs, of 30 at most those that are still there."""
    return JSONResponse(history_shown(await desk.read(partial(ask.case_history, org_id=org_id, case_id=case_id))))


@router.get("/orgs/{org_id:segment}/mutes", responses=answers({200: MuteList}))
async def list_mutes(desk: DeskHere, org_id: OrgInPath) -> JSONResponse:
    """List the cases of an org that are muted now, by when that ends."""
    mutes = [mute_shown(each) for each in await desk.read(partial(ask.mutes_of_org, org_id=org_id))]
    return JSONResponse(MuteList(count=len(mutes), mutes=mutes))


@router.put(_MUTE, responses=answers({200: MuteShown}))
async def mute_case(
    desk: DeskHere, org_id: OrgInPath, case_id: CaseInPath, body: Annotated[MuteBody, Depends(JsonBody(MuteBody))]
) -> JSONResponse:
    """Let a case run and decide nothing until a time, or say anew until when. Jobs that have ended stay as they are."""
    verb = partial(
        mute,
        org_id=org_id,
        case_id=case_id,
        owner=body["owner"],
        until_at=read_time(body["until"], field="until"),
        reason=body.get("reason"),
    )
    return JSONResponse(mute_shown(await desk.decide(verb)))


@router.delete(_MUTE, responses=answers({200: MuteShown}))
async def unmute_case(desk: DeskHere, org_id: OrgInPath, case_id: CaseInPath) -> JSONResponse:
    """Let a case decide again, for jobs that end from now on; answers the mute that it had."""
    return JSONResponse(mute_shown(await desk.decide(partial(unmute, org_id=org_id, case_id=case_id))))
