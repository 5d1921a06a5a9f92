"""Is the server well."""

from datetime import UTC, datetime

from fastapi import APIRouter
from starlette.responses import JSONResponse

from qgjob import __version__
from qgjob.core.errors import Unavailable
from qgjob.server.health import failing_part
from qgjob.server.openapi import answers
from qgjob.server.problems import MEDIA_TYPE, problem_body
from qgjob.server.routes.parameters import DeskHere
from qgjob.server.shapes.times import shown
from qgjob.wire.apps import HealthShown

router = APIRouter()


@router.get("/health", responses=answers({200: HealthShown}))
async def show_health(desk: DeskHere) -> JSONResponse:
    """Say whether the server can do its work, or name the part that cannot."""
    health = HealthShown(status="healthy", timestamp=shown(datetime.now(UTC)), version=__version__)
    failing = await failing_part(desk)
    if failing is None:
        return JSONResponse(health)
    body = {**problem_body(Unavailable(failing)), **health, "status": "unhealthy"}
    return JSONResponse(body, status_code=503, media_type=MEDIA_TYPE)
