"""POST, GET and PUT /jobs, as CONTRACT lines: what first-generation scripts rely on, and what bad input gets."""

from datetime import datetime, timedelta
from uuid import UUID

import httpx2
import pytest
from inline_snapshot import snapshot

from tests.server.farm import a_job, a_worker, get, post, submitted

pytestmark = pytest.mark.anyio


async def test_a_submitted_job_is_answered_with_its_id(api: httpx2.AsyncClient) -> None:
    await a_worker(api)
    response = await api.post("/jobs", json=a_job())
    body = response.json()

    assert response.status_code == 201
    assert UUID(body.pop("job_id")).version == 7
    assert body == {"status": "pending", "message": "Job submitted successfully"}


async def test_a_job_is_shown_with_everything_that_protocol_1_knew(api: httpx2.AsyncClient) -> None:
    job_id = await submitted(api, target="device", priority="high", metadata={"commit": "ab12"})
    job = await get(api, f"/jobs/{job_id}")

    assert job["job_id"] == job_id
    assert (
        job["payload"].items()
        >= {
            "org_id": "acme",
            "app_version_id": "v1.0.0",
            "test_path": "tests/login.spec.js",
            "target": "device",
            "priority": "high",
            "metadata": {"commit": "ab12"},
        }.items()
    )
    assert {name: job[name] for name in ("status", "started_at", "completed_at", "worker_id", "result")} == {
        "status": "pending",
        "started_at": None,
        "completed_at": None,
        "worker_id": None,
        "result": None,
    }
    assert (job["error_message"], job["retry_count"], job["max_retries"]) == (None, 0, 2)


async def test_times_are_iso_8601_in_utc_with_offset(api: httpx2.AsyncClient) -> None:
    job = await get(api, f"/jobs/{await submitted(api)}")

    assert datetime.fromisoformat(job["created_at"]).utcoffset() == timedelta(0)


async def test_what_is_left_out_has_its_default(api: httpx2.AsyncClient) -> None:
    payload = (await get(api, f"/jobs/{await submitted(api)}"))["payload"]

    assert (payload["target"], payload["priority"], payload["metadata"]) == ("emulator", "normal", {})


@pytest.mark.parametrize(("number", "word"), [(1, "low"), (2, "low"), (3, "normal"), (4, "high"), (5, "urgent")])
async def test_a_priority_may_be_a_number(api: httpx2.AsyncClient, number: int, word: str) -> None:
    job_id = await submitted(api, priority=number)

    assert (await get(api, f"/jobs/{job_id}"))["payload"]["priority"] == word


async def test_a_job_without_its_fields_is_refused_and_nothing_is_stored(api: httpx2.AsyncClient) -> None:
    response = await api.post("/jobs", json={"target": "device"})

    assert (response.status_code, response.headers["content-type"]) == (400, "application/problem+json")
    assert response.json()["error"] == snapshot("Missing required fields: org_id, app_version_id, test_path.")
    assert (await get(api, "/jobs"))["count"] == 0


async def test_an_unknown_target_is_refused_with_the_known_ones(api: httpx2.AsyncClient) -> None:
    response = await api.post("/jobs", json=a_job(target="fridge"))

    assert response.status_code == 422
    assert response.json() == snapshot(
        {
            "type": "about:blank",
            "title": "Unprocessable Content",
            "status": 422,
            "detail": "target must be 'emulator', 'device' or 'browserstack'.",
            "code": "invalid",
            "error": "target must be 'emulator', 'device' or 'browserstack'.",
            "problems": [
                {"field": "target", "message": "must be 'emulator', 'device' or 'browserstack'", "item": None}
            ],
        }
    )


@pytest.mark.parametrize("path", ["../a.spec.js", "tests/../../a.spec.js", "tests\\..\\..\\a.spec.js"])
async def test_a_test_path_outside_the_project_is_refused(api: httpx2.AsyncClient, path: str) -> None:
    response = await api.post("/jobs", json=a_job(test_path=path))

    assert (response.status_code, response.json()["problems"][0]["field"]) == (422, "test_path")


