"""What a job may ask of its device over HTTP, what is refused, and what is said of jobs that nobody can serve."""

import httpx2
import pytest

from tests.server.farm import (
    Json,
    a_job,
    a_lease,
    a_registered_agent,
    a_worker,
    an_agent,
    an_uploaded_app,
    an_uploaded_bundle,
    get,
    post,
    submitted,
)

pytestmark = pytest.mark.anyio

ASKED = {
    "os_version": ">=13,<15",
    "model": "virtual android",
    "tags": ["lab", "fast"],
    "pin": "emulator-5554",
    "only": True,
}


def a_device(**fields: object) -> list[Json]:
    return [{**an_agent()["workers"][0], **fields}]


async def test_what_a_job_asks_of_its_device_is_shown_as_it_was_written(api: httpx2.AsyncClient) -> None:
    job = await get(api, f"/jobs/{await submitted(api, **ASKED)}")

    assert {name: job["payload"][name] for name in ASKED} == ASKED


async def test_a_group_shows_what_its_device_must_be(api: httpx2.AsyncClient) -> None:
    await submitted(api, **ASKED)
    (group,) = (await get(api, "/groups"))["groups"]

    assert group["requirement"] == {
        "target": "emulator",
        "platform": None,
        "project": "own",
        "os_version": ">=13,<15",
        "model": "virtual android",
        "tags": ["fast", "lab"],
        "device": "emulator-5554",
    }


async def test_such_a_job_is_leased_to_a_device_that_is_as_asked(api: httpx2.AsyncClient) -> None:
    await an_uploaded_app(api)
    job_id = await submitted(api, bundle=await an_uploaded_bundle(api), **ASKED)
    await a_registered_agent(api, agent_id="other", workers=a_device(serial="emulator-5554"))
    right = await a_registered_agent(api, workers=a_device(tags=["lab", "fast"]))

    assert [job["job_id"] for job in (await a_lease(api, right))["jobs"]] == [job_id]


@pytest.mark.parametrize(
    ("fields", "field", "message"),
    [
        ({"os_version": ">=15,<13"}, "os_version", "no OS version is in '>=15,<13': its bounds leave nothing between"),
        ({"os_version": "fourteen"}, "os_version", "'fourteen' is no OS version and no bound of one: write a version"),
        ({"os_version": ""}, "os_version", "must have at least 1 character"),
        ({"model": " "}, "model", "names no model"),
        ({"tags": [""]}, "tags.0", "must have at least 1 character"),
        ({"tags": ["t"] * 21}, "tags", "must have at most 20 items"),
        ({"pin": "tag:"}, "pin", "names no tag: write tag:NAME"),
        ({"only": True}, "only", "says nothing without a pin"),
    ],
)
async def test_a_device_that_cannot_be_is_refused_by_its_field(
    api: httpx2.AsyncClient, fields: Json, field: str, message: str
) -> None:
    response = await api.post("/jobs", json=a_job(**fields))
    (problem,) = response.json()["problems"]

    assert response.status_code == 422
    assert problem["field"] == field
    assert problem["message"].startswith(message)
    assert (await get(api, "/stats"))["total_jobs"] == 0


async def test_items_of_a_run_are_named(api: httpx2.AsyncClient) -> None:
    jobs = [{"test_path": "a.spec.js"}, {"test_path": "b.spec.js", "os_version": "x"}]
    response = await api.post("/runs", json={"org_id": "acme", "app_version_id": "v1", "jobs": jobs})

    assert response.status_code == 422
    assert [(each["item"], each["field"]) for each in response.json()["problems"]] == [(1, "os_version")]


async def test_a_run_may_ask_for_fifty_different_devices_and_no_more(api: httpx2.AsyncClient) -> None:
    jobs = [{"test_path": "a.spec.js", "model": f"model {number}"} for number in range(51)]
    refused = await api.post("/runs", json={"org_id": "acme", "app_version_id": "v1", "jobs": jobs})
    taken = await api.post("/runs", json={"org_id": "acme", "app_version_id": "v1", "jobs": jobs[1:]})

    assert (refused.status_code, taken.status_code) == (422, 201)
    assert refused.json()["error"].startswith("The jobs ask for 51 different devices, and at most 50 may be asked")


async def test_a_job_that_somebody_serves_is_answered_as_ever(api: httpx2.AsyncClient) -> None:
    await a_worker(api)
    answer = await post(api, "/jobs", a_job())

    assert sorted(answer) == ["job_id", "message", "status"]


async def test_a_job_that_nobody_can_serve_is_accepted_with_the_reason(api: httpx2.AsyncClient) -> None:
    await an_uploaded_app(api)
    await a_registered_agent(api)
    answer = await post(api, "/jobs", a_job(bundle=await an_uploaded_bundle(api), os_version=">=15"))

    assert answer["status"] == "pending"
    assert answer["unserved"] == {
        "reason": "os_version",
        "message": "No worker with target emulator and with platform android has OS version >=15: those have 14.",
        "found": ["14"],
        "workers": {},
        "jobs": 1,
    }


async def test_of_a_run_each_requirement_that_nobody_meets_is_told_with_how_many_jobs_wait(
    api: httpx2.AsyncClient,
) -> None:
    worker = await a_worker(api)
    await post(api, f"/workers/{worker}/drain")
    jobs = [{"test_path": "a.spec.js"}, {"test_path": "b.spec.js"}, {"test_path": "c.spec.js", "target": "device"}]
    answer = await post(api, "/runs", {"org_id": "acme", "app_version_id": "v1", "jobs": jobs})

    assert answer["unserved"] == [
        {
            "reason": "draining",
            "message": "The only worker that meets it is draining.",
            "found": [],
            "workers": {"draining": 1},
            "jobs": 2,
        },
        {
            "reason": "target",
            "message": "No worker has target device: the others have emulator.",
            "found": ["emulator"],
            "workers": {},
            "jobs": 1,
        },
    ]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/jobs", a_job(target="device", require_worker=True)),
        ("/runs", {**a_job(target="device"), "jobs": [{}], "require_worker": True}),
    ],
)
async def test_who_requires_a_worker_is_refused_while_there_is_none(
    api: httpx2.AsyncClient, path: str, body: Json
) -> None:
    response = await api.post(path, json=body)

    assert (response.status_code, response.json()["code"]) == (409, "no_worker")
    assert response.json()["error"] == "No worker has target device. Nothing was submitted."
    assert (await get(api, "/stats"))["total_jobs"] == 0
    await a_worker(api, targets=("device",))
    assert (await api.post(path, json=body)).status_code == 201


async def test_one_that_requires_a_worker_harms_no_other(api: httpx2.AsyncClient) -> None:
    await a_worker(api)
    refused = await api.post("/jobs", json=a_job(target="device", require_worker=True))
    taken = await api.post("/jobs", json=a_job(require_worker=True))

    assert (refused.status_code, taken.status_code) == (409, 201)
