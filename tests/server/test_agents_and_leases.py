"""An agent's life by plain HTTP: register, claim, report, renew."""

import httpx2
import pytest
from inline_snapshot import snapshot

from tests.server.farm import (
    SHOP_1_0_0,
    Json,
    a_lease,
    a_registered_agent,
    an_agent,
    an_uploaded_app,
    an_uploaded_bundle,
    get,
    post,
    sha256_of,
    submitted,
)

pytestmark = pytest.mark.anyio

AT = "2026-11-23T08:00:00+00:00"
CASE = {"case_id": "c1", "title": "login › works", "file": "tests/login.spec.js", "line": 3}


async def a_leased_job(api: httpx2.AsyncClient) -> tuple[str, str, Json]:
    """Have one job on its way to an agent: (job id, worker id, lease)."""
    await an_uploaded_app(api)
    job_id = await submitted(api, bundle=await an_uploaded_bundle(api))
    worker_id = await a_registered_agent(api)
    return job_id, worker_id, await a_lease(api, worker_id)


async def report(api: httpx2.AsyncClient, lease: Json, *events: Json, agent_id: str = "agent-1") -> Json:
    numbered = [{"seq": number, "at": AT, **event} for number, event in enumerate(events, 1)]
    return await post(api, f"/leases/{lease['token']}/events", {"agent_id": agent_id, "events": numbered})


def installed(**fields: object) -> Json:
    event = {"kind": "installed", "reused": False, "seconds": 2.5, "proof": "content_hash"}
    return {**event, "sha256": sha256_of(SHOP_1_0_0), "package": "com.example.shop", **fields}


def case_ended(job_id: str, status: str = "passed") -> Json:
    event = {"kind": "case_ended", "job_id": job_id, "attempt": 1, "case": CASE, "status": status}
    return {**event, "expected": "passed", "seconds": 1.5, "errors": [], "session": True}


def attempt_ended(job_id: str, verdict: str = "passed") -> Json:
    event = {"kind": "attempt_ended", "job_id": job_id, "attempt": 1, "verdict": verdict, "fault": None}
    return {**event, "message": None, "seconds": 2.0, "sessions": 1, "project_retries": 0}


async def test_an_agent_is_told_its_workers_and_how_long_leases_last(api: httpx2.AsyncClient) -> None:
    registered = await post(api, "/agents", an_agent())
    worker_id = registered["workers"][0].pop("worker_id")

    assert worker_id.startswith("worker-")
    assert registered == snapshot(
        {
            "agent_id": "agent-1",
            "protocol": 2,
            "workers": [{"serial": "emulator-5554"}],
            "lease_s": 75.0,
            "renew_every_s": 20.0,
        }
    )


async def test_an_agent_that_comes_back_has_the_same_workers(api: httpx2.AsyncClient) -> None:
    assert await a_registered_agent(api) == await a_registered_agent(api)


async def test_an_agents_workers_are_listed(api: httpx2.AsyncClient) -> None:
    worker_id = await a_registered_agent(api)
    worker = (await get(api, "/workers"))["workers"][0]

    assert (worker["worker_id"], worker["agent_id"], worker["serial"]) == (worker_id, "agent-1", "emulator-5554")
    assert (worker["platform"], worker["target_types"], worker["status"]) == ("android", ["emulator"], "idle")


async def test_an_agent_of_an_older_protocol_is_told_to_update(api: httpx2.AsyncClient) -> None:
    response = await api.post("/agents", json=an_agent(protocol=1))

    assert response.status_code == 422
    assert response.json()["error"] == snapshot(
        "Agent host-1 (version 0.1.0) speaks protocol 1; this server (0.1.0) speaks 2 to 3. Update the agent."
    )


