"""A question that is asked again whenever its answer may have changed, until there is one or the time is up."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import TypeVar

from starlette.requests import ClientDisconnect, Request

from qgjob.server.pressure import share_of
from qgjob.server.wakes import Wakes

T = TypeVar("T")


async def ask_until_answered(
    question: Callable[[], Awaitable[T]], *, wakes: Wakes, topic: str, wait_s: float, request: Request
) -> T:
    """Return the first answer that is something, or the last that is nothing when `wait_s` is over or the server stops.

    Raises Unavailable when it would have to wait and too many wait already, ClientDisconnect when nobody waits for the
    answer any more. The request's body must have been read.
    """
    held = share_of(request).pressure.held
    deadline = asyncio.get_running_loop().time() + wait_s
    gone = asyncio.create_task(_disconnected(request))
    try:
        while True:
            touched = wakes.next_touch(topic)
            answer = await question()
            left_s = deadline - asyncio.get_running_loop().time()
            if answer or left_s <= 0 or wakes.closed:
                return answer
            with held.one():
                await asyncio.wait({touched, gone}, timeout=left_s, return_when=asyncio.FIRST_COMPLETED)
            if gone.done():
                raise ClientDisconnect
    finally:
        gone.cancel()
        with suppress(asyncio.CancelledError):
            await gone


async def _disconnected(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
