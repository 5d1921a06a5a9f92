"""The way of requests that come in crowds: past the framework's own, from the bytes straight to the endpoint.

An endpoint is declared, documented and tested like every other; the framework finds its route and solves what it
depends on in half a millisecond, which is most of what such a request costs. What an endpoint here takes is known
beforehand: a POST under way and its JSON body, and nothing from the address.
"""

from collections.abc import Awaitable, Callable, Iterator, Mapping
from functools import partial
from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute, iter_route_contexts
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from qgjob.core.errors import QgjobError
from qgjob.server.bodies import JsonBody
from qgjob.server.posting import posting_of, take_posting
from qgjob.server.problems import problem_response

_Endpoint = Callable[[Request], Awaitable[Response]]


class Shortcut:
    """Answers such requests, and passes on all others."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._endpoints: Mapping[str, _Endpoint] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or pass on."""
        endpoint = self._find(scope) if scope["type"] == "http" and scope["method"] == "POST" else None
        if endpoint is None:
            await self._app(scope, receive, send)
            return
        try:
            response = await endpoint(Request(scope, receive))
        except QgjobError as error:
            response = problem_response(error)
        await response(scope, receive, send)

    def _find(self, scope: Scope) -> _Endpoint | None:
        if self._endpoints is None:
            self._endpoints = dict(_endpoints(scope["app"]))
        return self._endpoints.get(scope["path"])


def _endpoints(app: FastAPI) -> Iterator[tuple[str, _Endpoint]]:
    for context in iter_route_contexts(app.routes):
        route = context.original_route
        if isinstance(route, APIRoute) and context.methods == {"POST"}:
            calls = {dependency.name: dependency.call for dependency in route.dependant.dependencies}
            body = calls.pop("body", None)
            if isinstance(body, JsonBody) and calls == {"post": take_posting} and not route.dependant.path_params:
                yield route.path, partial(_answer, route.endpoint, body)


async def _answer(endpoint: Callable[..., Awaitable[Response]], json_body: JsonBody[Any], request: Request) -> Response:
    body = await json_body(request)
    return await endpoint(post=posting_of(request), body=body)
