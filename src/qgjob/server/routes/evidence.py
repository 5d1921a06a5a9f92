"""Evidence: files that attempts left behind."""

import asyncio
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse

from qgjob.core.words import AgentId, JobId, Sha256
from qgjob.server.files import file_response
from qgjob.server.openapi import UPLOAD, answers, answers_file
from qgjob.server.routes.parameters import DeskHere, FileNameInPath, IdInPath, NumberInPath, Sha256InQuery
from qgjob.server.shapes.attempts import evidence_shown
from qgjob.server.uploads import MOST_EVIDENCE_BYTES, receive
from qgjob.service import evidence
from qgjob.wire.jobs import EvidenceShown

router = APIRouter()

_FILE = "/jobs/{job_id:segment}/attempts/{attempt:segment}/evidence/{name:segment}"
IdGiven = Annotated[str, Query(min_length=1, max_length=200)]


@router.put(_FILE, responses=answers({200: EvidenceShown}), openapi_extra=UPLOAD)
async def upload_evidence(
    request: Request,
    desk: DeskHere,
    *,
    job_id: IdInPath,
    attempt: NumberInPath,
    name: FileNameInPath,
    sha256: Sha256InQuery,
    kind: IdGiven,
    agent_id: IdGiven,
) -> JSONResponse:
    """Store a file with the attempt that left it."""
    of_attempt = partial(evidence.admit, job_id=JobId(job_id), attempt=attempt, agent_id=AgentId(agent_id))
    await desk.read(of_attempt)
    with desk.blobs.writer(most_bytes=MOST_EVIDENCE_BYTES) as writer:
        await receive(request, writer, most_bytes=MOST_EVIDENCE_BYTES)
        blob = await asyncio.to_thread(writer.commit, Sha256(sha256))
    verb = partial(
        evidence.register,
        job_id=JobId(job_id),
        attempt=attempt,
        agent_id=AgentId(agent_id),
        name=name,
        kind=kind,
        sha256=blob.sha256,
        size_bytes=blob.size_bytes,
    )
    return JSONResponse(evidence_shown(await desk.write(verb)))


@router.get(_FILE, responses=answers_file())
async def download_evidence(
    desk: DeskHere, job_id: IdInPath, attempt: NumberInPath, name: FileNameInPath
) -> FileResponse:
    """Hand out a stored file."""
    found = await desk.read(partial(evidence.find, job_id=JobId(job_id), attempt=attempt, name=name))
    return file_response(desk.blobs.path(found.sha256), sha256=found.sha256, name=found.name)
