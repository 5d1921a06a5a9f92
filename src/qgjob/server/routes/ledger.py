"""The ledger: what devices did, by day, by run and by org."""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Annotated, assert_never

from fastapi import APIRouter, Query
from starlette.responses import JSONResponse

from qgjob.core.errors import FieldProblem, InvalidRequest
from qgjob.core.words import OrgId
from qgjob.server.openapi import answers
from qgjob.server.routes.parameters import Cursor, DeskHere, OrgInQuery, PageSize, RunInQuery
from qgjob.server.shapes.ledger import ledger_shown
from qgjob.service import ask
from qgjob.wire.ledger import LedgerBy, LedgerPage

router = APIRouter()

Since = Annotated[date | None, Query(alias="from", description="The first day, by UTC.")]
Until = Annotated[date | None, Query(alias="to", description="The last day, by UTC.")]


@router.get("/ledger", responses=answers({200: LedgerPage}))
async def show_ledger(
    desk: DeskHere,
    *,
    by: LedgerBy = LedgerBy.DAY,
    org_id: OrgInQuery = None,
    run_id: RunInQuery = None,
    since: Since = None,
    until: Until = None,
    limit: PageSize = 100,
    cursor: Cursor = None,
) -> JSONResponse:
    """Show installs done and avoided and device time, beside what stock Appwright and whole groups would have cost.

    A `run_id` is answered with that run alone, whatever else is asked for. By day and by run an org must be named.
    """
    if run_id is not None:
        of_run = partial(ask.ledger_of_run, run_id=run_id, org_id=org_id, since=since, until=until)
        return JSONResponse(ledger_shown(await desk.read(of_run), by=LedgerBy.RUN))
    question = partial(_question(by, org_id), since=since, until=until, limit=limit, cursor=cursor)
    return JSONResponse(ledger_shown(await desk.read(question), by=by))


def _question(by: LedgerBy, org_id: OrgId | None) -> Callable[..., ask.Ledger]:
    if by is LedgerBy.ORG:
        return partial(ask.ledger_by_org, org_id=org_id)
    if org_id is None:
        problem = FieldProblem(field="org_id", message=f"say whose ledger is asked for by {by}")
        raise InvalidRequest(f"org_id: {problem.message}.", [problem])
    match by:
        case LedgerBy.DAY:
            return partial(ask.ledger_by_day, org_id=org_id)
        case LedgerBy.RUN:
            return partial(ask.ledger_by_run, org_id=org_id)
        case _:
            assert_never(by)
