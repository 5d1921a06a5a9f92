"""The life of a first-generation worker, by plain HTTP: register, heartbeat, PUT running, PUT completed."""

import httpx2
import pytest
from inline_snapshot import snapshot

from tests.server.farm import Json, a_worker, get, post, submitted

pytestmark = pytest.mark.anyio


async def heartbeat(api: httpx2.AsyncClient, worker_id: str) -> Json:
    return await post(api, f"/workers/{worker_id}/heartbeat")


async def put(api: httpx2.AsyncClient, job_id: str, **change: object) -> Json:
    response = await api.put(f"/jobs/{job_id}", json=change)
    assert response.is_success, response.text
    return dict(response.json())


async def test_a_worker_registers_and_gets_its_id(api: httpx2.AsyncClient) -> None:
    response = await api.post("/workers", json={"name": "Emulator 1", "target_types": ["emulator", "device"]})
    body = response.json()

    assert response.status_code == 201
    assert body["worker_id"].startswith("worker-")
    assert int(body["worker_id"].removeprefix("worker-"), 16)
    assert body["message"] == "Worker registered successfully"


async def test_curls_default_content_type_is_accepted_for_workers_alone(api: httpx2.AsyncClient) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    body = '{"name": "iOS Simulator", "target_types": ["device"]}'

    assert (await api.post("/workers", content=body, headers=headers)).status_code == 201
    assert (await api.post("/jobs", content=body, headers=headers)).status_code == 415


async def test_a_worker_without_name_or_targets_is_refused(api: httpx2.AsyncClient) -> None:
    response = await api.post("/workers", json={})

    assert response.status_code == 400
    assert response.json()["error"] == snapshot("Missing required fields: name, target_types.")


@pytest.mark.parametrize("targets", [[], ["toaster"], "emulator", None])
async def test_a_worker_of_unknown_targets_is_refused(api: httpx2.AsyncClient, targets: object) -> None:
    assert (await api.post("/workers", json={"name": "W", "target_types": targets})).status_code == 422


async def test_workers_are_listed_with_what_they_said(api: httpx2.AsyncClient) -> None:
    body = {"name": "Pixel 7", "target_types": ["device"], "metadata": {"rack": 3}}
    worker_id = (await post(api, "/workers", body))["worker_id"]
    page = await get(api, "/workers")
    worker = page["workers"][0]

    assert page["count"] == 1
    assert {
        name: worker[name] for name in ("worker_id", "name", "target_types", "status", "current_jobs", "metadata")
    } == {
        "worker_id": worker_id,
        "name": "Pixel 7",
        "target_types": ["device"],
        "status": "idle",
        "current_jobs": [],
        "metadata": {"rack": 3},
    }
    assert worker["last_heartbeat"]


async def test_a_heartbeat_without_work_is_ok(api: httpx2.AsyncClient) -> None:
    assert await heartbeat(api, await a_worker(api)) == {"status": "ok"}


async def test_a_heartbeats_body_is_ignored_whatever_it_is(api: httpx2.AsyncClient) -> None:
    worker_id = await a_worker(api)
    response = await api.post(f"/workers/{worker_id}/heartbeat", content=b"\xff{", headers={"Content-Type": "text/x"})

    assert response.json() == {"status": "ok"}


async def test_a_heartbeat_of_nobody_is_not_found(api: httpx2.AsyncClient) -> None:
    response = await api.post("/workers/worker-0/heartbeat")

    assert response.status_code == 404
    assert response.json() == snapshot(
        {
            "type": "about:blank",
            "title": "Not Found",
            "status": 404,
            "detail": "Worker not found",
            "code": "not_found",
            "error": "Worker not found",
        }
    )


async def test_the_whole_life_of_a_job(api: httpx2.AsyncClient) -> None:
    job_id = await submitted(api)
    worker_id = await a_worker(api)

    offered = (await heartbeat(api, worker_id))["next_job"]
    running = await put(api, job_id, status="running", worker_id=worker_id)
    completed = await put(api, job_id, status="completed", worker_id=worker_id, result={"passed": 3})

    assert (offered["job_id"], offered["status"], offered["worker_id"]) == (job_id, "queued", worker_id)
    assert running["status"] == "running"
    assert running["started_at"] is not None
    assert (completed["status"], completed["result"]) == ("completed", {"passed": 3})
    assert completed["completed_at"] is not None


async def test_the_same_job_is_offered_until_it_is_put_to_another_status(api: httpx2.AsyncClient) -> None:
    first = await submitted(api, test_path="tests/a.spec.js")
    await submitted(api, test_path="tests/b.spec.js")
    worker_id = await a_worker(api)

    offers = [(await heartbeat(api, worker_id))["next_job"]["job_id"] for _ in range(3)]
    await put(api, first, status="running", worker_id=worker_id)

    assert offers == [first, first, first]
    assert await heartbeat(api, worker_id) == {"status": "ok"}


async def test_the_next_job_comes_when_the_last_one_has_ended(api: httpx2.AsyncClient) -> None:
    first = await submitted(api, test_path="tests/a.spec.js")
    second = await submitted(api, test_path="tests/b.spec.js")
    worker_id = await a_worker(api)
    await heartbeat(api, worker_id)
    await put(api, first, status="running", worker_id=worker_id)
    await put(api, first, status="completed", worker_id=worker_id)

    assert (await heartbeat(api, worker_id))["next_job"]["job_id"] == second


