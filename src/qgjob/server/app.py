"""Puts the server together: routes, guards, error answers, and what lives as long as the application does."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from functools import partial
from http import HTTPStatus

import structlog
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.routing import iter_route_contexts
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response

from qgjob import __version__
from qgjob.core.errors import QgjobError
from qgjob.server.access_log import AccessLog
from qgjob.server.desk import open_desk
from qgjob.server.findings import refusal_of
from qgjob.server.guard import Door, Guard
from qgjob.server.head import HeadAsGet
from qgjob.server.openapi import describe
from qgjob.server.patrol import patrol
from qgjob.server.pressure import Pressure, UnderPressure
from qgjob.server.problems import problem_response, routing_response
from qgjob.server.retention import retain
from qgjob.server.routes import (
    agents,
    apps,
    bundles,
    cases,
    estimates,
    evidence,
    explain,
    facts,
    farm,
    health,
    jobs,
    leases,
    ledger,
    orgs,
    runs,
    workers,
)
from qgjob.server.segments import PathAsSent
from qgjob.server.settings import Access, AppSettings
from qgjob.server.shortcut import Shortcut
from qgjob.store import Clock

log = structlog.stdlib.get_logger("qgjob.server")

_RESOURCES = (
    health, jobs, runs, farm, orgs, cases, workers, apps, bundles, agents, leases, evidence, facts, estimates, ledger,
    explain,
)  # fmt: skip


def create_app(settings: AppSettings, *, clock: Clock | None = None) -> FastAPI:
    """Build the application. Its lifespan owns the data: nothing is opened before it starts."""
    pressure = Pressure()
    app = FastAPI(
        title="qgjob",
        version=__version__,
        docs_url=None,  # FastAPI's pages load their scripts from elsewhere
        redoc_url=None,
        redirect_slashes=False,
        telemetry={"auto_configure": False, "tracing": False, "metrics": False, "logs": False},
        lifespan=partial(_lifespan, settings=settings, clock=clock),
        middleware=[
            Middleware(AccessLog),
            Middleware(Guard, door=Door.of(settings)),
            Middleware(UnderPressure, pressure=pressure),
            Middleware(PathAsSent),
            Middleware(HeadAsGet),
            Middleware(Shortcut),
        ],
    )
    app.state.pressure = pressure
    for resource in _RESOURCES:
        app.include_router(resource.router, tags=[resource.__name__.rpartition(".")[2]])
    app.add_exception_handler(QgjobError, _answer_error)
    app.add_exception_handler(RequestValidationError, _answer_findings)
    app.add_exception_handler(HTTPException, _answer_routing)
    app.openapi = partial(describe, app)  # type: ignore[method-assign]  # the way that FastAPI documents
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI, *, settings: AppSettings, clock: Clock | None) -> AsyncIterator[None]:
    if settings.access is Access.NONE:
        log.warning("access_control_is_off", because="QGJOB_ACCESS=none")
    async with open_desk(settings, clock=clock) as desk:
        app.state.desk = desk
        beats = [asyncio.create_task(patrol(desk)), asyncio.create_task(retain(desk, settings.keep))]
        try:
            yield
        finally:
            for beat in beats:
                beat.cancel()
            for beat in beats:
                with suppress(asyncio.CancelledError):
                    await beat


async def _answer_error(_request: Request, error: Exception) -> Response:
    assert isinstance(error, QgjobError)  # noqa: S101  # Starlette's type says Exception; it is called for these alone
    return problem_response(error)


async def _answer_findings(_request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101  # as above
    return problem_response(refusal_of(error.errors()))


async def _answer_routing(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101  # as above
    status = HTTPStatus(error.status_code)
    if status is HTTPStatus.NOT_FOUND:
        return routing_response(status, f"There is nothing at {request.url.path}.", {})
    if status is HTTPStatus.METHOD_NOT_ALLOWED:
        allowed = ", ".join(sorted(_methods_at(request)))
        sentence = f"{request.method} is not possible at {request.url.path}, but {allowed} is."
        return routing_response(status, sentence, {"Allow": allowed})
    return routing_response(status, error.detail, error.headers or {})


def _methods_at(request: Request) -> set[str]:
    """Find the methods of all routes at the path of a request: Starlette names those of the first alone."""
    at_path = (route for route in iter_route_contexts(request.app.routes) if route.path_regex.match(request.url.path))
    methods = {method for route in at_path for method in route.methods or ()}
    return methods | {"HEAD"} if "GET" in methods else methods
