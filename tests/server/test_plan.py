"""`POST /runs/plan`: what a run would come to, asked without submitting or uploading anything."""

import httpx2
import pytest

from qgjob.server import allowance
from tests.server.farm import a_registered_agent, an_uploaded_app, get, post

pytestmark = pytest.mark.anyio


def a_run(**fields: object) -> dict[str, object]:
    jobs = [{"test_path": "tests/a.spec.js"}, {"test_path": "tests/b.spec.js:7", "grep": "@smoke"}]
    return {"org_id": "acme", "app_version_id": "v1.0.0", "platform": "android", "jobs": jobs, **fields}


async def test_a_run_is_planned_before_anything_is_uploaded_and_nothing_is_stored(api: httpx2.AsyncClient) -> None:
    """A minute for an installation that nobody knows, one for a file, and 20 s for a case of one."""
    await a_registered_agent(api, protocol=3)
    plan = await post(api, "/runs/plan", a_run(bundle="a" * 64))

    assert plan == {"jobs": 2, "workers": 1, "installs": 1, "done_in_s": 140.0, "not_before_in_s": None}
    assert (await get(api, "/stats"))["total_jobs"] == (await get(api, "/stats"))["total_groups"] == 0
    assert (await get(api, "/runs"))["count"] == 0


async def test_what_nobody_serves_is_said_as_when_it_is_submitted(api: httpx2.AsyncClient) -> None:
    await a_registered_agent(api, protocol=3)
    await an_uploaded_app(api)
    plan = await post(api, "/runs/plan", a_run(model="Fold", require_worker=True))

    assert [plan[name] for name in ("workers", "installs", "done_in_s", "not_before_in_s")] == [0, 0, None, None]
    assert [(each["reason"], each["jobs"]) for each in plan["unserved"]] == [("model", 2)]


async def test_a_body_is_checked_as_that_of_a_run(api: httpx2.AsyncClient) -> None:
    illegal = await api.post("/runs/plan", json=a_run(priority="now"))
    missing = await api.post("/runs/plan", json={"org_id": "acme", "jobs": [{}]})
    outside = await api.post("/runs/plan", json=a_run(jobs=[{"test_path": "../a"}]))

    assert (illegal.status_code, missing.status_code, outside.status_code) == (422, 400, 422)
    assert [each["field"] for each in outside.json()["problems"]] == ["test_path"]


async def test_a_crowd_of_plans_is_told_to_come_again(api: httpx2.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(allowance, "MOST_S", 0.0)
    response = await api.post("/runs/plan", json=a_run())

    assert (response.status_code, response.json()["code"]) == (503, "unavailable")
    assert "Retry-After" in response.headers