async def test_a_put_without_worker_id_counts_on_the_first_lease(api: httpx2.AsyncClient) -> None:
    job_id = await submitted(api)
    await heartbeat(api, await a_worker(api))

    assert (await put(api, job_id, status="running"))["status"] == "running"
    assert (await put(api, job_id, status="completed"))["status"] == "completed"


async def test_another_workers_put_is_refused_and_changes_nothing(api: httpx2.AsyncClient) -> None:
    job_id = await submitted(api)
    await heartbeat(api, await a_worker(api))
    stranger = await a_worker(api)

    response = await api.put(f"/jobs/{job_id}", json={"status": "running", "worker_id": stranger})

    assert response.status_code == 409
    assert (await get(api, f"/jobs/{job_id}"))["status"] == "queued"


async def test_a_job_cannot_complete_without_a_lease(api: httpx2.AsyncClient) -> None:
    job_id = await submitted(api)

    response = await api.put(f"/jobs/{job_id}", json={"status": "completed"})

    assert response.status_code == 409
    assert (await get(api, f"/jobs/{job_id}"))["status"] == "pending"


async def test_a_final_status_never_changes(api: httpx2.AsyncClient) -> None:
    job_id = await submitted(api)
    worker_id = await a_worker(api)
    await heartbeat(api, worker_id)
    await put(api, job_id, status="running", worker_id=worker_id)
    before = await put(api, job_id, status="completed", worker_id=worker_id)

    response = await api.put(f"/jobs/{job_id}", json={"status": "failed", "worker_id": worker_id})

    assert response.status_code == 409
    assert (await api.post(f"/jobs/{job_id}/cancel")).status_code == 409
    assert (await get(api, f"/jobs/{job_id}")).items() >= before.items()


async def test_an_unknown_status_is_refused_with_the_known_ones(api: httpx2.AsyncClient) -> None:
    job_id = await submitted(api)
    response = await api.put(f"/jobs/{job_id}", json={"status": "done"})

    assert response.status_code == 422
    assert response.json()["error"] == snapshot(
        "status: 'done' is none of: pending, queued, running, completed, failed, cancelled"
    )


async def test_a_put_of_an_unknown_job_is_not_found(api: httpx2.AsyncClient) -> None:
    assert (await api.put("/jobs/nobody", json={"status": "running"})).status_code == 404


async def test_a_failed_job_waits_again_while_it_has_retries(api: httpx2.AsyncClient) -> None:
    job_id = await submitted(api, max_retries=1)
    worker_id = await a_worker(api)
    statuses = []
    for _ in range(2):
        await heartbeat(api, worker_id)
        await put(api, job_id, status="running", worker_id=worker_id)
        failed = await put(api, job_id, status="failed", worker_id=worker_id, error_message="boom")
        statuses.append((failed["status"], failed["retry_count"]))

    assert statuses == [("pending", 1), ("failed", 1)]
    assert (await get(api, f"/jobs/{job_id}"))["error_message"] == "boom"


async def test_a_report_with_a_very_long_message_counts_and_keeps_both_its_ends(api: httpx2.AsyncClient) -> None:
    job_id = await submitted(api, max_retries=0)
    worker_id = await a_worker(api)
    await heartbeat(api, worker_id)
    failed = await put(api, job_id, status="failed", worker_id=worker_id, error_message="a" * 9000 + "z" * 9000)

    assert failed["status"] == "failed"
    assert failed["error_message"] == "a" * 4000 + "\n… 10000 characters left out …\n" + "z" * 4000


async def test_what_is_null_in_a_report_says_nothing(api: httpx2.AsyncClient) -> None:
    job_id = await submitted(api)
    worker_id = await a_worker(api)
    await heartbeat(api, worker_id)
    noted = await put(api, job_id, status=None, worker_id=worker_id, result={"seen": 1}, error_message=None)

    assert (noted["status"], noted["result"], noted["error_message"]) == ("queued", {"seen": 1}, None)


async def test_a_worker_hears_in_heartbeat_and_report_that_its_job_is_to_stop(api: httpx2.AsyncClient) -> None:
    job_id = await submitted(api)
    worker_id = await a_worker(api)
    await heartbeat(api, worker_id)
    await put(api, job_id, status="running", worker_id=worker_id)
    await post(api, f"/jobs/{job_id}/cancel")

    assert await heartbeat(api, worker_id) == {"status": "ok", "cancel": [job_id]}
    noted = await put(api, job_id, result={"step": 3}, worker_id=worker_id)
    assert (noted["status"], noted["cancel_requested"]) == ("running", True)
    assert (await put(api, job_id, status="cancelled", worker_id=worker_id))["verdict"] == "cancelled"


async def test_a_job_that_was_given_out_and_not_begun_is_cancelled_at_once(api: httpx2.AsyncClient) -> None:
    job_id = await submitted(api)
    worker_id = await a_worker(api)
    await heartbeat(api, worker_id)

    assert (await post(api, f"/jobs/{job_id}/cancel"))["status"] == "cancelled"
    response = await api.put(f"/jobs/{job_id}", json={"status": "running", "worker_id": worker_id})
    assert response.status_code == 409
