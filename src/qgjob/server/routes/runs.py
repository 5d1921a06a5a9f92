"""Runs: jobs submitted together."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.responses import JSONResponse, Response

from qgjob.core.words import JobStatus
from qgjob.server.bodies import JsonBody, JsonBodyIfAny
from qgjob.server.openapi import answers
from qgjob.server.posting import PostHere
from qgjob.server.routes.parameters import DeskHere, RunInPath, WithProspect
from qgjob.server.shapes.prospects import run_detail
from qgjob.server.shapes.runs import run_requests, run_shown
from qgjob.service import ask
from qgjob.service.ask.eta import eta_of_run
from qgjob.service.cancel import cancel_run
from qgjob.service.submit import Submitted, retry_run, submit
from qgjob.wire.jobs import RunAccepted, RunBody, RunRetryBody, RunShown
from qgjob.wire.prospects import RunDetail

router = APIRouter()


@router.post("/runs", status_code=201, responses=answers({201: RunAccepted}))
async def submit_run(post: PostHere, body: Annotated[RunBody, Depends(JsonBody(RunBody))]) -> Response:
    """Submit many jobs together: all of them, or none and every item at fault named."""
    verb = partial(submit, requests=run_requests(body), retry_budget=body.get("retry_budget"))
    return await post.write(verb, _accepted, status=201, org_id=body["org_id"])


@router.get("/runs/{run_id:segment}", responses=answers({200: RunDetail}))
async def show_run(desk: DeskHere, run_id: RunInPath, *, prospect: WithProspect = True) -> JSONResponse:
    """Show one run with its counts, and unless that is not wanted when it is done."""
    run = await desk.read(partial(ask.run, run_id=run_id))
    is_over = run.status is JobStatus.COMPLETED
    eta = await desk.look_ahead(partial(eta_of_run, run_id=run_id)) if prospect and not is_over else None
    return JSONResponse(run_detail(run, eta))


@router.post("/runs/{run_id:segment}/cancel", responses=answers({200: RunShown}))
async def cancel_jobs(post: PostHere, run_id: RunInPath) -> Response:
    """Cancel all jobs of a run that are not final: at once while they have not begun, else once they are stopped."""
    return await post.write(partial(cancel_run, run_id=run_id), run_shown)


@router.post("/runs/{run_id:segment}/retry", status_code=201, responses=answers({201: RunAccepted}))
async def retry_jobs(
    post: PostHere, run_id: RunInPath, body: Annotated[RunRetryBody, Depends(JsonBodyIfAny(RunRetryBody))]
) -> Response:
    """Submit the jobs of a finished run once more, or those that did not pass, as a new run."""
    verb = partial(retry_run, run_id=run_id, only_failed=body.get("failed", False))
    return await post.write(verb, _accepted, status=201)


def _accepted(submitted: Submitted) -> RunAccepted:
    return RunAccepted(run_id=submitted.run_id, job_ids=list(submitted.job_ids))
