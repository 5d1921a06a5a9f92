"""Jobs, one at a time."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from starlette.responses import JSONResponse, Response

from qgjob.core.words import JobStatus, WorkerId
from qgjob.server.bodies import JsonBody
from qgjob.server.openapi import answers
from qgjob.server.posting import PostHere
from qgjob.server.routes.parameters import (
    AppVersionInQuery,
    Cursor,
    DeskHere,
    JobInPath,
    OrgInQuery,
    PageSize,
    RunInQuery,
    WithProspect,
)
from qgjob.server.shapes.attempts import attempt_shown
from qgjob.server.shapes.jobs import job_request, job_shown
from qgjob.server.shapes.prospects import job_detail
from qgjob.server.shapes.unserved import unserved_shown
from qgjob.service import ask
from qgjob.service.ask.why import job_with_prospect
from qgjob.service.cancel import cancel
from qgjob.service.jobs.making import NewRun
from qgjob.service.protocol1 import change_job
from qgjob.service.submit import Submitted, retry
from qgjob.wire.jobs import AttemptList, JobAccepted, JobBody, JobChange, JobPage, JobShown
from qgjob.wire.prospects import JobDetail

router = APIRouter()


@router.post("/jobs", status_code=201, responses=answers({201: JobAccepted}))
async def submit_job(post: PostHere, body: Annotated[JobBody, Depends(JsonBody(JobBody))]) -> Response:
    """Submit one job."""
    new = NewRun(requests=[job_request(body)], joins=True, require_worker=body.get("require_worker", False))
    return await post.submit(new, _accepted, org_id=body["org_id"])


@router.get("/jobs", responses=answers({200: JobPage}))
async def list_jobs(
    desk: DeskHere,
    *,
    run_id: RunInQuery = None,
    org_id: OrgInQuery = None,
    status: Annotated[JobStatus | None, Query()] = None,
    app_version_id: AppVersionInQuery = None,
    limit: PageSize = 500,
    cursor: Cursor = None,
) -> JSONResponse:
    """List jobs, oldest first."""
    filters = ask.JobFilter(run_id=run_id, org_id=org_id, status=status, app_version_id=app_version_id)
    page = await desk.read(partial(ask.jobs, filters=filters, limit=limit, cursor=cursor))
    jobs = [job_shown(job) for job in page.items]
    return JSONResponse(JobPage(count=len(jobs), jobs=jobs, next_cursor=page.next_cursor))


@router.get("/jobs/{job_id:segment}", responses=answers({200: JobDetail}))
async def show_job(desk: DeskHere, job_id: JobInPath, *, prospect: WithProspect = True) -> JSONResponse:
    """Show one job, and unless that is not wanted why it waits and when it is done."""
    ahead = partial(job_with_prospect, job_id=job_id, rule=desk.rule)
    known = await desk.look_ahead(ahead) if prospect else None
    return JSONResponse(job_detail(*known or (await desk.read(partial(ask.job, job_id=job_id)), None)))


@router.put("/jobs/{job_id:segment}", responses=answers({200: JobShown}))
async def report_job(
    desk: DeskHere, job_id: JobInPath, body: Annotated[JobChange, Depends(JsonBody(JobChange))]
) -> JSONResponse:
    """Report on a job, as protocol-1 workers do."""
    worker_id = body.get("worker_id")
    verb = partial(
        change_job,
        job_id=job_id,
        status=body.get("status"),
        worker_id=None if worker_id is None else WorkerId(worker_id),
        result=body.get("result"),
        error_message=body.get("error_message"),
    )
    return JSONResponse(job_shown(await desk.write(verb)))


@router.get("/jobs/{job_id:segment}/attempts", responses=answers({200: AttemptList}))
async def list_attempts(desk: DeskHere, job_id: JobInPath) -> JSONResponse:
    """List the attempts of a job, with their cases and evidence."""
    details = await desk.read(partial(ask.attempts, job_id=job_id))
    return JSONResponse(AttemptList(job_id=job_id, attempts=[attempt_shown(detail) for detail in details]))


@router.post("/jobs/{job_id:segment}/cancel", responses=answers({200: JobShown}))
async def cancel_job(post: PostHere, job_id: JobInPath) -> Response:
    """Cancel a job: at once while it has not begun, else as soon as its worker has stopped it."""
    return await post.write(partial(cancel, job_id=job_id), job_shown)


@router.post("/jobs/{job_id:segment}/retry", status_code=201, responses=answers({201: JobAccepted}))
async def retry_job(post: PostHere, job_id: JobInPath) -> Response:
    """Submit a finished job once more, as a new job."""
    return await post.write(partial(retry, job_id=job_id, rule=post.desk.rule), _accepted, status=201)


def _accepted(submitted: Submitted) -> JobAccepted:
    message = "Job submitted successfully"
    accepted = JobAccepted(job_id=submitted.job_ids[0], status=JobStatus.PENDING, message=message)
    if submitted.unserved:
        accepted["unserved"] = unserved_shown(submitted.unserved[0])
    return accepted
