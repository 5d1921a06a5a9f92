"""The one knob of the rule reaches whoever decides."""

from dataclasses import replace

import httpx2
import pytest

from qgjob.server.app import create_app
from qgjob.server.settings import Settings
from tests.server.farm import a_lease, a_registered_agent, an_uploaded_app, an_uploaded_bundle, post

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(("theta", "helps"), [(1.5, True), (6, False)])
async def test_a_larger_theta_needs_more_waiting_for_another_installation(
    settings: Settings, theta: float, helps: bool
) -> None:
    """Five unknown tests of a minute: with one device the last starts in five minutes, which are five installations."""
    app = create_app(replace(settings, theta=theta))
    async with (
        app.router.lifespan_context(app),
        httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://127.0.0.1:5000") as api,
    ):
        await an_uploaded_app(api)
        bundle = await an_uploaded_bundle(api)
        job = {"test_path": "tests/login.spec.js"}
        await post(api, "/runs", {"org_id": "acme", "app_version_id": "v1.0.0", "bundle": bundle, "jobs": [job] * 5})
        await a_lease(api, await a_registered_agent(api))
        second = await a_registered_agent(api, agent_id="agent-2")
        claim = {"agent_id": "agent-2", "worker_ids": [second], "wait_s": 0}
        claimed = await post(api, "/leases", claim)
        old = (await post(api, "/workers", {"name": "old", "target_types": ["emulator"]}))["worker_id"]

        assert len(claimed["leases"]) == helps
        assert ("next_job" in await post(api, f"/workers/{old}/heartbeat")) == helps