async def test_a_claim_is_answered_with_a_whole_lease(api: httpx2.AsyncClient) -> None:
    job_id, worker_id, lease = await a_leased_job(api)

    assert (lease["worker_id"], lease["org_id"], lease["app_version_id"]) == (worker_id, "acme", "v1.0.0")
    assert lease["app"]["sha256"] == sha256_of(SHOP_1_0_0)
    assert lease["jobs"] == [
        {
            "job_id": job_id,
            "attempt": 1,
            "test_path": "tests/login.spec.js",
            "timeout_s": None,
            "idle_timeout_s": None,
            "grep": None,
            "places": [],
        }
    ]
    assert lease["reason"]
    assert (await get(api, f"/jobs/{job_id}"))["status"] == "queued"


async def test_a_claim_of_an_unknown_agent_is_not_found(api: httpx2.AsyncClient) -> None:
    body = {"agent_id": "nobody", "worker_ids": ["worker-0"], "wait_s": 0}

    assert (await api.post("/leases", json=body)).status_code == 404


async def test_a_job_runs_from_its_lease_to_its_verdict(api: httpx2.AsyncClient) -> None:
    job_id, worker_id, lease = await a_leased_job(api)

    outcome = await report(
        api,
        lease,
        {"kind": "install_started"},
        installed(),
        {"kind": "attempt_started", "job_id": job_id, "attempt": 1},
        {"kind": "case_started", "job_id": job_id, "attempt": 1, "case": CASE},
        case_ended(job_id),
        attempt_ended(job_id),
        {"kind": "lease_ended"},
    )
    job = await get(api, f"/jobs/{job_id}")
    attempt = (await get(api, f"/jobs/{job_id}/attempts"))["attempts"][0]
    stats = await get(api, "/stats")

    assert outcome == {"last_seq": 7, "in_force": False, "cancel": []}
    assert (job["status"], job["verdict"], job["attempts"]) == ("completed", "passed", 1)
    assert (attempt["worker_id"], attempt["verdict"], attempt["late"]) == (worker_id, "passed", False)
    assert attempt["counts"] == {"total": 1, "passed": 1, "failed": 0, "flaky": 0, "skipped": 0, "not_run": 0}
    assert attempt["cases"][0]["title"] == "login › works"
    assert (stats["installs"], stats["sessions"], stats["installs_stock"]) == (1, 1, 1)


async def test_the_cases_of_a_run_come_with_their_executions(api: httpx2.AsyncClient) -> None:
    job_id, worker_id, lease = await a_leased_job(api)
    await report(
        api,
        lease,
        installed(),
        {"kind": "attempt_started", "job_id": job_id, "attempt": 1},
        case_ended(job_id),
        attempt_ended(job_id),
    )
    run_id = (await get(api, f"/jobs/{job_id}"))["run_id"]
    page = await get(api, f"/runs/{run_id}/cases")
    (case,) = page["cases"]

    assert (page["count"], page["next_cursor"]) == (1, None)
    assert (case["job_id"], case["title"], case["outcome"]) == (job_id, "login › works", "passed")
    assert (case["target"], case["project"], case["muted"]) == ("emulator", None, False)
    assert [(each["attempt"], each["worker_id"], each["ok"]) for each in case["executions"]] == [(1, worker_id, True)]
    assert (await get(api, f"/runs/{run_id}"))["cases"]["total"] == 1


async def test_the_cases_of_no_run_are_not_found(api: httpx2.AsyncClient) -> None:
    assert (await api.get("/runs/nobody/cases")).status_code == 404
    assert (await api.get("/runs/nobody/cases?limit=501")).status_code == 422


async def test_an_event_that_comes_twice_counts_once(api: httpx2.AsyncClient) -> None:
    _, _, lease = await a_leased_job(api)
    await report(api, lease, {"kind": "install_started"}, installed())
    again = await report(api, lease, {"kind": "install_started"}, installed())

    assert again == {"last_seq": 2, "in_force": True, "cancel": []}
    assert (await get(api, "/stats"))["installs"] == 1


async def test_a_cancelled_job_is_named_in_the_next_answers(api: httpx2.AsyncClient) -> None:
    job_id, worker_id, lease = await a_leased_job(api)
    await report(api, lease, {"kind": "attempt_started", "job_id": job_id, "attempt": 1})
    await post(api, f"/jobs/{job_id}/cancel")
    renewal = {"agent_id": "agent-1", "worker_ids": [worker_id], "tokens": [lease["token"]]}
    renewed = await post(api, "/leases/renew", renewal)

    assert [(state["in_force"], state["cancel"]) for state in renewed["leases"]] == [(True, [job_id])]


