"""Long-polls over a real socket: answered when something happens, at once when nobody waits or the server stops."""

import asyncio
import statistics
import time

import httpx2
import pytest

from qgjob.server.run import serving
from qgjob.server.settings import Settings
from tests.server.farm import (
    a_registered_agent,
    an_uploaded_app,
    an_uploaded_bundle,
    get,
    post,
    submitted,
)

pytestmark = pytest.mark.anyio

PATIENCE_S = 30
SOON_S = 5


async def held(request: "asyncio.Task[httpx2.Response]") -> None:
    """Make sure that the server holds this request: it must still be open after another one came and went."""
    await asyncio.sleep(0)
    done, _ = await asyncio.wait({request}, timeout=0.2)
    assert not done


def claiming(live: httpx2.AsyncClient, worker_id: str) -> "asyncio.Task[httpx2.Response]":
    body = {"agent_id": "agent-1", "worker_ids": [worker_id], "wait_s": PATIENCE_S}
    return asyncio.create_task(live.post("/leases", json=body))


async def test_a_held_claim_is_answered_as_soon_as_work_fits(live: httpx2.AsyncClient) -> None:
    await an_uploaded_app(live)
    bundle = await an_uploaded_bundle(live)
    worker_id = await a_registered_agent(live)
    claim = claiming(live, worker_id)
    await held(claim)

    job_id = await submitted(live, bundle=bundle)
    leases = (await asyncio.wait_for(claim, SOON_S)).json()["leases"]

    assert [job["job_id"] for lease in leases for job in lease["jobs"]] == [job_id]


async def test_a_claim_that_fits_nothing_is_answered_empty_when_its_time_is_up(live: httpx2.AsyncClient) -> None:
    worker_id = await a_registered_agent(live)
    began = time.monotonic()
    answer = await post(live, "/leases", {"agent_id": "agent-1", "worker_ids": [worker_id], "wait_s": 0.3})

    assert answer == {"leases": []}
    assert 0.3 <= time.monotonic() - began < SOON_S


async def test_work_is_not_given_to_a_claim_that_nobody_waits_for(live: httpx2.AsyncClient) -> None:
    await an_uploaded_app(live)
    bundle = await an_uploaded_bundle(live)
    worker_id = await a_registered_agent(live)
    abandoned = claiming(live, worker_id)
    await held(abandoned)
    abandoned.cancel()
    await asyncio.wait({abandoned})

    job_id = await submitted(live, bundle=bundle)
    await get(live, "/health")

    assert (await get(live, f"/jobs/{job_id}"))["status"] == "pending"


async def test_held_facts_are_answered_with_the_next_one(live: httpx2.AsyncClient) -> None:
    facts = asyncio.create_task(live.get(f"/facts?wait_s={PATIENCE_S}"))
    await held(facts)

    job_id = await submitted(live)
    answer = (await asyncio.wait_for(facts, SOON_S)).json()

    assert [fact["kind"] for fact in answer["facts"]] == ["run_submitted"]
    assert (await get(live, f"/jobs/{job_id}"))["status"] == "pending"


async def test_who_waits_for_a_run_is_answered_when_its_last_job_ends(live: httpx2.AsyncClient) -> None:
    body = {"org_id": "acme", "app_version_id": "v1", "jobs": [{"test_path": "a.spec.js"}, {"test_path": "b.spec.js"}]}
    run = await post(live, "/runs", body)
    waiting = asyncio.create_task(live.get(f"/runs/{run['run_id']}?wait={PATIENCE_S}"))
    await held(waiting)
    await post(live, f"/jobs/{run['job_ids'][0]}/cancel")
    await held(waiting)
    await post(live, f"/jobs/{run['job_ids'][1]}/cancel")

    assert (await asyncio.wait_for(waiting, SOON_S)).json()["jobs"] == {"cancelled": 2}


async def test_a_run_that_is_not_over_in_time_is_shown_as_it_stands(live: httpx2.AsyncClient) -> None:
    job_id = await submitted(live)
    run_id = (await get(live, f"/jobs/{job_id}"))["run_id"]
    began = time.monotonic()

    assert (await get(live, f"/runs/{run_id}?wait=0.3"))["status"] == "pending"
    assert 0.3 <= time.monotonic() - began < SOON_S


async def test_a_stop_answers_what_is_held_and_ends_within_three_seconds(settings: Settings) -> None:
    async with httpx2.AsyncClient(timeout=40, trust_env=False) as client:
        async with serving(settings) as url:
            facts = asyncio.create_task(client.get(f"{url}/facts?wait_s={PATIENCE_S}"))
            await held(facts)
            began = time.monotonic()
        stopped_after_s = time.monotonic() - began

        assert (await facts).json() == {"count": 0, "facts": [], "next_after": 0}
        assert stopped_after_s < 3


async def test_an_answer_is_not_held_back_for_its_second_packet(live: httpx2.AsyncClient) -> None:
    seconds = []
    for _ in range(21):
        began = time.monotonic()
        await live.get("/nowhere")
        seconds.append(time.monotonic() - began)

    assert statistics.median(seconds) < 0.035  # Nagle's algorithm and a delayed acknowledgement make 0.040 of it
