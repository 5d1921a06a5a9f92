"""GET /health, /groups, /stats and /facts."""

from datetime import datetime
from importlib import import_module

import httpx2
import pytest
from fastapi import FastAPI

from qgjob import __version__
from qgjob.server.settings import Settings
from tests.server.farm import a_worker, get, submitted

pytestmark = pytest.mark.anyio

STATS_OF_PROTOCOL_1 = {
    "total_jobs",
    "pending_jobs",
    "running_jobs",
    "completed_jobs",
    "failed_jobs",
    "total_groups",
    "total_workers",
    "active_workers",
}


async def test_a_server_that_can_write_is_healthy(api: httpx2.AsyncClient) -> None:
    health = await get(api, "/health")

    assert (health["status"], health["version"]) == ("healthy", __version__)
    assert datetime.fromisoformat(health["timestamp"]).tzinfo is not None


async def test_a_server_that_cannot_write_names_the_part(app: FastAPI, api: httpx2.AsyncClient) -> None:
    app.state.desk.store.close()
    response = await api.get("/health")
    health = response.json()

    assert (response.status_code, response.headers["content-type"]) == (503, "application/problem+json")
    assert (health["status"], health["version"]) == ("unhealthy", __version__)
    assert health["error"].startswith("The store cannot write: ")


async def test_a_server_without_room_for_files_names_the_part(api: httpx2.AsyncClient, settings: Settings) -> None:
    (settings.data_dir / "blobs").write_text("a file where the folder should be")
    response = await api.get("/health")

    assert response.status_code == 503
    assert response.json()["error"].startswith("The blob folder takes no bytes: ")


async def test_jobs_of_one_version_and_target_are_one_group(api: httpx2.AsyncClient) -> None:
    together = [await submitted(api, test_path=f"tests/{name}.spec.js") for name in ("a", "b")]
    await submitted(api, app_version_id="v2.0.0")
    page = await get(api, "/groups")
    group = page["groups"][0]

    assert (page["count"], page["next_cursor"]) == (2, None)
    assert group["group_id"].startswith("group-")
    assert (group["jobs"], group["job_count"], group["status"]) == (together, 2, "pending")
    assert (group["org_id"], group["app_version_id"]) == ("acme", "v1.0.0")
    assert (group["assigned_worker"], group["assigned_workers"]) == (None, [])


async def test_groups_are_filtered_by_org_and_come_in_pages(api: httpx2.AsyncClient) -> None:
    for version in ("v1", "v2", "v3"):
        await submitted(api, app_version_id=version)
    await submitted(api, org_id="other")
    first = await get(api, "/groups?org_id=acme&limit=2")
    second = await get(api, f"/groups?org_id=acme&limit=2&cursor={first['next_cursor']}")

    versions = [group["app_version_id"] for page in (first, second) for group in page["groups"]]
    assert versions == ["v1", "v2", "v3"]


@pytest.mark.parametrize("query", ["limit=0", "limit=501", "cursor=nonsense"])
async def test_a_bad_page_of_groups_is_refused(api: httpx2.AsyncClient, query: str) -> None:
    assert (await api.get(f"/groups?{query}")).status_code == 422


async def test_a_worker_that_holds_a_lease_is_named_by_its_group(api: httpx2.AsyncClient) -> None:
    await submitted(api)
    worker_id = await a_worker(api)
    await api.post(f"/workers/{worker_id}/heartbeat")
    group = (await get(api, "/groups"))["groups"][0]

    assert (group["assigned_worker"], group["assigned_workers"], group["status"]) == (worker_id, [worker_id], "running")


async def test_stats_count_what_is_there(api: httpx2.AsyncClient) -> None:
    await submitted(api)
    job_id = await submitted(api)
    await a_worker(api)
    await api.post(f"/jobs/{job_id}/cancel")
    stats = await get(api, "/stats")

    assert stats.keys() >= STATS_OF_PROTOCOL_1
    assert {name: count for name, count in stats.items() if count} == {
        "total_jobs": 2,
        "pending_jobs": 1,
        "cancelled_jobs": 1,
        "total_groups": 1,
        "total_workers": 1,
        "active_workers": 1,
    }


async def test_facts_come_oldest_first_and_only_those_after_a_known_one(api: httpx2.AsyncClient) -> None:
    await submitted(api)
    first = await get(api, "/facts")
    await submitted(api)
    then = await get(api, f"/facts?after={first['facts'][-1]['fact_id']}")

    assert [fact["kind"] for fact in first["facts"]] == ["run_submitted"]
    assert [(fact["kind"], fact["data"]) for fact in then["facts"]] == [("run_joined", {"jobs": 1})]
    assert then["facts"][0]["fact_id"] > first["facts"][0]["fact_id"]


async def test_facts_can_be_those_of_one_org(api: httpx2.AsyncClient) -> None:
    await submitted(api, org_id="mine")
    await submitted(api, org_id="theirs")

    assert [fact["org_id"] for fact in (await get(api, "/facts?org_id=mine"))["facts"]] == ["mine"]


async def test_an_orgs_facts_are_found_behind_any_number_of_others(
    api: httpx2.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_module("qgjob.service.ask.facts"), "MOST_PASSED", 2)
    for _ in range(5):
        await submitted(api, org_id="theirs")
    await submitted(api, org_id="mine")
    await submitted(api, org_id="theirs")
    mine = await get(api, "/facts?org_id=mine")
    nothing_yet = await get(api, f"/facts?org_id=mine&after={mine['next_after']}")
    await submitted(api, org_id="mine")
    next_one = await get(api, f"/facts?org_id=mine&after={nothing_yet['next_after']}&wait_s=5")

    assert [fact["org_id"] for fact in mine["facts"]] == ["mine"]
    assert (nothing_yet["count"], next_one["count"]) == (0, 1)
    assert mine["next_after"] < next_one["facts"][0]["fact_id"] == next_one["next_after"]


@pytest.mark.parametrize("query", ["after=-1", "after=x", "after=99999999999999999999", "wait_s=31", "wait_s=nan"])
async def test_a_bad_question_for_facts_is_refused(api: httpx2.AsyncClient, query: str) -> None:
    assert (await api.get(f"/facts?{query}")).status_code == 422
