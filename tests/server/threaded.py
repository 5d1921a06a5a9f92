"""A real server on a port of loopback, beside the test: for callers that are not asynchronous."""

import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager

from qgjob.server.run import serving
from qgjob.server.settings import Settings


@contextmanager
def a_server_beside(settings: Settings) -> Iterator[str]:
    """Serve in a thread while the block lasts; gives the URL."""
    listening: Future[str] = Future()
    enough = threading.Event()

    async def run() -> None:
        try:
            async with serving(settings) as url:
                listening.set_result(url)
                await asyncio.to_thread(enough.wait)
        except BaseException as error:
            if listening.done():
                raise
            listening.set_exception(error)

    thread = threading.Thread(target=asyncio.run, args=(run(),))
    thread.start()
    try:
        yield listening.result(timeout=30)
    finally:
        enough.set()
        thread.join()
