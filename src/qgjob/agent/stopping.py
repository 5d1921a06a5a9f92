"""Leaving off what may take long as soon as somebody says stop."""

import asyncio
from collections.abc import Coroutine
from typing import TypeVar

T = TypeVar("T")


class Stopped(Exception):
    """Somebody said stop before the deed came to an end."""


async def unless(stop: asyncio.Event, deed: Coroutine[object, object, T]) -> T:
    """Return what `deed` returns; cancel it, wait for its end and raise Stopped when `stop` is set before."""
    doing, stopping = asyncio.create_task(deed), asyncio.create_task(stop.wait())
    try:
        await asyncio.wait([doing, stopping], return_when=asyncio.FIRST_COMPLETED)
        if doing.done():
            return doing.result()
    finally:
        doing.cancel()
        stopping.cancel()
        await asyncio.wait([doing, stopping])
    raise Stopped
