"""Runs the server until SIGTERM or Ctrl-C: it listens, says where, and ends within 3 seconds of being told to."""

import asyncio
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from qgjob.server.app import create_app
from qgjob.server.http_server import serving_on
from qgjob.server.listener import address_file, listening_socket, url_of
from qgjob.server.logs import set_up_logs
from qgjob.server.settings import Settings

_GRACE_S = 2.0
"""For answers and transfers under way when the server is told to stop."""


def serve(settings: Settings, *, on_listening: Callable[[str], None], verbose: bool = False) -> None:
    """Serve until told to stop by SIGTERM or SIGINT, then return.

    `on_listening` is called once with the server's URL (port 0 has become a real one by then). Raises what `serving`
    raises.
    """
    set_up_logs(verbose=verbose)
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
        async with app.router.lifespan_context(app), serving_on(app, [listener], grace_s=_GRACE_S):
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
