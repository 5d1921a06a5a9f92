"""`Idempotency-Key`: a POST that comes again is answered as before and does nothing."""

import asyncio
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI

from qgjob.server.app import create_app
from qgjob.server.settings import Settings
from tests.server.farm import (
    a_job,
    a_registered_agent,
    a_worker,
    an_agent,
    an_uploaded_app,
    an_uploaded_bundle,
    get,
    submitted,
)

pytestmark = pytest.mark.anyio

KEY = "Idempotency-Key"


async def posted(api: httpx2.AsyncClient, path: str, body: object = None, *, key: str = "k1") -> httpx2.Response:
    if body is None:
        return await api.post(path, headers={KEY: key})
    return await api.post(path, json=body, headers={KEY: key})


def replayed(response: httpx2.Response) -> bool:
    return response.headers.get("Idempotency-Replayed") == "true"


async def test_a_job_submitted_twice_under_one_key_is_one_job(api: httpx2.AsyncClient) -> None:
    first = await posted(api, "/jobs", a_job())
    second = await posted(api, "/jobs", a_job())

    assert (first.status_code, second.status_code) == (201, 201)
    assert (first.content, first.headers["Content-Type"]) == (second.content, second.headers["Content-Type"])
    assert (replayed(first), replayed(second)) == (False, True)
    assert (await get(api, "/stats"))["total_jobs"] == 1


async def test_many_at_the_same_time_are_one_job(api: httpx2.AsyncClient) -> None:
    answers = await asyncio.gather(*(posted(api, "/jobs", a_job()) for _ in range(50)))

    assert len({answer.content for answer in answers}) == 1
    assert [replayed(answer) for answer in answers].count(False) == 1
    assert (await get(api, "/stats"))["total_jobs"] == 1


async def test_a_key_stands_for_one_body(api: httpx2.AsyncClient) -> None:
    await posted(api, "/jobs", a_job())
    response = await posted(api, "/jobs", a_job(priority="low"))

    assert (response.status_code, response.json()["code"]) == (422, "key_reused")
    assert response.headers["Content-Type"] == "application/problem+json"
    assert (await get(api, "/stats"))["total_jobs"] == 1


async def test_a_key_stands_for_one_path(api: httpx2.AsyncClient) -> None:
    one, other = await submitted(api), await submitted(api, test_path="tests/other.spec.js")
    await posted(api, f"/jobs/{one}/cancel")
    response = await posted(api, f"/jobs/{other}/cancel")

    assert (response.status_code, response.json()["code"]) == (422, "key_reused")
    assert (await get(api, f"/jobs/{other}"))["status"] == "pending"


async def test_keys_of_two_orgs_never_meet(api: httpx2.AsyncClient) -> None:
    assert (await posted(api, "/jobs", a_job())).status_code == 201
    other = await posted(api, "/jobs", a_job(org_id="other"))

    assert (other.status_code, replayed(other)) == (201, False)


async def test_a_refusal_stays_what_it_is_and_does_not_use_up_the_key(api: httpx2.AsyncClient) -> None:
    unknown = a_job(bundle="b" * 64)
    refusals = [await posted(api, "/jobs", unknown) for _ in range(2)]
    accepted = await posted(api, "/jobs", a_job())

    assert [refusal.status_code for refusal in refusals] == [422, 422]
    assert refusals[0].json() == refusals[1].json()
    assert refusals[0].json()["code"] == "invalid"
    assert (accepted.status_code, replayed(accepted)) == (201, False)


@pytest.mark.parametrize("key", ["", "k" * 256, "caf\u00e9", "tab\tinside"])
async def test_a_key_that_is_none_is_refused(api: httpx2.AsyncClient, key: str) -> None:
    response = await api.post("/jobs", json=a_job(), headers=[(KEY.encode(), key.encode("latin-1"))])

    assert response.status_code == 422
    assert [problem["field"] for problem in response.json()["problems"]] == [KEY]
    assert (await get(api, "/stats"))["total_jobs"] == 0


async def test_the_longest_key_is_a_key(api: httpx2.AsyncClient) -> None:
    assert (await posted(api, "/jobs", a_job(), key="~" * 255)).status_code == 201


async def test_a_worker_registered_twice_under_one_key_is_one_worker(api: httpx2.AsyncClient) -> None:
    body = {"name": "Emulator 1", "target_types": ["emulator"]}
    first, second = [await posted(api, "/workers", body) for _ in range(2)]

    assert (second.json(), replayed(second)) == (first.json(), True)
    assert (await get(api, "/workers"))["count"] == 1


