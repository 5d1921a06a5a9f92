"""Runs the server until SIGTERM or Ctrl-C: it listens, says where, and ends within 3 seconds of being told to."""

import asyncio
import signal
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager

import structlog
import uvicorn
from fastapi import FastAPI

from qgjob.server.app import create_app
from qgjob.server.desk import desk_of
from qgjob.server.listener import address_file, listening_socket, url_of
from qgjob.server.logs import set_up_logs
from qgjob.server.settings import Access, Settings

log = structlog.stdlib.get_logger("qgjob.server")

_MOST_CONNECTIONS = 1000
_KEEP_ALIVE_S = 75
"""Longer than any client keeps an idle connection, so that it is never closed under a request on its way."""
_GRACE_S = 2
"""For answers and transfers under way when the server is told to stop."""


def serve(settings: Settings, *, on_listening: Callable[[str], None], verbose: bool = False) -> None:
    """Serve until told to stop by SIGTERM or SIGINT, then return.

    `on_listening` is called once with the server's URL (port 0 has become a real one by then). Raises what `serving`
    raises.
    """
    set_up_logs(verbose=verbose)
    if settings.access is Access.NONE:
        log.warning("access_control_is_off", host=settings.host, because="QGJOB_ACCESS=none")
    asyncio.run(_serve_until_told(settings, on_listening))


@asynccontextmanager
async def serving(settings: Settings) -> AsyncIterator[str]:
    """Serve while the block lasts; gives the server's URL, which is also in `server.json` in the data folder.

    At the end what is held open is answered at once and transfers have 2 seconds. Raises ConfigurationError when it
    cannot listen there, and what opening the store raises.
    """
    app = create_app(settings)
    with listening_socket(settings) as listener:
        url = url_of(settings.host, listener.getsockname()[1])
        async with app.router.lifespan_context(app), _running(app, listener):
            with address_file(settings.data_dir / "server.json", url):
                yield url


async def _serve_until_told(settings: Settings, on_listening: Callable[[str], None]) -> None:
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, told.set)
    async with serving(settings) as url:
        on_listening(url)
        await told.wait()


@asynccontextmanager
async def _running(app: FastAPI, listener: socket.socket) -> AsyncIterator[None]:
    server = _Uvicorn(_configuration(app))
    running = asyncio.create_task(server.serve(sockets=[listener]))
    started = asyncio.create_task(server.listening.wait())
    await asyncio.wait({running, started}, return_when=asyncio.FIRST_COMPLETED)
    started.cancel()
    try:
        if running.done():
            running.result()  # raises what kept it from starting
        yield
    finally:
        desk_of(app).wakes.close()
        server.should_exit = True
        await running


class _Uvicorn(uvicorn.Server):
    """Uvicorn that says when it listens, and leaves signals to us."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listening = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.listening.set()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def _configuration(app: FastAPI) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        loop="asyncio",
        http="h11",
        ws="none",
        lifespan="off",  # opened around the server, so that what goes wrong there is raised and not logged
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        limit_concurrency=_MOST_CONNECTIONS,
        timeout_keep_alive=_KEEP_ALIVE_S,
        timeout_graceful_shutdown=_GRACE_S,
    )