async def test_a_renewal_of_a_strange_lease_says_that_it_is_not_in_force(api: httpx2.AsyncClient) -> None:
    worker_id = await a_registered_agent(api)
    renewed = await post(api, "/leases/renew", {"agent_id": "agent-1", "worker_ids": [worker_id], "tokens": [99]})

    assert renewed == {"leases": [{"token": 99, "in_force": False, "deadline_at": None, "cancel": []}]}


async def test_a_renewal_of_an_unknown_agent_is_not_found(api: httpx2.AsyncClient) -> None:
    body = {"agent_id": "nobody", "worker_ids": [], "tokens": []}

    assert (await api.post("/leases/renew", json=body)).status_code == 404


async def test_a_report_on_somebody_elses_lease_is_not_found(api: httpx2.AsyncClient) -> None:
    _, _, lease = await a_leased_job(api)
    body = {"agent_id": "agent-2", "events": []}

    assert (await api.post(f"/leases/{lease['token']}/events", json=body)).status_code == 404


@pytest.mark.parametrize("token", ["x", "-1", "1.5", "99999999999999999999"])
async def test_a_token_that_is_none_is_refused(api: httpx2.AsyncClient, token: str) -> None:
    response = await api.post(f"/leases/{token}/events", json={"agent_id": "agent-1", "events": []})

    assert response.status_code == 422


@pytest.mark.parametrize("at", ["yesterday", "2026-11-23T08:00:00", "", "0001-01-01T00:00:00+14:00"])
async def test_a_time_that_is_none_is_refused_with_its_place(api: httpx2.AsyncClient, at: str) -> None:
    event = {"kind": "install_started", "seq": 1, "at": at}
    response = await api.post("/leases/1/events", json={"agent_id": "agent-1", "events": [event]})

    assert (response.status_code, response.json()["problems"][0]["field"]) == (422, "events.0.at")


async def test_evidence_comes_back_as_it_was_stored(api: httpx2.AsyncClient) -> None:
    job_id, _, lease = await a_leased_job(api)
    await report(api, lease, {"kind": "attempt_started", "job_id": job_id, "attempt": 1}, attempt_ended(job_id))
    address = f"/jobs/{job_id}/attempts/1/evidence/results%2Ftrace.zip"
    query = f"?sha256={sha256_of(b'trace')}&kind=trace&agent_id=agent-1"

    stored = await api.put(address + query, content=b"trace")
    listed = (await get(api, f"/jobs/{job_id}/attempts"))["attempts"][0]["evidence"]
    fetched = await api.get(address)

    assert (stored.status_code, [stored.json()]) == (200, listed)
    assert listed == [{"name": "results/trace.zip", "kind": "trace", "sha256": sha256_of(b"trace"), "size_bytes": 5}]
    assert (fetched.content, fetched.headers["content-type"]) == (b"trace", "application/zip")
    assert fetched.headers["content-disposition"] == 'attachment; filename="trace.zip"'
    assert fetched.headers["x-content-type-options"] == "nosniff"


async def test_a_page_among_the_evidence_is_never_shown_as_one(api: httpx2.AsyncClient) -> None:
    job_id, _, lease = await a_leased_job(api)
    await report(api, lease, {"kind": "attempt_started", "job_id": job_id, "attempt": 1})
    page = b"<script>alert(1)</script>"
    address = f"/jobs/{job_id}/attempts/1/evidence/index.html"
    await api.put(f"{address}?sha256={sha256_of(page)}&kind=report&agent_id=agent-1", content=page)
    fetched = await api.get(address)

    assert fetched.headers["content-type"] == "application/octet-stream"
    assert fetched.headers["content-security-policy"] == "sandbox"


