"""Why and when, by plain HTTP."""

from datetime import datetime, timedelta

import httpx2
import pytest

from tests.server.farm import (
    a_lease,
    a_registered_agent,
    an_uploaded_app,
    an_uploaded_bundle,
    get,
    post,
    submitted,
)

pytestmark = pytest.mark.anyio


async def a_waiting_job(api: httpx2.AsyncClient) -> str:
    """Submit two jobs, of which the farm's only worker has the first."""
    await an_uploaded_app(api)
    bundle = await an_uploaded_bundle(api)
    await submitted(api, bundle=bundle)
    await a_lease(api, await a_registered_agent(api))
    return await submitted(api, bundle=bundle, test_path="tests/checkout.spec.js")


def is_about(at: str, seconds: float) -> bool:
    """Whether a time is so far from now; a minute is what a busy machine may need to get here."""
    ahead = datetime.fromisoformat(at) - datetime.now().astimezone()
    return timedelta(seconds=seconds - 60) < ahead <= timedelta(seconds=seconds)


async def test_a_waiting_job_says_why_and_when(api: httpx2.AsyncClient) -> None:
    job = await get(api, f"/jobs/{await a_waiting_job(api)}")
    waiting, eta = job["waiting"], job["eta"]

    assert is_about(waiting.pop("until_at"), 120)
    assert waiting.pop("sentence").startswith(
        "Nothing is before it, but all workers that could run it are busy, for about "
    )
    assert waiting == {"kind": "in_line", "jobs": 0, "groups": 0, "jobs_of_groups": 0, "at_least": False}
    assert is_about(eta["start_about_at"], 120)
    assert is_about(eta["done_about_at"], 180)
    assert eta["not_before_at"] is None


async def test_who_asks_only_for_the_status_does_not_wait_for_a_forecast(api: httpx2.AsyncClient) -> None:
    job_id = await a_waiting_job(api)
    job = await get(api, f"/jobs/{job_id}?prospect=false")

    assert (job["status"], job["waiting"], job["eta"]) == ("pending", None, None)
    assert "waiting" not in (await get(api, "/jobs"))["jobs"][0]


async def test_a_job_that_nobody_can_serve_says_which_part_fails(api: httpx2.AsyncClient) -> None:
    job = await get(api, f"/jobs/{await submitted(api)}")

    assert job["waiting"] == {
        "kind": "nobody",
        "sentence": "No worker has target emulator.",
        "reason": "target",
        "until_at": None,
    }
    assert job["eta"] == {"start_about_at": None, "done_about_at": None, "not_before_at": None}


async def test_a_final_job_has_nothing_ahead(api: httpx2.AsyncClient) -> None:
    job_id = await submitted(api)
    await post(api, f"/jobs/{job_id}/cancel")
    job = await get(api, f"/jobs/{job_id}")

    assert (job["waiting"], job["eta"]) == (None, None)


async def test_a_run_says_when_its_last_job_is_done(api: httpx2.AsyncClient) -> None:
    run_id = (await get(api, f"/jobs/{await a_waiting_job(api)}"))["run_id"]
    run = await get(api, f"/runs/{run_id}")

    assert is_about(run["eta"]["done_about_at"], 180)
    assert (await get(api, f"/runs/{run_id}?prospect=false"))["eta"] is None


async def test_a_job_is_explained_with_all_that_was_decided_about_it(api: httpx2.AsyncClient) -> None:
    await a_waiting_job(api)
    first = (await get(api, "/jobs"))["jobs"][0]
    explained = await get(api, f"/jobs/{first['job_id']}/explain")
    (decision,) = explained["decisions"]

    assert (explained["job_id"], explained["status"], explained["waiting"]) == (first["job_id"], "queued", None)
    assert is_about(explained["eta"]["done_about_at"], 120)
    assert (decision["attempt"], decision["worker_name"], decision["job_ids"]) == (
        1,
        "host-1/emulator-5554",
        [first["job_id"]],
    )
    assert decision["reason"] == "no worker served this group, and it was the first in line"
    assert decision["choice"] == {"because": "unserved", "install_s": 60.0, "saves_s": None}
    assert decision["ended_at"] is None


async def test_a_worker_is_explained_with_what_it_took_last(api: httpx2.AsyncClient) -> None:
    await a_waiting_job(api)
    worker = (await get(api, "/workers"))["workers"][0]
    explained = await get(api, f"/workers/{worker['worker_id']}/explain")

    assert explained["occupation"] == {
        "kind": "working",
        "sentence": "It was given 1 job for v1.0.0: no worker served this group, and it was the first in line.",
        "app_version_id": "v1.0.0",
        "jobs": 1,
    }
    assert (explained["status"], explained["last"]["app_version_id"]) == ("busy", "v1.0.0")


async def test_what_is_not_there_is_not_explained(api: httpx2.AsyncClient) -> None:
    assert (await api.get("/jobs/nobody/explain")).status_code == 404
    assert (await api.get("/workers/nobody/explain")).status_code == 404
