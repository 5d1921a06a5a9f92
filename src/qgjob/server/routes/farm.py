"""Groups and totals."""

from functools import partial

from fastapi import APIRouter
from starlette.responses import JSONResponse

from qgjob.server.openapi import answers
from qgjob.server.routes.parameters import Cursor, DeskHere, OrgInQuery, PageSize
from qgjob.server.shapes.farm import group_shown, stats_shown
from qgjob.service import ask
from qgjob.wire.jobs import GroupPage, StatsShown

router = APIRouter()


@router.get("/groups", responses=answers({200: GroupPage}))
async def list_groups(
    desk: DeskHere, org_id: OrgInQuery = None, limit: PageSize = 500, cursor: Cursor = None
) -> JSONResponse:
    """List groups, oldest first."""
    page = await desk.read(partial(ask.groups, org_id=org_id, limit=limit, cursor=cursor))
    groups = [group_shown(group) for group in page.items]
    return JSONResponse(GroupPage(count=len(groups), groups=groups, next_cursor=page.next_cursor))


@router.get("/stats", responses=answers({200: StatsShown}))
async def show_stats(desk: DeskHere) -> JSONResponse:
    """Show the farm's totals and its ledger."""
    return JSONResponse(stats_shown(await desk.read(ask.stats)))