async def test_evidence_of_somebody_elses_attempt_is_refused(api: httpx2.AsyncClient) -> None:
    job_id, _, lease = await a_leased_job(api)
    await report(api, lease, {"kind": "attempt_started", "job_id": job_id, "attempt": 1})
    query = f"?sha256={sha256_of(b'x')}&kind=log&agent_id=agent-2"

    assert (await api.put(f"/jobs/{job_id}/attempts/1/evidence/a.txt{query}", content=b"x")).status_code == 409
    assert (await api.put(f"/jobs/nobody/attempts/1/evidence/a.txt{query}", content=b"x")).status_code == 404


@pytest.mark.parametrize("name", ["..%2Fx.png", "a%2F..%2Fx.png", "%2Fetc%2Fx.png", "a%5Cx.png", ".bashrc", "a%0A.txt"])
async def test_evidence_under_a_name_that_leads_elsewhere_is_refused(api: httpx2.AsyncClient, name: str) -> None:
    response = await api.put(
        f"/jobs/any/attempts/1/evidence/{name}?kind=output&agent_id=a&sha256={'0' * 64}", content=b"x"
    )

    assert response.status_code == 422


async def test_evidence_with_another_hash_is_refused(api: httpx2.AsyncClient) -> None:
    job_id, _, lease = await a_leased_job(api)
    await report(api, lease, {"kind": "attempt_started", "job_id": job_id, "attempt": 1})
    query = f"?sha256={sha256_of(b'promised')}&kind=log&agent_id=agent-1"

    response = await api.put(f"/jobs/{job_id}/attempts/1/evidence/output.txt{query}", content=b"sent")

    assert response.status_code == 422
    assert (await api.get(f"/jobs/{job_id}/attempts/1/evidence/output.txt")).status_code == 404


async def test_a_worker_is_drained_and_resumed_by_name(api: httpx2.AsyncClient) -> None:
    _, worker_id, lease = await a_leased_job(api)
    drained = await post(api, f"/workers/{worker_id}/drain")

    assert (drained["status"], drained["draining"]) == ("draining", True)
    assert drained["current_jobs"] == [job["job_id"] for job in lease["jobs"]]
    assert (await post(api, f"/workers/{worker_id}/resume"))["status"] == "busy"
    assert (await api.post("/workers/nobody/drain")).status_code == 404


async def test_an_attempt_shows_what_went_down_with_it(api: httpx2.AsyncClient) -> None:
    job_id, _, lease = await a_leased_job(api)
    lost = {"verdict": "infra_error", "fault": "infrastructure", "loss": "device", "message": "the device is gone"}
    await report(
        api,
        lease,
        {"kind": "attempt_started", "job_id": job_id, "attempt": 1},
        {"kind": "attempt_ended", "job_id": job_id, "attempt": 1, "seconds": 1, "sessions": 1, **lost}
        | {"project_retries": None},
    )
    (attempt,) = (await get(api, f"/jobs/{job_id}/attempts"))["attempts"]

    assert (attempt["verdict"], attempt["loss"]) == ("infra_error", "device")


async def test_a_retry_is_offered_with_the_places_of_what_failed(api: httpx2.AsyncClient) -> None:
    job_id, worker_id, lease = await a_leased_job(api)
    case = {"kind": "case_ended", "job_id": job_id, "attempt": 1, "expected": "passed", "seconds": 1, "errors": []}
    of_job = {"job_id": job_id, "attempt": 1}
    await report(
        api,
        lease,
        {"kind": "attempt_started", **of_job},
        {**case, "case": CASE | {"select_line": 3}, "status": "passed", "session": True},
        {**case, "case": CASE | {"case_id": "c2", "line": 9, "select_line": 7}, "status": "failed", "session": True},
        {"kind": "attempt_ended", "verdict": "failed", "fault": "test", "message": None, "seconds": 2, "sessions": 2}
        | {"project_retries": None, **of_job},
        {"kind": "lease_ended"},
    )
    (job,) = (await a_lease(api, worker_id))["jobs"]

    assert (job["attempt"], job["places"]) == (2, [{"file": "tests/login.spec.js", "line": 7}])
