"""Leaving off: a deed ends by itself, or is ended when somebody says stop, and never goes on unseen."""

import asyncio

import pytest

from qgjob.agent.stopping import Stopped, unless

pytestmark = pytest.mark.anyio


async def test_what_ends_in_time_gives_its_result() -> None:
    async def deed() -> int:
        return 42

    assert await unless(asyncio.Event(), deed()) == 42


async def test_what_fails_raises_its_error() -> None:
    async def deed() -> None:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        await unless(asyncio.Event(), deed())


async def test_what_is_stopped_has_cleaned_up_when_stopped_is_raised() -> None:
    stop, steps = asyncio.Event(), list[str]()

    async def deed() -> None:
        stop.set()
        try:
            await asyncio.Event().wait()
        finally:
            steps.append("cleaned up")

    with pytest.raises(Stopped):
        await unless(stop, deed())
    assert steps == ["cleaned up"]
