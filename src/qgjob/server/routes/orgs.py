"""Orgs: what share of the farm each has."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.responses import JSONResponse

from qgjob.server.bodies import JsonBody
from qgjob.server.openapi import answers
from qgjob.server.routes.parameters import Cursor, DeskHere, OrgInPath, PageSize
from qgjob.server.shapes.orgs import org_shown
from qgjob.service import ask
from qgjob.service.orgs import set_weight
from qgjob.wire.orgs import OrgBody, OrgPage, OrgShown

router = APIRouter()


@router.get("/orgs", responses=answers({200: OrgPage}))
async def list_orgs(desk: DeskHere, limit: PageSize = 500, cursor: Cursor = None) -> JSONResponse:
    """List orgs by their ids, with their weights and what they have outstanding."""
    page = await desk.read(partial(ask.orgs, limit=limit, cursor=cursor))
    orgs = [org_shown(org) for org in page.items]
    return JSONResponse(OrgPage(count=len(orgs), orgs=orgs, next_cursor=page.next_cursor))


@router.put("/orgs/{org_id:segment}", responses=answers({200: OrgShown}))
async def weigh_org(
    desk: DeskHere, org_id: OrgInPath, body: Annotated[OrgBody, Depends(JsonBody(OrgBody))]
) -> JSONResponse:
    """Give an org a weight, for what it submits from now on."""
    await desk.write(partial(set_weight, org_id=org_id, weight=body["weight"]))
    return JSONResponse(org_shown(await desk.read(partial(ask.org, org_id=org_id))))
