"""Bundles: packed projects taken in and handed out, by the hash of their bytes."""

import asyncio
from functools import partial

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse

from qgjob.server.files import file_response
from qgjob.server.openapi import UPLOAD, answers, answers_file
from qgjob.server.routes.parameters import DeskHere, OrgInPath, Sha256InPath
from qgjob.server.shapes.apps import bundle_shown
from qgjob.server.uploads import MOST_BUNDLE_BYTES, receive
from qgjob.service import apps
from qgjob.service.bundles import list_bundle
from qgjob.wire.apps import BundleShown

router = APIRouter()

_BUNDLE = "/bundles/{org_id:segment}/{sha256:segment}"


@router.put(_BUNDLE, status_code=201, responses=answers({200: BundleShown, 201: BundleShown}), openapi_extra=UPLOAD)
async def upload_bundle(request: Request, desk: DeskHere, org_id: OrgInPath, sha256: Sha256InPath) -> JSONResponse:
    """Take in a zip whose bytes hash to the address: 201 when it is new, 200 when it is known."""
    with desk.blobs.writer(most_bytes=MOST_BUNDLE_BYTES) as writer:
        await receive(request, writer, most_bytes=MOST_BUNDLE_BYTES)
        files = await asyncio.to_thread(list_bundle, writer.path)
        blob = await asyncio.to_thread(writer.commit, sha256)
    verb = partial(apps.register_bundle, org_id=org_id, sha256=blob.sha256, size_bytes=blob.size_bytes, files=files)
    bundle, created = await desk.write(verb)
    return JSONResponse(bundle_shown(bundle), status_code=201 if created else 200)


@router.get(f"{_BUNDLE}/files", responses=answers({200: BundleShown}))
async def show_bundle(desk: DeskHere, org_id: OrgInPath, sha256: Sha256InPath) -> JSONResponse:
    """Show what is known of a bundle."""
    question = partial(apps.bundle, org_id=org_id, sha256=sha256)
    return JSONResponse(bundle_shown(await desk.read(question)))


@router.get(_BUNDLE, responses=answers_file())
async def download_bundle(desk: DeskHere, org_id: OrgInPath, sha256: Sha256InPath) -> FileResponse:
    """Hand out the zip."""
    bundle = await desk.read(partial(apps.bundle, org_id=org_id, sha256=sha256))
    return file_response(desk.blobs.path(bundle.sha256), sha256=bundle.sha256, name=f"{bundle.sha256[:12]}.zip")
