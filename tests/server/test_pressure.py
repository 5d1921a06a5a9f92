"""What a server takes on at once is bounded: beyond, callers are told to come again, and nothing grows."""

import asyncio
import json
from collections.abc import AsyncIterator
from concurrent.futures import wait
from threading import Event

import httpx2
import pytest
from fastapi import FastAPI

from qgjob.core.errors import Unavailable
from qgjob.server.pressure import Places, Pressure
from qgjob.store.readers import MOST_WAITING
from tests.server.farm import a_job, a_registered_agent, get, post, submitted

pytestmark = pytest.mark.anyio


@pytest.fixture
def pressure(app: FastAPI) -> Pressure:
    pressure = app.state.pressure
    assert isinstance(pressure, Pressure)
    return pressure


def nothing_is_taken(pressure: Pressure) -> bool:
    return (
        pressure.requests.taken,
        pressure.held.taken,
        pressure.uploads.taken,
        pressure.body_bytes.taken,
    ) == (0, 0, 0, 0)


def refused(response: httpx2.Response) -> bool:
    """Whether the answer is a problem of ours that says when to come again."""
    problem = response.json()
    assert response.headers["Content-Type"] == "application/problem+json"
    assert int(response.headers["Retry-After"]) > 0
    return (response.status_code, problem["code"]) == (503, "unavailable")


def test_places_are_given_out_until_there_are_none() -> None:
    places = Places(3, of="seats taken")
    places.take(2)
    with pytest.raises(Unavailable, match="The server has 3 seats taken already"):
        places.take(2)
    places.take(1)
    places.give_back(3)

    assert places.taken == 0


async def test_a_request_too_many_is_told_to_come_again(api: httpx2.AsyncClient, pressure: Pressure) -> None:
    pressure.requests.most = 0

    assert refused(await api.get("/stats"))
    assert (await api.get("/health")).status_code == 200
    assert nothing_is_taken(pressure)


async def test_a_request_gives_back_its_place_whatever_becomes_of_it(
    api: httpx2.AsyncClient, pressure: Pressure
) -> None:
    pressure.requests.most = 1
    for path in ("/stats", "/nowhere", "/jobs/unknown"):
        await api.get(path)
    await api.post("/jobs", content=b"{", headers={"Content-Type": "application/json"})
    await api.put("/apps/acme/v1", content=b"no app")

    assert await submitted(api)
    assert nothing_is_taken(pressure)


async def test_a_body_that_memory_has_no_room_for_is_refused_as_it_comes(
    api: httpx2.AsyncClient, pressure: Pressure
) -> None:
    async def endless() -> AsyncIterator[bytes]:
        read = 0
        while True:
            read += 1000
            assert read <= 3000, "it reads on"
            yield b" " * 1000

    pressure.body_bytes.most = 2500

    assert refused(await api.post("/jobs", content=endless(), headers={"Content-Type": "application/json"}))
    assert nothing_is_taken(pressure)


async def test_bodies_of_requests_under_way_share_the_memory(api: httpx2.AsyncClient, pressure: Pressure) -> None:
    body = json.dumps(a_job()).encode()
    began, last_byte = asyncio.Event(), asyncio.Event()

    async def slow() -> AsyncIterator[bytes]:
        yield body[:-1]
        began.set()
        await last_byte.wait()
        yield body[-1:]

    pressure.body_bytes.most = len(body)
    headers = {"Content-Type": "application/json"}
    first = asyncio.create_task(api.post("/jobs", content=slow(), headers=headers))
    await asyncio.wait_for(began.wait(), 5)
    assert refused(await api.post("/jobs", content=body, headers=headers))
    last_byte.set()

    assert (await first).status_code == 201
    assert (await api.post("/jobs", content=body, headers=headers)).status_code == 201


async def test_a_question_that_finds_no_place_to_wait_is_answered_at_once(
    api: httpx2.AsyncClient, pressure: Pressure
) -> None:
    worker_id = await a_registered_agent(api)
    pressure.held.most = 0
    claim = {"agent_id": "agent-1", "worker_ids": [worker_id], "wait_s": 30}

    assert refused(await asyncio.wait_for(api.post("/leases", json=claim), 5))
    assert refused(await asyncio.wait_for(api.get("/facts?after=100&wait_s=30"), 5))
    assert await post(api, "/leases", {**claim, "wait_s": 0}) == {"leases": []}
    assert await submitted(api)
    assert (await get(api, "/facts?wait_s=30"))["count"] == 2


async def test_an_upload_too_many_is_told_to_come_again(api: httpx2.AsyncClient, pressure: Pressure) -> None:
    pressure.uploads.most = 0

    assert refused(await api.put("/apps/acme/v1", content=b"an app"))
    assert nothing_is_taken(pressure)


async def test_a_store_whose_queues_are_full_says_so(api: httpx2.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qgjob.store.writer.MOST_QUEUED", 0)

    assert refused(await api.post("/jobs", json=a_job()))


async def test_a_store_with_too_many_questions_says_so(app: FastAPI, api: httpx2.AsyncClient) -> None:
    hold = Event()
    waiting = [app.state.desk.store.read(lambda _: hold.wait(20)) for _ in range(MOST_WAITING)]
    answer = await api.get("/stats")
    hold.set()
    await asyncio.to_thread(wait, waiting)

    assert refused(answer)
    assert (await api.get("/stats")).status_code == 200
