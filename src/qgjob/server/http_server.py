"""HTTP on sockets that it is given: uvicorn within bounds, and a stop under which no request that came is lost."""

import asyncio
import resource
import socket
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager

import uvicorn
from fastapi import FastAPI

from qgjob.server.connection import Connection
from qgjob.server.desk import desk_of

MOST_CONNECTIONS = 10_000
_FILES_FOR_ELSE = 256
"""Open files beside connections: the database, uploads, downloads."""
_TICKS_BETWEEN_LOOKS = 20
"""Uvicorn ticks ten times a second."""
_KEEP_ALIVE_S = 75
"""Longer than any client keeps an idle connection, so that it is never closed under a request on its way."""
_FAREWELL_S = 0.2
"""How long a server that stops still takes requests, each as the last of its connection."""
_TICK_S = 0.05
_NEWCOMERS_S = 5.0
"""How long connections that were made in the last moment have to say what they were made for, within the grace."""


class Serving:
    """A server at work. `ended` is done when it ends by itself."""

    def __init__(self, server: uvicorn.Server, ended: asyncio.Task[None]) -> None:
        self._server = server
        self.ended = ended

    def hurry(self) -> None:
        """Give what is under way no more time, now or at the end."""
        self._server.force_exit = True


@asynccontextmanager
async def serving_on(app: FastAPI, sockets: Sequence[socket.socket], *, grace_s: float) -> AsyncIterator[Serving]:
    """Serve a started application while the block lasts.

    At the end what is held open is answered at once, connections are closed after their next answer, and requests
    under way have `grace_s` to come to their end. The sockets are closed then.
    """
    server = _Uvicorn(_configuration(app, grace_s=grace_s))
    running = asyncio.create_task(server.serve(sockets=list(sockets)))
    started = asyncio.create_task(server.listening.wait())
    await asyncio.wait({running, started}, return_when=asyncio.FIRST_COMPLETED)
    started.cancel()
    try:
        if running.done():
            running.result()  # raises what kept it from starting
        yield Serving(server, running)
    finally:
        desk_of(app).wakes.close()
        server.should_exit = True
        await running


class _Uvicorn(uvicorn.Server):
    """Uvicorn that says when it listens, leaves signals to us, and takes its leave of clients before it stops."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listening = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.listening.set()

    async def on_tick(self, counter: int) -> bool:
        if counter % _TICKS_BETWEEN_LOOKS == 0:
            now_s = time.monotonic()
            for connection in self._connections():
                connection.look(now_s)
        return await super().on_tick(counter)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self.server_state.default_headers.append((b"connection", b"close"))
        await asyncio.sleep(_FAREWELL_S)
        for server in self.servers:
            server.close()
        await self._hear_newcomers()
        await super().shutdown(sockets)

    async def _hear_newcomers(self) -> None:
        """Wait for the requests of connections that have asked nothing yet: they would be reset instead of answered."""
        await asyncio.sleep(_TICK_S)
        give_up_s = time.monotonic() + min(_NEWCOMERS_S, (self.config.timeout_graceful_shutdown or 0) / 2)
        while any(connection.is_new for connection in self._connections()) and not self.force_exit:
            if time.monotonic() > give_up_s:
                return
            await asyncio.sleep(_TICK_S)

    def _connections(self) -> list[Connection]:
        return [each for each in self.server_state.connections if isinstance(each, Connection)]

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def most_connections() -> int:
    """Have the system let us open as many files as it may, and return how many connections that leaves."""
    allowed, at_most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_CONNECTIONS + _FILES_FOR_ELSE
    if at_most != resource.RLIM_INFINITY:
        wanted = min(wanted, at_most)
    if allowed != resource.RLIM_INFINITY and allowed < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, at_most))
        allowed = wanted
    return min(MOST_CONNECTIONS, allowed - _FILES_FOR_ELSE) if allowed != resource.RLIM_INFINITY else MOST_CONNECTIONS


def _configuration(app: FastAPI, *, grace_s: float) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        loop="asyncio",
        http=Connection,
        ws="none",
        lifespan="off",  # opened around the server, so that what goes wrong there is raised and not logged
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        limit_concurrency=most_connections(),
        timeout_keep_alive=_KEEP_ALIVE_S,
        timeout_graceful_shutdown=round(grace_s),
    )