async def test_an_unknown_job_is_not_found(api: httpx2.AsyncClient) -> None:
    response = await api.get("/jobs/00000000-0000-0000-0000-000000000000")

    assert response.status_code == 404
    assert response.json() == snapshot(
        {
            "type": "about:blank",
            "title": "Not Found",
            "status": 404,
            "detail": "Job not found",
            "code": "not_found",
            "error": "Job not found",
        }
    )


async def test_jobs_are_listed_oldest_first_and_counted(api: httpx2.AsyncClient) -> None:
    job_ids = [await submitted(api, test_path=f"tests/{name}.spec.js") for name in ("a", "b", "c")]
    page = await get(api, "/jobs")

    assert ([job["job_id"] for job in page["jobs"]], page["count"], page["next_cursor"]) == (job_ids, 3, None)


async def test_a_long_list_comes_in_pages(api: httpx2.AsyncClient) -> None:
    job_ids = [await submitted(api) for _ in range(5)]
    first = await get(api, "/jobs?limit=2")
    second = await get(api, f"/jobs?limit=2&cursor={first['next_cursor']}")
    last = await get(api, f"/jobs?limit=2&cursor={second['next_cursor']}")

    assert [job["job_id"] for page in (first, second, last) for job in page["jobs"]] == job_ids
    assert (first["count"], last["count"], last["next_cursor"]) == (2, 1, None)


async def test_jobs_are_filtered_by_org_status_and_version(api: httpx2.AsyncClient) -> None:
    mine = await submitted(api, org_id="mine", app_version_id="v2")
    await submitted(api, org_id="mine", app_version_id="v1")
    await submitted(api, org_id="theirs", app_version_id="v2")

    page = await get(api, "/jobs?org_id=mine&app_version_id=v2&status=pending")

    assert [job["job_id"] for job in page["jobs"]] == [mine]
    assert (await get(api, "/jobs?org_id=mine&status=running"))["count"] == 0


@pytest.mark.parametrize("query", ["limit=0", "limit=501", "limit=many", "status=done", "cursor=nonsense", "org_id="])
async def test_a_bad_filter_is_refused(api: httpx2.AsyncClient, query: str) -> None:
    response = await api.get(f"/jobs?{query}")

    assert response.status_code == 422
    assert response.json()["error"]


async def test_a_waiting_job_is_cancelled_at_once(api: httpx2.AsyncClient) -> None:
    job = await post(api, f"/jobs/{await submitted(api)}/cancel")

    assert (job["status"], job["verdict"]) == ("cancelled", "cancelled")
    assert job["completed_at"] is not None


async def test_cancelling_again_changes_nothing(api: httpx2.AsyncClient) -> None:
    job_id = await submitted(api)
    cancelled = await post(api, f"/jobs/{job_id}/cancel")

    assert await post(api, f"/jobs/{job_id}/cancel") == cancelled


async def test_a_finished_job_is_retried_as_a_new_one(api: httpx2.AsyncClient) -> None:
    job_id = await submitted(api)
    await post(api, f"/jobs/{job_id}/cancel")
    response = await api.post(f"/jobs/{job_id}/retry")
    again = await get(api, f"/jobs/{response.json()['job_id']}")

    assert response.status_code == 201
    assert (again["retry_of"], again["status"], again["payload"]["test_path"]) == (
        job_id,
        "pending",
        "tests/login.spec.js",
    )


async def test_a_waiting_job_cannot_be_retried(api: httpx2.AsyncClient) -> None:
    assert (await api.post(f"/jobs/{await submitted(api)}/retry")).status_code == 409


@pytest.mark.parametrize("action", ["cancel", "retry"])
async def test_nothing_can_be_done_with_an_unknown_job(api: httpx2.AsyncClient, action: str) -> None:
    assert (await api.post(f"/jobs/nobody/{action}")).status_code == 404


async def test_a_job_that_never_ran_has_no_attempts(api: httpx2.AsyncClient) -> None:
    job_id = await submitted(api)

    assert await get(api, f"/jobs/{job_id}/attempts") == {"job_id": job_id, "attempts": []}
    assert (await api.get("/jobs/nobody/attempts")).status_code == 404
