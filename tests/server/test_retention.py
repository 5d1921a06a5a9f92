"""What a server lets go of, over a real store whose clock the test moves and a real folder of files."""

import os
import time
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from qgjob.core.words import JobId, Sha256, Target, WorkerId
from qgjob.server import retention
from qgjob.server.desk import Desk, open_desk
from qgjob.server.keep import Keep
from qgjob.server.retention import Gone, let_go
from qgjob.server.settings import Settings
from qgjob.service import ask, protocol1
from qgjob.service.ask import JobFilter
from qgjob.service.fleet import register_worker
from qgjob.service.submit import submit
from tests.server.test_patrol import JOB, MovedClock

pytestmark = pytest.mark.anyio

KEEP = Keep(jobs=timedelta(days=90), evidence=timedelta(days=30))


@pytest.fixture(autouse=True)
def _unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "_REST_FACTOR", 0)


async def a_finished_job(desk: Desk) -> JobId:
    job_id = (await desk.write(partial(submit, requests=[JOB]))).job_ids[0]
    worker_id = await desk.write(partial(register_worker, name="W", targets=[Target.EMULATOR], metadata={}))
    await desk.write(partial(protocol1.heartbeat, worker_id=worker_id))
    change = partial(protocol1.change_job, job_id=job_id, worker_id=WorkerId(worker_id))
    await desk.write(partial(change, status="running"))
    await desk.write(partial(change, status="completed"))
    return job_id


async def leave(desk: Desk, job_id: JobId, content: bytes, *, stored_days_ago: float = 0) -> Sha256:
    """Leave a file behind with a job, as its agent would."""
    blob = desk.blobs.put([content], most_bytes=1000)
    then = time.time() - stored_days_ago * 86400
    os.utime(desk.blobs.path(blob.sha256), (then, then))
    await desk.write(
        lambda tx: tx.execute(
            "insert_evidence",
            job_id=job_id,
            attempt=1,
            name="log",
            kind="log",
            sha256=blob.sha256,
            size_bytes=blob.size_bytes,
            now=tx.now,
        )
    )
    return blob.sha256


async def test_evidence_goes_with_its_file_after_a_month_and_its_job_after_three(settings: Settings) -> None:
    clock = MovedClock()
    async with open_desk(settings, clock=clock) as desk:
        job_id = await a_finished_job(desk)
        file = await leave(desk, job_id, b"log", stored_days_ago=31)
        await let_go(desk, KEEP)
        at_first = desk.blobs.has(file)
        clock.now += timedelta(days=31)
        gone = await let_go(desk, KEEP)
        after_a_month = desk.blobs.has(file), (await desk.read(partial(ask.job, job_id=job_id))).job_id
        clock.now += timedelta(days=60)
        await let_go(desk, KEEP)
        jobs = await desk.read(partial(ask.jobs, filters=JobFilter(), limit=10))

    assert at_first
    assert after_a_month == (False, job_id)
    assert gone == Gone(jobs=0, evidence=1, files=1)
    assert jobs.items == ()


async def test_a_file_that_another_job_left_as_well_stays(settings: Settings) -> None:
    clock = MovedClock()
    async with open_desk(settings, clock=clock) as desk:
        old = await a_finished_job(desk)
        file = await leave(desk, old, b"the same log", stored_days_ago=31)
        clock.now += timedelta(days=31)
        new = await a_finished_job(desk)
        await leave(desk, new, b"the same log", stored_days_ago=31)
        await let_go(desk, KEEP)

        assert desk.blobs.has(file)


async def test_a_file_that_was_stored_a_moment_ago_is_left_until_it_is_registered(settings: Settings) -> None:
    """An agent sends the bytes first and has them registered then; in between nothing refers to them."""
    clock = MovedClock()
    async with open_desk(settings, clock=clock) as desk:
        job_id = await a_finished_job(desk)
        file = await leave(desk, job_id, b"log", stored_days_ago=31)
        clock.now += timedelta(days=31)
        desk.blobs.put([b"log"], most_bytes=1000)
        await let_go(desk, KEEP)
        while_fresh = desk.blobs.has(file)
        os.utime(desk.blobs.path(file), (0, 0))
        await let_go(desk, KEEP)

    assert while_fresh
    assert not desk.blobs.has(file)


async def test_nothing_is_let_go_where_that_is_switched_off(settings: Settings) -> None:
    clock = MovedClock()
    async with open_desk(settings, clock=clock) as desk:
        job_id = await a_finished_job(desk)
        file = await leave(desk, job_id, b"log", stored_days_ago=31)
        clock.now = datetime(2036, 11, 23, tzinfo=UTC)
        await let_go(desk, Keep(jobs=None, evidence=None))

        assert desk.blobs.has(file)
        assert (await desk.read(partial(ask.job, job_id=job_id))).job_id == job_id
