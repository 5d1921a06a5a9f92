"""Several servers over one PostgreSQL: what one of them is told, each of them knows."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import httpx2
import pytest

from local_postgres import LocalPostgres, a_postgres, pick
from qgjob.server.run import serving
from qgjob.server.settings import read_settings
from tests.databases import databases_of
from tests.server.farm import (
    SHOP_1_0_0,
    a_job,
    a_registered_agent,
    an_uploaded_app,
    an_uploaded_bundle,
    get,
    sha256_of,
    submitted,
)

pytestmark = [pytest.mark.anyio, pytest.mark.exam]

Replicas = tuple[httpx2.AsyncClient, httpx2.AsyncClient]
SOON_S = 5
PATIENCE_S = 60


async def a_replica(stack: AsyncExitStack, data_dir: Path, url: str) -> httpx2.AsyncClient:
    settings = read_settings(host="127.0.0.1", port=0, data_dir=data_dir, database_url=url, environ={})
    address = await stack.enter_async_context(serving(settings))
    return await stack.enter_async_context(httpx2.AsyncClient(base_url=address, timeout=PATIENCE_S, trust_env=False))


@pytest.fixture
async def replicas(postgres: LocalPostgres, tmp_path: Path) -> AsyncIterator[Replicas]:
    with databases_of(postgres)() as url:
        assert isinstance(url, str)
        async with AsyncExitStack() as stack:
            yield await a_replica(stack, tmp_path, url), await a_replica(stack, tmp_path, url)


async def test_a_claim_held_by_one_is_answered_as_soon_as_another_is_given_work(replicas: Replicas) -> None:
    one, other = replicas
    await an_uploaded_app(one)
    bundle = await an_uploaded_bundle(one)
    worker_id = await a_registered_agent(one)
    body = {"agent_id": "agent-1", "worker_ids": [worker_id], "wait_s": 30}
    claim = asyncio.create_task(one.post("/leases", json=body))
    await asyncio.wait({claim}, timeout=0.3)
    assert not claim.done()
    job_id = await submitted(other, bundle=bundle)
    leases = (await asyncio.wait_for(claim, SOON_S)).json()["leases"]

    assert [job["job_id"] for lease in leases for job in lease["jobs"]] == [job_id]


async def test_facts_held_by_one_are_answered_with_what_another_did(replicas: Replicas) -> None:
    one, other = replicas
    facts = asyncio.create_task(one.get("/facts?wait_s=30"))
    await asyncio.wait({facts}, timeout=0.3)
    assert not facts.done()
    await submitted(other)

    assert [fact["kind"] for fact in (await asyncio.wait_for(facts, SOON_S)).json()["facts"]] == ["run_submitted"]


async def test_what_is_uploaded_to_one_is_handed_out_by_another(replicas: Replicas) -> None:
    one, other = replicas
    await an_uploaded_app(one)
    sha256 = sha256_of(SHOP_1_0_0)

    assert (await other.get(f"/apps/acme/v1.0.0/binaries/{sha256}")).content == SHOP_1_0_0


async def test_one_submission_that_reaches_both_is_one_job(replicas: Replicas) -> None:
    def twice(number: int) -> list[asyncio.Task[httpx2.Response]]:
        body, headers = a_job(test_path=f"tests/{number}.spec.js"), {"Idempotency-Key": f"key-{number}"}
        return [asyncio.create_task(each.post("/jobs", json=body, headers=headers)) for each in replicas]

    pairs = [twice(number) for number in range(30)]
    answers = [[await answer for answer in pair] for pair in pairs]

    assert {answer.status_code for pair in answers for answer in pair} == {201}
    assert all(one.content == other.content for one, other in answers)
    assert (await get(replicas[0], "/stats"))["total_jobs"] == 30


async def test_a_server_that_comes_or_goes_leaves_the_other_at_work(postgres: LocalPostgres, tmp_path: Path) -> None:
    with databases_of(postgres)() as url:
        assert isinstance(url, str)
        async with AsyncExitStack() as stack:
            staying = await a_replica(stack, tmp_path, url)
            before = await submitted(staying)
            async with AsyncExitStack() as short:
                going = await a_replica(short, tmp_path, url)
                meanwhile = await submitted(going)
            after = await submitted(staying)
            jobs = (await get(staying, "/jobs"))["jobs"]

    assert [job["job_id"] for job in jobs] == [before, meanwhile, after]


@pytest.mark.journey
async def test_a_database_that_goes_away_is_named_and_costs_no_job(tmp_path: Path) -> None:
    with a_postgres(pick(), fsync=False) as server:
        url = server.create_database()
        async with AsyncExitStack() as stack:
            replica = await a_replica(stack, tmp_path, url)
            before = await submitted(replica)
            server.stop()
            waiting = asyncio.create_task(replica.post("/jobs", json=a_job()))
            health = await replica.get("/health")
            await asyncio.to_thread(server.start)
            meanwhile = await waiting
            after = await submitted(replica)
            jobs = [job["job_id"] for job in (await get(replica, "/jobs"))["jobs"]]
            healthy = await replica.get("/health")

    assert health.status_code == 503
    assert health.json()["error"].startswith("The store cannot write: ")
    assert healthy.status_code == 200
    if meanwhile.status_code == 201:
        assert jobs == [before, meanwhile.json()["job_id"], after]
    else:
        assert (meanwhile.status_code, "Retry-After" in meanwhile.headers) == (503, True)
        assert jobs == [before, after]
