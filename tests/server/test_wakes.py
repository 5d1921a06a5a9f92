import asyncio
import threading

import pytest

from qgjob.server.wakes import Wakes

pytestmark = pytest.mark.anyio


async def test_a_commit_on_another_thread_wakes_who_waits_for_its_topic() -> None:
    wakes = Wakes(asyncio.get_running_loop())
    work, facts = wakes.next_touch("work"), wakes.next_touch("facts")

    threading.Thread(target=wakes.on_commit, args=(frozenset({"work"}),)).start()
    await asyncio.wait_for(work, timeout=5)

    assert not facts.done()


async def test_a_touch_counts_once() -> None:
    wakes = Wakes(asyncio.get_running_loop())
    before = wakes.next_touch("work")
    wakes.on_commit(frozenset({"work"}))
    await asyncio.wait_for(before, timeout=5)

    assert not wakes.next_touch("work").done()


async def test_a_stop_wakes_everybody_and_nobody_waits_afterwards() -> None:
    wakes = Wakes(asyncio.get_running_loop())
    before = wakes.next_touch("work")
    wakes.close()

    assert before.done()
    assert wakes.next_touch("facts").done()
    assert wakes.closed
