import asyncio
from datetime import UTC, datetime, timedelta

import httpx2
import pytest
from inline_snapshot import snapshot

from tests.server.farm import a_job, get, post

pytestmark = pytest.mark.anyio


def a_run(*items: dict[str, object], **defaults: object) -> dict[str, object]:
    return {"org_id": "acme", "app_version_id": "v1.0.0", "jobs": list(items), **defaults}


async def test_a_run_is_answered_with_its_jobs_in_their_order(api: httpx2.AsyncClient) -> None:
    response = await api.post("/runs", json=a_run({"test_path": "tests/a.spec.js"}, {"test_path": "tests/b.spec.js"}))
    jobs = [await get(api, f"/jobs/{job_id}") for job_id in response.json()["job_ids"]]

    assert response.status_code == 201
    assert [job["payload"]["test_path"] for job in jobs] == ["tests/a.spec.js", "tests/b.spec.js"]
    assert {job["run_id"] for job in jobs} == {response.json()["run_id"]}


async def test_an_item_wins_over_what_the_run_says(api: httpx2.AsyncClient) -> None:
    body = a_run(
        {"test_path": "tests/a.spec.js"},
        {"test_path": "tests/b.spec.js", "priority": 5, "app_version_id": "v2.0.0"},
        priority="low",
    )
    job_ids = (await post(api, "/runs", body))["job_ids"]
    payloads = [(await get(api, f"/jobs/{job_id}"))["payload"] for job_id in job_ids]

    assert [(payload["priority"], payload["app_version_id"]) for payload in payloads] == [
        ("low", "v1.0.0"),
        ("urgent", "v2.0.0"),
    ]


async def test_a_run_is_shown_with_its_counts(api: httpx2.AsyncClient) -> None:
    accepted = await post(api, "/runs", a_run({"test_path": "tests/a.spec.js"}, {"test_path": "tests/b.spec.js"}))
    await post(api, f"/jobs/{accepted['job_ids'][0]}/cancel")
    run = await get(api, f"/runs/{accepted['run_id']}")

    assert run.pop("created_at")
    assert run == {
        "run_id": accepted["run_id"],
        "org_id": "acme",
        "status": "running",
        "jobs": {"pending": 1, "cancelled": 1},
        "verdicts": {"cancelled": 1},
        "cases": {"total": 0, "passed": 0, "failed": 0, "flaky": 0, "skipped": 0, "not_run": 0},
        "job_ids": accepted["job_ids"],
        "retry_budget": None,
        "retries": 0,
        "eta": {"start_about_at": None, "done_about_at": None, "not_before_at": None},
        "supersede": None,
        "superseded_by": None,
        "excused": {},
    }


async def test_an_unknown_run_is_not_found(api: httpx2.AsyncClient) -> None:
    response = await api.get("/runs/nobody")

    assert response.status_code == 404
    assert response.json()["error"] == snapshot("There is no run nobody.")


async def test_items_without_a_test_path_are_all_named_and_nothing_is_stored(api: httpx2.AsyncClient) -> None:
    response = await api.post("/runs", json=a_run({}, {"test_path": "tests/a.spec.js"}, {"target": "device"}))

    assert response.status_code == 400
    assert response.json()["problems"] == snapshot(
        [
            {"field": "test_path", "message": "is missing, here and in the run", "item": 0},
            {"field": "test_path", "message": "is missing, here and in the run", "item": 2},
        ]
    )
    assert (await get(api, "/jobs"))["count"] == 0


async def test_bad_values_are_named_with_their_items_and_nothing_is_stored(api: httpx2.AsyncClient) -> None:
    response = await api.post(
        "/runs",
        json=a_run(
            {"test_path": "tests/a.spec.js"},
            {"test_path": "tests/b.spec.js", "target": "fridge"},
            {"test_path": "tests/c.spec.js", "max_retries": 11},
        ),
    )

    assert response.status_code == 422
    assert [(problem["item"], problem["field"]) for problem in response.json()["problems"]] == [
        (1, "target"),
        (2, "max_retries"),
    ]
    assert (await get(api, "/jobs"))["count"] == 0


async def test_a_bundle_that_was_never_uploaded_is_named_for_each_item(api: httpx2.AsyncClient) -> None:
    response = await api.post(
        "/runs", json=a_run({"test_path": "a.spec.js"}, {"test_path": "b.spec.js", "bundle": "0" * 64})
    )

    assert response.status_code == 422
    assert [(problem["item"], problem["field"]) for problem in response.json()["problems"]] == [(1, "bundle")]


