"""Workers, and the life of those that speak protocol 1."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.responses import JSONResponse, Response

from qgjob.core.words import WorkerId
from qgjob.server.bodies import CURL_DEFAULT, JSON, JsonBody
from qgjob.server.openapi import answers
from qgjob.server.posting import PostHere
from qgjob.server.routes.parameters import Cursor, DeskHere, PageSize, WorkerInPath
from qgjob.server.shapes.jobs import job_shown
from qgjob.server.shapes.workers import worker_shown
from qgjob.service import ask
from qgjob.service.drain import drain, resume
from qgjob.service.fleet import register_worker
from qgjob.service.protocol1 import Beat, heartbeat
from qgjob.wire.apps import WorkerBody, WorkerPage, WorkerRegistered, WorkerShown
from qgjob.wire.jobs import HeartbeatAnswer

router = APIRouter()

# First-generation scripts register with `curl -d` and no header, which says "a form" and sends JSON.
_worker_body = JsonBody(WorkerBody, content_types=frozenset({JSON, CURL_DEFAULT}))


@router.post("/workers", status_code=201, responses=answers({201: WorkerRegistered}))
async def register(post: PostHere, body: Annotated[WorkerBody, Depends(_worker_body)]) -> Response:
    """Register a protocol-1 worker; each registration makes another one."""
    verb = partial(
        register_worker, name=body["name"], targets=frozenset(body["target_types"]), metadata=body.get("metadata", {})
    )
    return await post.decide(verb, _registered, status=201)


@router.get("/workers", responses=answers({200: WorkerPage}))
async def list_workers(desk: DeskHere, limit: PageSize = 500, cursor: Cursor = None) -> JSONResponse:
    """List workers, oldest first."""
    page = await desk.read(partial(ask.workers, limit=limit, cursor=cursor))
    workers = [worker_shown(worker) for worker in page.items]
    return JSONResponse(WorkerPage(count=len(workers), workers=workers, next_cursor=page.next_cursor))


@router.post("/workers/{worker_id:segment}/heartbeat", responses=answers({200: HeartbeatAnswer}))
async def take_heartbeat(post: PostHere, worker_id: WorkerInPath) -> Response:
    """Take a protocol-1 worker's sign of life and answer at once with its job, if there is one."""
    return await post.decide(partial(heartbeat, worker_id=worker_id, rule=post.desk.rule), _heard)


@router.post("/workers/{worker_id:segment}/drain", responses=answers({200: WorkerShown}))
async def drain_worker(post: PostHere, worker_id: WorkerInPath) -> Response:
    """Give a worker no more work; what it has in hand it brings to its end."""
    return await post.decide(partial(drain, worker_id=worker_id), worker_shown)


@router.post("/workers/{worker_id:segment}/resume", responses=answers({200: WorkerShown}))
async def resume_worker(post: PostHere, worker_id: WorkerInPath) -> Response:
    """Let a worker have work again that drains or is in quarantine."""
    return await post.decide(partial(resume, worker_id=worker_id), worker_shown)


def _registered(worker_id: WorkerId) -> WorkerRegistered:
    return WorkerRegistered(worker_id=worker_id, message="Worker registered successfully")


def _heard(beat: Beat) -> HeartbeatAnswer:
    answer = HeartbeatAnswer(status="ok")
    if beat.next_job is not None:
        answer["next_job"] = job_shown(beat.next_job)
    if beat.cancel:
        answer["cancel"] = list(beat.cancel)
    return answer
