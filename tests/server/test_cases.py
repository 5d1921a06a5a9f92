from datetime import UTC, datetime, timedelta

import httpx2
import pytest
from inline_snapshot import snapshot

from tests.server.farm import a_lease, a_registered_agent, an_uploaded_app, an_uploaded_bundle, get, post, submitted

pytestmark = pytest.mark.anyio

CASE_ID = "0123456789abcdef-1"
CASE = {"case_id": CASE_ID, "title": "login › works", "file": "tests/login.spec.js", "line": 3}


def until(days: float = 7) -> str:
    return (datetime.now(UTC) + timedelta(days=days)).isoformat()


async def a_job_ended(api: httpx2.AsyncClient, status: str = "passed", *, worker_id: str) -> str:
    """Run a job of one case to its end; its id."""
    job_id = await submitted(api, max_retries=0, bundle=await an_uploaded_bundle(api))
    lease = await a_lease(api, worker_id)
    ok = status == "passed"
    of_job = {"job_id": job_id, "attempt": 1, "at": datetime.now(UTC).isoformat()}
    executed = {"case": CASE, "status": status, "expected": "passed", "seconds": 1.5, "errors": [], "session": True}
    verdict = {"verdict": "passed", "fault": None} if ok else {"verdict": "failed", "fault": "test"}
    events = [
        {"kind": "attempt_started", **of_job},
        {"kind": "case_ended", **of_job, **executed},
        {
            "kind": "attempt_ended",
            **of_job,
            **verdict,
            "message": None,
            "seconds": 2.0,
            "sessions": 1,
            "project_retries": None,
        },
        {"kind": "lease_ended", "at": of_job["at"]},
    ]
    body = {"agent_id": "agent-1", "events": [{"seq": seq, **event} for seq, event in enumerate(events, start=1)]}
    await post(api, f"/leases/{lease['token']}/events", body)
    return job_id


@pytest.fixture
async def worker_id(api: httpx2.AsyncClient) -> str:
    await an_uploaded_app(api)
    return await a_registered_agent(api)


async def test_a_case_is_listed_and_shown_with_its_past(api: httpx2.AsyncClient, worker_id: str) -> None:
    first = await a_job_ended(api, worker_id=worker_id)
    second = await a_job_ended(api, "failed", worker_id=worker_id)
    page = await get(api, "/orgs/acme/cases?order=failing")
    history = await get(api, f"/orgs/acme/cases/{CASE_ID}")
    (listed,) = page["cases"]

    assert (page["count"], page["next_cursor"]) == (1, None)
    assert history == {**listed, "past": history["past"]}
    assert {name: listed[name] for name in ("title", "file", "project", "runs", "passed", "failed", "flips")} == {
        "title": "login › works",
        "file": "tests/login.spec.js",
        "project": None,
        "runs": 2,
        "passed": 1,
        "failed": 1,
        "flips": 1,
    }
    assert (listed["flaky_score"], listed["mean_s"], listed["trend"], listed["mute"]) == (None, 1.5, None, None)
    assert [(each["job_id"], each["outcome"], each["standing"]) for each in history["past"]] == [
        (second, "failed", "new_failure"),
        (first, "passed", None),
    ]


async def test_a_mute_excuses_a_job_and_its_run(api: httpx2.AsyncClient, worker_id: str) -> None:
    put = await api.put(f"/orgs/acme/mutes/{CASE_ID}", json={"owner": "ada", "until": until(), "reason": "SHOP-1"})
    job_id = await a_job_ended(api, "failed", worker_id=worker_id)
    job = await get(api, f"/jobs/{job_id}")
    run = await get(api, f"/runs/{job['run_id']}")
    (case,) = (await get(api, f"/runs/{job['run_id']}/cases"))["cases"]

    assert (put.status_code, put.json()["owner"], put.json()["title"]) == (200, "ada", None)
    assert (job["verdict"], job["excused"]) == ("failed", True)
    assert (run["verdicts"], run["excused"]) == ({"failed": 1}, {"failed": 1})
    assert (case["muted"], case["standing"]) == (True, "first_seen_failing")
    assert (await get(api, f"/orgs/acme/cases/{CASE_ID}"))["mute"]["reason"] == "SHOP-1"


async def test_a_mute_is_listed_until_it_is_taken_back(api: httpx2.AsyncClient) -> None:
    body = {"owner": "ada", "until": until()}
    muted = (await api.put(f"/orgs/acme/mutes/{CASE_ID}", json=body)).json()
    listed = await get(api, "/orgs/acme/mutes")
    taken_back = await api.delete(f"/orgs/acme/mutes/{CASE_ID}")
    again = await api.delete(f"/orgs/acme/mutes/{CASE_ID}")

    assert listed == {"count": 1, "mutes": [muted]}
    assert (taken_back.status_code, taken_back.json()) == (200, muted)
    assert (again.status_code, again.json()["error"]) == (
        404,
        snapshot("The case 0123456789abcdef-1 of acme is not muted."),
    )
    assert (await get(api, "/orgs/acme/mutes"))["count"] == 0


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({"until": until()}, 400, "owner"),
        ({"owner": "ada"}, 400, "until"),
        ({"owner": "", "until": until()}, 422, "owner"),
        ({"owner": "a" * 201, "until": until()}, 422, "owner"),
        ({"owner": "ada", "until": "tomorrow"}, 422, "until"),
        ({"owner": "ada", "until": "2126-01-01T00:00:00"}, 422, "until"),
        ({"owner": "ada", "until": until(-1)}, 422, "until"),
        ({"owner": "ada", "until": until(367)}, 422, "until"),
        ({"owner": "ada", "until": until(), "reason": "x" * 8001}, 422, "reason"),
    ],
)
async def test_a_mute_out_of_bounds_is_refused_by_its_field(
    api: httpx2.AsyncClient, body: dict[str, object], status: int, field: str
) -> None:
    answer = await api.put(f"/orgs/acme/mutes/{CASE_ID}", json=body)

    assert answer.status_code == status, answer.text
    assert answer.json()["problems"][0]["field"] == field
    assert (await get(api, "/orgs/acme/mutes"))["count"] == 0


async def test_an_order_that_is_none_and_a_case_that_is_not_there(api: httpx2.AsyncClient) -> None:
    assert (await api.get("/orgs/acme/cases?order=best")).status_code == 422
    assert (await api.get("/orgs/acme/cases?cursor=best")).status_code == 422
    assert (await api.get("/orgs/acme/cases/none")).json()["error"] == snapshot(
        "There is no case none of acme that ended since its history is kept."
    )
    assert (await get(api, "/orgs/acme/cases"))["cases"] == []