async def test_a_run_of_nothing_is_refused(api: httpx2.AsyncClient) -> None:
    assert (await api.post("/runs", json=a_run())).status_code == 422


async def test_ten_thousand_jobs_are_one_run_and_one_more_is_too_many(api: httpx2.AsyncClient) -> None:
    items: list[dict[str, object]] = [{"test_path": f"tests/{number}.spec.js"} for number in range(10_000)]
    accepted = await post(api, "/runs", a_run(*items))

    assert len(set(accepted["job_ids"])) == 10_000
    assert (await api.post("/runs", json=a_run(*items, {"test_path": "one-more.spec.js"}))).status_code == 422


async def test_a_whole_run_is_cancelled_in_one_call_and_again_without_effect(api: httpx2.AsyncClient) -> None:
    items: list[dict[str, object]] = [{"test_path": f"tests/{name}.spec.js"} for name in "abc"]
    accepted = await post(api, "/runs", a_run(*items))
    first = await post(api, f"/runs/{accepted['run_id']}/cancel")

    assert (first["status"], first["jobs"]) == ("completed", {"cancelled": 3})
    assert await post(api, f"/runs/{accepted['run_id']}/cancel") == first
    assert (await api.post("/runs/nobody/cancel")).status_code == 404


@pytest.mark.parametrize("body", [None, {}, {"failed": True}])
async def test_a_finished_run_is_submitted_again_as_a_new_one(
    api: httpx2.AsyncClient, body: dict[str, object] | None
) -> None:
    accepted = await post(api, "/runs", a_run({"test_path": "tests/a.spec.js"}, retry_budget=7))
    assert (await api.post(f"/runs/{accepted['run_id']}/retry")).status_code == 409
    await post(api, f"/runs/{accepted['run_id']}/cancel")
    again = await post(api, f"/runs/{accepted['run_id']}/retry", body)
    run = await get(api, f"/runs/{again['run_id']}")
    job = await get(api, f"/jobs/{again['job_ids'][0]}")

    assert again["run_id"] != accepted["run_id"]
    assert (run["retry_budget"], run["retries"]) == (7, 0)
    assert job["retry_of"] == accepted["job_ids"][0]


async def test_a_wrong_wish_to_run_again_is_refused(api: httpx2.AsyncClient) -> None:
    assert (await api.post("/runs/nobody/retry", json={"failed": "yes"})).status_code == 422
    assert (
        await api.post("/runs/nobody/retry", content="{", headers={"Content-Type": "application/json"})
    ).status_code == 400
    assert (await api.post("/runs/nobody/retry", json={})).status_code == 404


@pytest.mark.parametrize("budget", [-1, 100_001, 1.5, "2"])
async def test_a_retry_budget_out_of_bounds_is_refused(api: httpx2.AsyncClient, budget: object) -> None:
    response = await api.post("/runs", json=a_run({"test_path": "tests/a.spec.js"}, retry_budget=budget))

    assert response.status_code == 422
    assert response.json()["problems"][0]["field"] == "retry_budget"


async def test_limits_of_time_are_kept_with_the_job(api: httpx2.AsyncClient) -> None:
    limits = {"timeout_s": 60.0, "idle_timeout_s": 30.0, "queue_timeout_s": 3600.0}
    accepted = await post(api, "/runs", a_run({"test_path": "tests/a.spec.js"}, **limits))
    payload = (await get(api, f"/jobs/{accepted['job_ids'][0]}"))["payload"]

    assert {name: payload[name] for name in limits} == limits


def in_a_while(seconds: float) -> str:
    return (datetime.now(UTC) + timedelta(seconds=seconds)).isoformat()


async def test_a_deadline_is_shown_back_and_one_that_is_over_or_no_time_is_refused(api: httpx2.AsyncClient) -> None:
    deadline = in_a_while(3600)
    accepted = await post(api, "/runs", a_run({"test_path": "tests/a.spec.js"}, deadline=deadline))
    job = await get(api, f"/jobs/{accepted['job_ids'][0]}")
    over = await api.post("/runs", json=a_run({"test_path": "tests/a.spec.js", "deadline": in_a_while(-1)}))
    no_time = await api.post("/jobs", json=a_job(deadline="2026-11-23T08:00:00"))

    assert job["payload"]["deadline"] == deadline
    assert (over.status_code, [problem["field"] for problem in over.json()["problems"]]) == (422, ["deadline"])
    assert (no_time.status_code, [problem["field"] for problem in no_time.json()["problems"]]) == (422, ["deadline"])


