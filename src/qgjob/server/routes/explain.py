"""Why jobs and workers are where they are."""

from functools import partial

from fastapi import APIRouter
from starlette.responses import JSONResponse

from qgjob.core.errors import Unavailable
from qgjob.server.openapi import answers
from qgjob.server.routes.parameters import DeskHere, JobInPath, WorkerInPath
from qgjob.server.shapes.prospects import job_explained, worker_explained
from qgjob.service.ask.occupation import explain_worker
from qgjob.service.ask.why import explain_job
from qgjob.wire.prospects import JobExplained, WorkerExplained

router = APIRouter()


@router.get("/jobs/{job_id:segment}/explain", responses=answers({200: JobExplained}))
async def explain_one_job(desk: DeskHere, job_id: JobInPath) -> JSONResponse:
    """Explain why a job waits, when it is done, and why it was given to the workers that had it."""
    explained = await desk.look_ahead(partial(explain_job, job_id=job_id, rule=desk.rule))
    if explained is None:
        raise Unavailable("Too many jobs were explained just now: ask again in a few seconds.")
    return JSONResponse(job_explained(explained))


@router.get("/workers/{worker_id:segment}/explain", responses=answers({200: WorkerExplained}))
async def explain_one_worker(desk: DeskHere, worker_id: WorkerInPath) -> JSONResponse:
    """Explain why a worker does what it does, and why it took what it took last."""
    return JSONResponse(worker_explained(await desk.read(partial(explain_worker, worker_id=worker_id, rule=desk.rule))))
