"""Evidence: files that attempts left behind."""

import asyncio
from functools import partial

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse

from qgjob.server.files import file_response
from qgjob.server.openapi import UPLOAD, answers, answers_file
from qgjob.server.routes.parameters import (
    AgentInQuery,
    AttemptInPath,
    DeskHere,
    FileNameInPath,
    JobInPath,
    KindInQuery,
    Sha256InQuery,
)
from qgjob.server.shapes.attempts import evidence_shown
from qgjob.server.uploads import MOST_EVIDENCE_BYTES, receive
from qgjob.service import evidence
from qgjob.wire.jobs import EvidenceShown

router = APIRouter()

_FILE = "/jobs/{job_id:segment}/attempts/{attempt:segment}/evidence/{name:segment}"


@router.put(_FILE, responses=answers({200: EvidenceShown}), openapi_extra=UPLOAD)
async def upload_evidence(
    request: Request,
    desk: DeskHere,
    *,
    job_id: JobInPath,
    attempt: AttemptInPath,
    name: FileNameInPath,
    sha256: Sha256InQuery,
    kind: KindInQuery,
    agent_id: AgentInQuery,
) -> JSONResponse:
    """Store a file with the attempt that left it."""
    await desk.read(partial(evidence.admit, job_id=job_id, attempt=attempt, agent_id=agent_id))
    with desk.blobs.writer(most_bytes=MOST_EVIDENCE_BYTES) as writer:
        await receive(request, writer, most_bytes=MOST_EVIDENCE_BYTES)
        blob = await asyncio.to_thread(writer.commit, sha256)
    verb = partial(
        evidence.register,
        job_id=job_id,
        attempt=attempt,
        agent_id=agent_id,
        name=name,
        kind=kind,
        sha256=blob.sha256,
        size_bytes=blob.size_bytes,
    )
    return JSONResponse(evidence_shown(await desk.write(verb)))


@router.get(_FILE, responses=answers_file())
async def download_evidence(
    desk: DeskHere, job_id: JobInPath, attempt: AttemptInPath, name: FileNameInPath
) -> FileResponse:
    """Hand out a stored file."""
    found = await desk.read(partial(evidence.find, job_id=job_id, attempt=attempt, name=name))
    return file_response(desk.blobs.path(found.sha256), sha256=found.sha256, name=found.name)