async def test_a_job_without_a_deadline_says_so(api: httpx2.AsyncClient) -> None:
    job_id = (await post(api, "/jobs", a_job()))["job_id"]

    assert (await get(api, f"/jobs/{job_id}"))["payload"]["deadline"] is None


async def test_jobs_that_are_posted_alone_at_one_time_are_one_run(api: httpx2.AsyncClient) -> None:
    answers = await asyncio.gather(*(api.post("/jobs", json=a_job(test_path=f"{name}.spec.js")) for name in "abc"))
    jobs = [await get(api, f"/jobs/{answer.json()['job_id']}") for answer in answers]
    (run_id,) = {job["run_id"] for job in jobs}

    assert (await get(api, f"/runs/{run_id}"))["jobs"] == {"pending": 3}


async def test_a_repeated_post_names_the_same_job_of_the_same_run(api: httpx2.AsyncClient) -> None:
    first, again = [
        (await api.post("/jobs", json=a_job(), headers={"Idempotency-Key": "k"})).json()["job_id"] for _ in range(2)
    ]
    run_id = (await get(api, f"/jobs/{first}"))["run_id"]

    assert first == again
    assert (await get(api, f"/runs/{run_id}"))["job_ids"] == [first]


async def test_runs_are_listed_newest_first_page_by_page(api: httpx2.AsyncClient) -> None:
    run_ids = [
        (await post(api, "/runs", a_run({"test_path": "tests/a.spec.js"}, org_id=org)))["run_id"]
        for org in ("acme", "rival", "acme")
    ]
    first = await get(api, "/runs?limit=2")
    second = await get(api, f"/runs?limit=2&cursor={first['next_cursor']}")
    acme = await get(api, "/runs?org_id=acme")

    assert [run["run_id"] for run in (*first["runs"], *second["runs"])] == run_ids[::-1]
    assert (first["count"], second["count"], second["next_cursor"]) == (2, 1, None)
    assert [run["run_id"] for run in acme["runs"]] == [run_ids[2], run_ids[0]]
    assert (await api.get("/runs?cursor=x")).status_code == 422


async def test_a_run_in_a_list_says_how_far_it_is(api: httpx2.AsyncClient) -> None:
    accepted = await post(api, "/runs", a_run({"test_path": "a.spec.js"}, {"test_path": "b.spec.js"}, supersede="main"))
    await post(api, f"/jobs/{accepted['job_ids'][0]}/cancel")
    (listed,) = (await get(api, "/runs"))["runs"]

    assert listed.pop("created_at")
    assert listed == {
        "run_id": accepted["run_id"],
        "org_id": "acme",
        "status": "running",
        "jobs": 2,
        "waiting": 1,
        "ended": 1,
        "passed": 0,
        "supersede": "main",
        "superseded_by": None,
    }


async def test_a_newer_run_with_the_key_takes_the_place_of_the_older(api: httpx2.AsyncClient) -> None:
    older, newer = [
        await post(api, "/runs", a_run({"test_path": "tests/a.spec.js"}, supersede="main")) for _ in range(2)
    ]
    run = await get(api, f"/runs/{older['run_id']}")

    assert (run["status"], run["supersede"], run["superseded_by"]) == ("completed", "main", newer["run_id"])
    assert (await get(api, f"/jobs/{older['job_ids'][0]}"))["error_message"] == (
        f"Superseded by run {newer['run_id']}."
    )


async def test_a_superseding_run_that_is_sent_again_supersedes_once(api: httpx2.AsyncClient) -> None:
    body = a_run({"test_path": "tests/a.spec.js"}, supersede="main")
    answers = [await api.post("/runs", json=body, headers={"Idempotency-Key": "k"}) for _ in range(2)]

    assert answers[0].json() == answers[1].json()
    assert (await get(api, f"/runs/{answers[0].json()['run_id']}"))["status"] == "pending"


async def test_waiting_for_a_run_that_is_over_or_not_there_is_answered_at_once(api: httpx2.AsyncClient) -> None:
    accepted = await post(api, "/runs", a_run({"test_path": "tests/a.spec.js"}))
    await post(api, f"/runs/{accepted['run_id']}/cancel")

    assert (await get(api, f"/runs/{accepted['run_id']}?wait=30"))["status"] == "completed"
    assert (await api.get("/runs/nobody?wait=30")).status_code == 404
    assert (await api.get(f"/runs/{accepted['run_id']}?wait=31")).status_code == 422
