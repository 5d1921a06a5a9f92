"""Runs: jobs submitted together."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from qgjob.core.errors import Unavailable
from qgjob.core.words import JobStatus
from qgjob.server.bodies import JsonBody, JsonBodyIfAny
from qgjob.server.longpoll import ask_until_answered
from qgjob.server.openapi import answers
from qgjob.server.posting import PostHere
from qgjob.server.routes.parameters import (
    Cursor,
    DeskHere,
    OrgInQuery,
    PageSize,
    RunInPath,
    WaitSeconds,
    WithProspect,
)
from qgjob.server.shapes.cases import run_case_shown
from qgjob.server.shapes.prospects import plan_shown, run_detail
from qgjob.server.shapes.runs import run_listed, run_requests, run_shown
from qgjob.server.shapes.unserved import unserved_shown
from qgjob.service import ask
from qgjob.service.ask.eta import eta_of_run
from qgjob.service.ask.plan import plan_run
from qgjob.service.cancel import cancel_run
from qgjob.service.submit import Submitted, retry_run, submit
from qgjob.store import ENDS
from qgjob.wire.cases import RunCasePage
from qgjob.wire.jobs import RunAccepted, RunBody, RunPage, RunRetryBody, RunShown
from qgjob.wire.prospects import PlanShown, RunDetail

router = APIRouter()


@router.post("/runs", status_code=201, responses=answers({201: RunAccepted}))
async def submit_run(post: PostHere, body: Annotated[RunBody, Depends(JsonBody(RunBody))]) -> Response:
    """Submit many jobs together: all of them, or none and every item at fault named."""
    verb = partial(
        submit,
        requests=run_requests(body),
        retry_budget=body.get("retry_budget"),
        require_worker=body.get("require_worker", False),
        supersede=body.get("supersede"),
        rule=post.desk.rule,
    )
    return await post.write(verb, _accepted, status=201, org_id=body["org_id"])


@router.post("/runs/plan", responses=answers({200: PlanShown}))
async def plan_a_run(desk: DeskHere, body: Annotated[RunBody, Depends(JsonBody(RunBody))]) -> JSONResponse:
    """Say what a run would come to if it were submitted now. Nothing need be uploaded for it, and nothing is stored."""
    planned = await desk.look_ahead(partial(plan_run, requests=run_requests(body), rule=desk.rule))
    if planned is None:
        raise Unavailable("Too many runs were planned just now: ask again in a few seconds.")
    return JSONResponse(plan_shown(planned))


@router.get("/runs", responses=answers({200: RunPage}))
async def list_runs(
    desk: DeskHere, org_id: OrgInQuery = None, limit: PageSize = 500, cursor: Cursor = None
) -> JSONResponse:
    """List runs, newest first."""
    page = await desk.read(partial(ask.runs, org_id=org_id, limit=limit, cursor=cursor))
    runs = [run_listed(run) for run in page.items]
    return JSONResponse(RunPage(count=len(runs), runs=runs, next_cursor=page.next_cursor))


@router.get("/runs/{run_id:segment}", responses=answers({200: RunDetail}))
async def show_run(
    request: Request, desk: DeskHere, run_id: RunInPath, *, prospect: WithProspect = True, wait: WaitSeconds = 0
) -> JSONResponse:
    """Show one run with its counts, and unless that is not wanted when it is done.

    With `wait` as soon as it is over, or after so many seconds.
    """
    if wait:
        is_over = partial(ask.is_over, run_id=run_id)
        await ask_until_answered(lambda: desk.read(is_over), wakes=desk.wakes, topic=ENDS, wait_s=wait, request=request)
    run = await desk.read(partial(ask.run, run_id=run_id))
    going = prospect and run.status is not JobStatus.COMPLETED
    eta = await desk.look_ahead(partial(eta_of_run, run_id=run_id, rule=desk.rule)) if going else None
    return JSONResponse(run_detail(run, eta))


@router.get("/runs/{run_id:segment}/cases", responses=answers({200: RunCasePage}))
async def list_cases(desk: DeskHere, run_id: RunInPath, limit: PageSize = 500, cursor: Cursor = None) -> JSONResponse:
    """List the cases of a run by job, file and line, with their executions that count.

    Together they add up to the run's counts. A page may be short, or empty, and still have a next one.
    """
    page = await desk.read(partial(ask.cases_of_run, run_id=run_id, limit=limit, cursor=cursor))
    cases = [run_case_shown(case) for case in page.items]
    return JSONResponse(RunCasePage(count=len(cases), cases=cases, next_cursor=page.next_cursor))


@router.post("/runs/{run_id:segment}/cancel", responses=answers({200: RunShown}))
async def cancel_jobs(post: PostHere, run_id: RunInPath) -> Response:
    """Cancel all jobs of a run that are not final: at once while they have not begun, else once they are stopped."""
    return await post.write(partial(cancel_run, run_id=run_id), run_shown)


@router.post("/runs/{run_id:segment}/retry", status_code=201, responses=answers({201: RunAccepted}))
async def retry_jobs(
    post: PostHere, run_id: RunInPath, body: Annotated[RunRetryBody, Depends(JsonBodyIfAny(RunRetryBody))]
) -> Response:
    """Submit the jobs of a finished run once more, or those that did not pass, as a new run."""
    verb = partial(retry_run, run_id=run_id, only_failed=body.get("failed", False), rule=post.desk.rule)
    return await post.write(verb, _accepted, status=201)


def _accepted(submitted: Submitted) -> RunAccepted:
    accepted = RunAccepted(run_id=submitted.run_id, job_ids=list(submitted.job_ids))
    if submitted.unserved:
        accepted["unserved"] = [unserved_shown(each) for each in submitted.unserved]
    return accepted
