"""Asks a server that is away again and again: longer pauses each time, up to a limit, for as long as it takes."""

import asyncio
from collections.abc import Callable, Iterator
from typing import TypeVar

from qgjob.agent.delivery.threads import in_thread
from qgjob.core.errors import Unavailable, Unreachable

FIRST_PAUSE_S = 0.5
LONGEST_PAUSE_S = 10.0

T = TypeVar("T")


def pauses() -> Iterator[float]:
    """Seconds to wait after the first, second, … failed try; never ends."""
    pause_s = FIRST_PAUSE_S
    while True:
        yield pause_s
        pause_s = min(pause_s * 2, LONGEST_PAUSE_S)


async def patiently(call: Callable[[], T], *, say: Callable[[str], None] | None = None) -> T:
    """Return what the server answers to `call`, however long it is away. Raises what it refuses the call with.

    `say` is told once why it takes so long. Whoever must not wait for ever cancels it.
    """
    for pause_s in pauses():
        try:
            return await in_thread(call)
        except (Unreachable, Unavailable) as error:
            if say is not None and pause_s == FIRST_PAUSE_S:
                say(f"{error.message} It is asked again until it answers.")
            await asyncio.sleep(pause_s)
    raise AssertionError("the pauses never end")
