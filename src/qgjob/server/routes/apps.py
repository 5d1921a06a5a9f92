"""App versions: binaries taken in and handed out."""

import asyncio
from functools import partial
from pathlib import Path

import anyio.to_thread
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse

from qgjob.binary import read_binary
from qgjob.core.app import AppBinary
from qgjob.core.errors import BinaryError
from qgjob.core.words import Platform
from qgjob.server.files import file_response
from qgjob.server.openapi import UPLOAD, answers, answers_file
from qgjob.server.routes.parameters import AppVersionInPath, DeskHere, OrgInPath, Sha256InPath
from qgjob.server.shapes.apps import binary_shown
from qgjob.server.uploads import MOST_APP_BYTES, receive
from qgjob.service import apps
from qgjob.wire.apps import AppVersionShown, BinaryShown

router = APIRouter()

_VERSION = "/apps/{org_id:segment}/{app_version_id:segment}"
_SUFFIXES = {Platform.ANDROID: "apk", Platform.IOS: "ipa"}


@router.put(
    _VERSION,
    status_code=201,
    responses=answers({200: BinaryShown, 201: BinaryShown}),
    openapi_extra=UPLOAD,
)
async def upload_app(
    request: Request, desk: DeskHere, org_id: OrgInPath, app_version_id: AppVersionInPath
) -> JSONResponse:
    """Take in an APK or IPA as a version of an app: 201 when it is new, 200 when these very bytes are known."""
    with desk.blobs.writer(most_bytes=MOST_APP_BYTES) as writer:
        await receive(request, writer, most_bytes=MOST_APP_BYTES)
        binary = await anyio.to_thread.run_sync(_read_app, writer.path, limiter=desk.readings, abandon_on_cancel=True)
        admit = partial(apps.admit_binary, org_id=org_id, app_version_id=app_version_id, binary=binary)
        await desk.read(admit)
        await asyncio.to_thread(writer.commit, binary.sha256)
    register = partial(apps.register_binary, org_id=org_id, app_version_id=app_version_id, binary=binary)
    version, created = await desk.write(register)
    return JSONResponse(binary_shown(version), status_code=201 if created else 200)


def _read_app(path: Path) -> AppBinary:
    """Read an upload; what is wrong with it is said without the name that it has on our disk."""
    try:
        return read_binary(path)
    except BinaryError as error:
        raise BinaryError(error.message.replace(path.name, "The upload")) from error


@router.get(_VERSION, responses=answers({200: AppVersionShown}))
async def show_app(desk: DeskHere, org_id: OrgInPath, app_version_id: AppVersionInPath) -> JSONResponse:
    """Show the binaries of a version."""
    question = partial(apps.binaries, org_id=org_id, app_version_id=app_version_id)
    binaries = [binary_shown(version) for version in await desk.read(question)]
    return JSONResponse(AppVersionShown(org_id=org_id, app_version_id=app_version_id, binaries=binaries))


@router.get(f"{_VERSION}/binaries/{{sha256:segment}}", responses=answers_file())
async def download_app(
    desk: DeskHere, org_id: OrgInPath, app_version_id: AppVersionInPath, sha256: Sha256InPath
) -> FileResponse:
    """Hand out one binary."""
    question = partial(apps.binary, org_id=org_id, app_version_id=app_version_id, sha256=sha256)
    version = await desk.read(question)
    name = f"{version.binary.package}.{_SUFFIXES[version.binary.platform]}"
    return file_response(desk.blobs.path(version.binary.sha256), sha256=version.binary.sha256, name=name)
