"""GET /ledger and GET /estimates."""

from typing import Any

import httpx2
import pytest

from tests.server.farm import a_lease, a_registered_agent, an_uploaded_app, an_uploaded_bundle, get, post, submitted

pytestmark = pytest.mark.anyio

AT = "2026-11-23T08:00:00+00:00"


async def worked_off(api: httpx2.AsyncClient) -> str:
    """Let one job install, open a session and pass; its run."""
    await an_uploaded_app(api)
    bundle = await an_uploaded_bundle(api)
    job_id = await submitted(api, bundle=bundle)
    lease = await a_lease(api, await a_registered_agent(api))
    case = {"case_id": "1", "title": "signs in", "file": "tests/login.spec.js", "line": 1}
    of: dict[str, Any] = {"at": AT, "job_id": job_id, "attempt": 1}
    events: list[dict[str, Any]] = [
        {"kind": "installed", "at": AT, "reused": False, "seconds": 4.5, "proof": "content_hash"}
        | {"sha256": lease["app"]["sha256"], "package": lease["app"]["package"]},
        {"kind": "attempt_started", **of},
        {"kind": "case_ended", **of, "case": case, "status": "passed", "expected": "passed", "seconds": 1}
        | {"errors": [], "session": True},
        {"kind": "attempt_ended", **of, "verdict": "passed", "fault": None, "message": None, "seconds": 7.25}
        | {"sessions": 1, "project_retries": None},
        {"kind": "lease_ended", "at": AT},
    ]
    body = {"agent_id": "agent-1", "events": [{**event, "seq": seq} for seq, event in enumerate(events, start=1)]}
    await post(api, f"/leases/{lease['token']}/events", body)
    return str((await get(api, f"/jobs/{job_id}"))["run_id"])


async def test_the_ledger_of_a_run_says_what_it_cost_and_what_stock_appwright_would_have(
    api: httpx2.AsyncClient,
) -> None:
    run_id = await worked_off(api)
    page = await get(api, f"/ledger?run_id={run_id}")
    (entry,) = page["entries"]

    assert (page["by"], page["count"], page["next_cursor"]) == ("run", 1, None)
    assert entry.pop("submitted_at").endswith("+00:00")
    assert entry == {
        "org_id": "acme",
        "day": None,
        "run_id": run_id,
        "installs": 1,
        "installs_avoided": 0,
        "installs_stock": 1,
        "installs_group": 1,
        "sessions": 1,
        "install_seconds": 4.5,
        "test_seconds": 7.25,
        "idle_seconds": None,
        "stock_install_seconds": 4.5,
        "group_install_seconds": 4.5,
        "unmeasured": 0,
    }


async def test_the_ledger_can_be_had_by_day_run_and_org(api: httpx2.AsyncClient) -> None:
    run_id = await worked_off(api)
    by_day = await get(api, "/ledger?org_id=acme")
    by_run = await get(api, "/ledger?org_id=acme&by=run")
    by_org = await get(api, "/ledger?by=org")

    assert by_day["by"] == "day"
    assert [entry["day"] for entry in by_day["entries"]] == [by_day["to_day"]]
    assert [entry["run_id"] for entry in by_run["entries"]] == [run_id]
    assert [entry["org_id"] for entry in by_org["entries"]] == ["acme"]
    assert {page["entries"][0]["install_seconds"] for page in (by_day, by_run, by_org)} == {4.5}


async def test_days_without_work_are_no_entries(api: httpx2.AsyncClient) -> None:
    await worked_off(api)
    page = await get(api, "/ledger?org_id=acme&from=2020-01-01&to=2020-01-31")

    assert (page["from_day"], page["to_day"], page["count"]) == ("2020-01-01", "2020-01-31", 0)


@pytest.mark.parametrize(
    "query",
    [
        "",
        "by=run",
        "by=week&org_id=acme",
        "org_id=acme&from=2026-02-01&to=2026-01-01",
        "org_id=acme&from=2020-01-01&to=2026-01-01",
        "org_id=acme&from=yesterday",
        "org_id=acme&cursor=x",
        "org_id=acme&limit=501",
    ],
)
async def test_a_bad_question_to_the_ledger_is_refused(api: httpx2.AsyncClient, query: str) -> None:
    assert (await api.get(f"/ledger?{query}")).status_code == 422


async def test_a_run_that_is_not_there_has_no_ledger(api: httpx2.AsyncClient) -> None:
    assert (await api.get("/ledger?run_id=none")).status_code == 404


async def test_what_was_learnt_is_shown_with_its_samples(api: httpx2.AsyncClient) -> None:
    await worked_off(api)
    tests = await get(api, "/estimates/tests?org_id=acme")
    installs = await get(api, "/estimates/installs?org_id=acme")

    assert tests == {
        "count": 1,
        "tests": [
            {
                "org_id": "acme",
                "test_path": "tests/login.spec.js",
                "target": "emulator",
                "platform": "android",
                "seconds": 7.25,
                "samples": 1,
            }
        ],
        "next_cursor": None,
    }
    assert installs["installs"] == [
        {
            "org_id": "acme",
            "package": installs["installs"][0]["package"],
            "target": "emulator",
            "platform": "android",
            "model": "Virtual Android",
            "seconds": 4.5,
            "samples": 1,
        }
    ]
    assert (await get(api, "/estimates/tests?org_id=acme&test_path=tests/other.spec.js"))["count"] == 0
    assert (await get(api, "/estimates/installs?org_id=acme&package=other"))["count"] == 0


@pytest.mark.parametrize("query", ["tests?org_id=acme&cursor=x", "installs?org_id=acme&limit=0"])
async def test_a_bad_question_for_estimates_is_refused(api: httpx2.AsyncClient, query: str) -> None:
    assert (await api.get(f"/estimates/{query}")).status_code == 422


@pytest.mark.parametrize("what", ["tests", "installs"])
async def test_estimates_are_an_orgs(api: httpx2.AsyncClient, what: str) -> None:
    assert (await api.get(f"/estimates/{what}")).status_code == 400
