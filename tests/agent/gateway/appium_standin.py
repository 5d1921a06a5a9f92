"""A small real HTTP server in Appium's place: keeps every request, answers as told, can die in the middle of one."""

import asyncio
import base64
import json
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from aiohttp import web

PICTURE = b"\x89PNG\r\n\x1a\n a picture"


@dataclass(frozen=True, kw_only=True)
class Received:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


Responder = Callable[[Received], Awaitable[web.Response]]


def answer(value: object, *, status: int = 200) -> web.Response:
    return web.json_response({"value": value}, status=status)


def failure(message: str, *, error: str = "unknown error", status: int = 500) -> web.Response:
    return answer({"error": error, "message": message, "stacktrace": "at Driver.run"}, status=status)


class AppiumStandIn:
    """`on[(method, last part of the path)]` overrides an answer; sessions are called s1, s2, …"""

    def __init__(self) -> None:
        self.received: list[Received] = []
        self.on: dict[tuple[str, str], Responder] = {}
        self.port = 0
        self._sessions = 0
        app = web.Application(client_max_size=1 << 28)
        app.router.add_route("*", "/{path:.*}", self._handle)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)

    async def start(self) -> None:
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.port = self._runner.addresses[0][1]

    async def die(self) -> None:
        """Stop listening and hang up on whoever is being answered, as a killed process does."""
        for site in list(self._runner.sites):
            await site.stop()
        if self._runner.server is not None:
            for connection in self._runner.server.connections:
                if connection.transport is not None:
                    connection.transport.abort()

    async def stop(self) -> None:
        with suppress(asyncio.CancelledError):
            await self._runner.cleanup()

    def fails(self, method: str, word: str, message: str) -> None:
        """From now on fail what ends in this word."""

        async def fail(_received: Received) -> web.Response:
            return failure(message)

        self.on[method, word] = fail

    def requests(self, method: str, path: str) -> list[Received]:
        return [each for each in self.received if (each.method, each.path) == (method, path)]

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        received = Received(
            method=request.method,
            path=request.raw_path,
            headers={name.lower(): value for name, value in request.headers.items()},
            body=await request.read(),
        )
        self.received.append(received)
        responder = self.on.get((request.method, request.path.rpartition("/")[2]))
        if responder is not None:
            return await responder(received)
        return self._plain(received)

    def _plain(self, received: Received) -> web.Response:
        if (received.method, received.path) == ("POST", "/session"):
            self._sessions += 1
            return answer({"sessionId": f"s{self._sessions}", "capabilities": {}})
        if received.path.endswith("/screenshot"):
            return answer(base64.b64encode(PICTURE).decode())
        return answer(None)
