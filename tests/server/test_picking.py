"""Jobs that pick cases and relative deadlines, as clients and agents see them."""

from datetime import datetime
from typing import Any

import httpx2
import pytest

from tests.server.farm import a_job, a_lease, a_registered_agent, an_uploaded_app, an_uploaded_bundle, get, submitted
from tests.server.farm import post as posted

pytestmark = pytest.mark.anyio

LINE = "tests/login.spec.js:7"


async def refusal(api: httpx2.AsyncClient, path: str, body: dict[str, Any]) -> tuple[int, list[dict[str, Any]]]:
    response = await api.post(path, json=body)
    return response.status_code, response.json()["problems"]


async def test_a_line_and_a_grep_are_shown_with_the_job_and_given_to_the_agent(api: httpx2.AsyncClient) -> None:
    await an_uploaded_app(api)
    worker_id = await a_registered_agent(api, protocol=3)
    job_id = await submitted(api, test_path=LINE, grep="--foo $(bar)", bundle=await an_uploaded_bundle(api))
    payload = (await get(api, f"/jobs/{job_id}"))["payload"]
    lease = await a_lease(api, worker_id)

    assert (payload["test_path"], payload["grep"]) == (LINE, "--foo $(bar)")
    assert [(job["test_path"], job["grep"]) for job in lease["jobs"]] == [(LINE, "--foo $(bar)")]


async def test_a_job_without_a_grep_says_that_it_has_none(api: httpx2.AsyncClient) -> None:
    assert (await get(api, f"/jobs/{await submitted(api)}"))["payload"]["grep"] is None


async def test_a_server_answers_with_the_protocol_that_both_know(api: httpx2.AsyncClient) -> None:
    agents = [{"agent_id": f"a{protocol}", "name": "host", "protocol": protocol} for protocol in (2, 3, 9)]
    rest = {"version": "0.1.0", "has_project": False, "holding": [], "workers": []}

    assert [(await posted(api, "/agents", {**agent, **rest}))["protocol"] for agent in agents] == [2, 3, 3]


@pytest.mark.parametrize("grep", ["", "x" * 2001, "a\nb", "\u0007"])
async def test_a_grep_out_of_bounds_is_refused(api: httpx2.AsyncClient, grep: str) -> None:
    status, problems = await refusal(api, "/jobs", a_job(grep=grep))

    assert (status, [problem["field"] for problem in problems]) == (422, ["grep"])


async def test_two_deadlines_are_refused_and_named_in_their_job(api: httpx2.AsyncClient) -> None:
    at = "2100-01-01T00:00:00+00:00"
    jobs = [{"test_path": "a"}, {"test_path": "b", "deadline": at, "deadline_in_s": 5}]
    body = {"org_id": "acme", "app_version_id": "v1", "deadline_in_s": 60, "jobs": jobs}
    status, problems = await refusal(api, "/runs", body)

    assert (status, [(problem["item"], problem["field"]) for problem in problems]) == (422, [(1, "deadline_in_s")])


async def test_a_job_s_own_deadline_takes_the_place_of_its_run_s_however_it_is_said(api: httpx2.AsyncClient) -> None:
    at = "2100-01-01T00:00:00+00:00"
    jobs = [{"test_path": "a", "deadline": at}, {"test_path": "b", "deadline_in_s": None}, {"test_path": "c"}]
    body = {"org_id": "acme", "app_version_id": "v1", "deadline_in_s": 3600, "jobs": jobs}
    job_ids = (await posted(api, "/runs", body))["job_ids"]
    shown = [await get(api, f"/jobs/{job_id}") for job_id in job_ids]

    assert [job["payload"]["deadline"] for job in shown[:2]] == [at, None]
    waits = datetime.fromisoformat(shown[2]["payload"]["deadline"]) - datetime.fromisoformat(shown[2]["created_at"])
    assert waits.total_seconds() == 3600


async def test_the_same_relative_deadline_sent_again_is_the_same_request(api: httpx2.AsyncClient) -> None:
    body = {"org_id": "acme", "app_version_id": "v1", "deadline_in_s": 3600, "jobs": [{"test_path": "a"}]}
    first = await api.post("/runs", json=body, headers={"Idempotency-Key": "k1"})
    again = await api.post("/runs", json=body, headers={"Idempotency-Key": "k1"})

    assert (first.status_code, again.status_code) == (201, 201)
    assert first.content == again.content
    assert (await get(api, "/stats"))["total_jobs"] == 1
