"""Devices that do not exist: refused unless the server was told to take them, and known by their name for ever."""

from collections.abc import AsyncIterator
from dataclasses import replace

import httpx2
import pytest

from qgjob.server.app import create_app
from qgjob.server.settings import Settings, read_settings
from tests.server.farm import Json, a_lease, an_agent, an_uploaded_app, an_uploaded_bundle, get, post, submitted

pytestmark = pytest.mark.anyio


@pytest.fixture
async def lenient(settings: Settings) -> AsyncIterator[httpx2.AsyncClient]:
    app = create_app(replace(settings, allow_fake=True))
    transport = httpx2.ASGITransport(app)
    async with (
        app.router.lifespan_context(app),
        httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1:5000") as client,
    ):
        yield client


def a_fake_agent() -> Json:
    agent = an_agent()
    return {**agent, "workers": [{**agent["workers"][0], "serial": "fake-1", "fake": True}]}


async def test_a_server_gives_its_jobs_to_real_devices_alone(api: httpx2.AsyncClient) -> None:
    refused = await api.post("/agents", json=a_fake_agent())
    assert refused.status_code == 422
    assert "host-1 brings devices that do not exist (fake-1)" in refused.json()["error"]
    assert (await get(api, "/workers"))["workers"] == []


async def test_a_server_for_trials_takes_them_and_names_them_so(lenient: httpx2.AsyncClient) -> None:
    (worker,) = (await post(lenient, "/agents", a_fake_agent()))["workers"]
    (shown,) = (await get(lenient, "/workers"))["workers"]
    assert shown["name"] == "host-1/fake-1 (fake)"
    facts = (await get(lenient, "/facts"))["facts"]
    assert [fact["data"]["fakes"] for fact in facts if fact["kind"] == "agent_registered"] == [[worker["worker_id"]]]


async def test_every_attempt_on_one_says_so(lenient: httpx2.AsyncClient) -> None:
    await an_uploaded_app(lenient)
    job_id = await submitted(lenient, bundle=await an_uploaded_bundle(lenient))
    (worker,) = (await post(lenient, "/agents", a_fake_agent()))["workers"]
    lease = await a_lease(lenient, worker["worker_id"])
    at = "2026-11-28T08:00:00+00:00"
    started = {"kind": "attempt_started", "seq": 1, "at": at, "job_id": job_id, "attempt": 1}
    await post(lenient, f"/leases/{lease['token']}/events", {"agent_id": "agent-1", "events": [started]})
    (attempt,) = (await get(lenient, f"/jobs/{job_id}/attempts"))["attempts"]
    assert attempt["worker_name"] == "host-1/fake-1 (fake)"


@pytest.mark.parametrize(("value", "allowed"), [("1", True), ("0", False), ("", False)])
def test_the_environment_decides(value: str, allowed: bool) -> None:
    environ = {"QGJOB_ALLOW_FAKE": value, "XDG_DATA_HOME": "/data"}
    settings = read_settings(host="127.0.0.1", port=0, data_dir=None, database_url=None, environ=environ)
    assert settings.allow_fake is allowed
