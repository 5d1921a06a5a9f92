"""Runs blocking calls of the client beside the event loop, in threads that nobody has to wait for.

asyncio's own pool is waited for when the program ends, which a long-poll would hold up for half a minute.
"""

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


async def in_thread(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Call `function` in a thread of its own. Cancelled, it goes on there, and what it returns is dropped."""
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[T] = loop.create_future()

    def give(result: T) -> None:
        if not answer.done():
            answer.set_result(result)

    def refuse(error: Exception) -> None:
        if not answer.done():
            answer.set_exception(error)

    def call() -> None:
        with suppress(RuntimeError):  # the loop has ended meanwhile: nobody wants the answer any more
            try:
                result = function(*args, **kwargs)
            except Exception as error:  # noqa: BLE001 - handed on to whoever awaits
                loop.call_soon_threadsafe(refuse, error)
            else:
                loop.call_soon_threadsafe(give, result)

    threading.Thread(target=call, daemon=True).start()
    return await answer