async def test_a_beat_that_comes_again_gets_the_job_that_the_first_got(api: httpx2.AsyncClient) -> None:
    worker_id = await a_worker(api)
    job_id = await submitted(api)
    first = await posted(api, f"/workers/{worker_id}/heartbeat")
    await api.put(f"/jobs/{job_id}", json={"status": "running", "worker_id": worker_id})
    second = await posted(api, f"/workers/{worker_id}/heartbeat")

    assert first.json()["next_job"]["job_id"] == job_id
    assert (second.content, replayed(second)) == (first.content, True)


async def a_farm_with_work(api: httpx2.AsyncClient) -> str:
    await an_uploaded_app(api)
    bundle = await an_uploaded_bundle(api)
    worker_id = await a_registered_agent(api)
    await submitted(api, bundle=bundle)
    return worker_id


def a_claim(worker_id: str, *, wait_s: float = 0) -> dict[str, Any]:
    return {"agent_id": "agent-1", "worker_ids": [worker_id], "wait_s": wait_s}


async def test_a_claim_that_comes_again_gets_the_lease_that_the_first_got(api: httpx2.AsyncClient) -> None:
    worker_id = await a_farm_with_work(api)
    first, second = [await posted(api, "/leases", a_claim(worker_id)) for _ in range(2)]

    assert len(first.json()["leases"]) == 1
    assert (second.content, replayed(second)) == (first.content, True)


async def test_a_claim_that_found_nothing_stays_without_work(api: httpx2.AsyncClient) -> None:
    worker_id = await a_registered_agent(api)
    first = await posted(api, "/leases", a_claim(worker_id))
    await an_uploaded_app(api)
    await submitted(api, bundle=await an_uploaded_bundle(api))
    second = await posted(api, "/leases", a_claim(worker_id))

    assert (first.json(), replayed(first)) == ({"leases": []}, False)
    assert (second.json(), replayed(second)) == ({"leases": []}, True)


async def test_a_held_claim_is_remembered_as_it_was_answered(live: httpx2.AsyncClient) -> None:
    await an_uploaded_app(live)
    bundle = await an_uploaded_bundle(live)
    worker_id = await a_registered_agent(live)
    claim = asyncio.create_task(posted(live, "/leases", a_claim(worker_id, wait_s=30)))
    await asyncio.wait({claim}, timeout=0.2)
    assert not claim.done()
    await submitted(live, bundle=bundle)
    first = await asyncio.wait_for(claim, 5)
    second = await posted(live, "/leases", a_claim(worker_id, wait_s=30))

    assert len(first.json()["leases"]) == 1
    assert (second.content, replayed(second)) == (first.content, True)


async def test_what_is_remembered_outlives_the_server(settings: Settings) -> None:
    answers = []
    for _ in range(2):
        app = create_app(settings)
        transport = httpx2.ASGITransport(app)
        async with (
            app.router.lifespan_context(app),
            httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1:5000") as api,
        ):
            answers.append(await posted(api, "/jobs", a_job()))

    assert answers[0].content == answers[1].content


async def test_the_remaining_posts_come_again_as_well(api: httpx2.AsyncClient) -> None:
    worker_id = await a_farm_with_work(api)
    token = (await posted(api, "/leases", a_claim(worker_id), key="claim")).json()["leases"][0]["token"]
    job_id = await submitted(api, test_path="tests/other.spec.js")
    await posted(api, f"/jobs/{job_id}/cancel", key="cancel")
    posts: dict[str, object] = {
        "/runs": {"org_id": "acme", "app_version_id": "v1", "jobs": [{"test_path": "a.js"}, {"test_path": "b.js"}]},
        "/agents": an_agent(holding=[token]),
        "/leases/renew": {"agent_id": "agent-1", "worker_ids": [worker_id], "tokens": [token]},
        f"/leases/{token}/events": {"agent_id": "agent-1", "events": []},
        f"/jobs/{job_id}/cancel": None,
        f"/jobs/{job_id}/retry": None,
    }
    for path, body in posts.items():
        first, second = [await posted(api, path, body, key=f"key of {path}") for _ in range(2)]
        assert first.is_success, first.text
        assert (second.status_code, second.content, replayed(second)) == (first.status_code, first.content, True), path


async def test_every_post_that_stores_anything_takes_a_key(app: FastAPI) -> None:
    plan = "/runs/plan"  # stores nothing, and is asked again to hear something else
    posts = [methods["post"] for path, methods in app.openapi()["paths"].items() if "post" in methods and path != plan]

    assert posts
    for post in posts:
        assert KEY in [parameter["name"] for parameter in post.get("parameters", [])], post["operationId"]
