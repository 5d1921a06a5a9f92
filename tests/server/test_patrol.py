"""The beat, over a real store whose clock the test moves."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from qgjob.core.job import JobRequest
from qgjob.core.words import AppVersionId, JobStatus, OrgId, Target
from qgjob.server.desk import Desk, open_desk
from qgjob.server.patrol import patrol
from qgjob.server.settings import Settings
from qgjob.service import ask
from qgjob.service.attend import attend
from qgjob.service.fleet import register_worker
from qgjob.service.protocol1 import heartbeat
from qgjob.service.submit import submit
from qgjob.store import WORK, Transaction

pytestmark = pytest.mark.anyio

JOB = JobRequest(org_id=OrgId("acme"), app_version_id=AppVersionId("v1"), test_path="tests/a.spec.js")


class MovedClock:
    """A clock that a test moves forward."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 23, 8, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@asynccontextmanager
async def on_patrol(desk: Desk) -> AsyncIterator[None]:
    beat = asyncio.create_task(patrol(desk, every_s=0.01))
    try:
        yield
    finally:
        beat.cancel()
        with suppress(asyncio.CancelledError):
            await beat


async def until(question: Callable[[Transaction], bool], desk: Desk) -> None:
    async with asyncio.timeout(10):
        while True:
            touched = desk.wakes.next_touch(WORK)
            if await desk.read(question):
                return
            await touched


async def test_a_lease_past_its_deadline_is_ended_and_its_job_waits_again(settings: Settings) -> None:
    clock = MovedClock()
    async with open_desk(settings, clock=clock) as desk:
        job_id = (await desk.write(partial(submit, requests=[JOB]))).job_ids[0]
        worker_id = await desk.write(partial(register_worker, name="W", targets={Target.EMULATOR}, metadata={}))
        await desk.write(partial(heartbeat, worker_id=worker_id))
        assert (await desk.read(partial(ask.job, job_id=job_id))).status is JobStatus.QUEUED

        for _ in range(30):
            clock.now += timedelta(seconds=10)
            await desk.write(attend)
        clock.now += timedelta(seconds=10)
        async with on_patrol(desk):
            await until(lambda tx: ask.job(tx, job_id=job_id).status is JobStatus.PENDING, desk)


async def test_the_beat_goes_on_after_an_error(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    async with open_desk(settings, clock=MovedClock()) as desk:
        beats = 0
        three_beats = asyncio.Event()

        def broken(_verb: object) -> object:
            nonlocal beats
            beats += 1
            if beats == 3:
                three_beats.set()
            raise RuntimeError("the store is away")

        monkeypatch.setattr(desk.store, "write", broken)
        async with on_patrol(desk):
            await asyncio.wait_for(three_beats.wait(), timeout=10)
        monkeypatch.undo()
