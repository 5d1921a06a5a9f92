"""A session that cannot begin: every job is judged or given back, and by whose problem it is."""

import asyncio
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from qgjob.agent.android_home import AndroidHome
from qgjob.agent.appium import Appium
from qgjob.agent.cache import Cache
from qgjob.agent.delivery.uploads import Uploads
from qgjob.agent.device.held import HeldPackages
from qgjob.agent.device.installation import Installation
from qgjob.agent.host_trouble import HostTrouble
from qgjob.agent.processes import Processes
from qgjob.agent.runner import AppwrightRunner
from qgjob.agent.session.orders import Orders
from qgjob.agent.session.round import Slot
from qgjob.agent.session.session import Session
from qgjob.agent.session.story import LeaseStory
from qgjob.agent.tools import Tools
from qgjob.agent.workshop import KeptAppium, Workshop
from qgjob.core.lease import Lease
from qgjob.core.words import Sha256
from qgjob.wire.agents import Event
from tests.agent.devices import Plugged
from tests.agent.server import AGENT, Served

pytestmark = [pytest.mark.anyio, pytest.mark.exam]


@dataclass(kw_only=True)
class Scene:
    """A lease, its device, and a host on which Appium never comes to be needed."""

    lease: Lease
    slot: Slot
    workshop: Workshop
    orders: Orders = field(default_factory=Orders)
    told: list[Event] = field(default_factory=list)

    async def play(self) -> None:
        work = self.workshop.work / "session"
        story = LeaseStory(self.told.append)
        await Session(self.lease, self.slot, self.workshop, story=story, orders=self.orders, work=work).run()

    def kinds(self) -> list[str]:
        return [event["kind"] for event in self.told]

    def verdicts(self) -> list[str]:
        return [event["verdict"] for event in self.told if event["kind"] == "attempt_ended"]

    def reasons(self) -> list[str]:
        return [event["reason"] for event in self.told if event["kind"] == "job_returned"]


@pytest.fixture
async def scene(served: Served, plugged: Plugged, processes: Processes, tmp_path: Path) -> Scene:
    def say(_: str) -> None:
        """Nobody listens."""

    android = AndroidHome(folder=tmp_path, adb=plugged.adb.binary)
    never = Tools(folder=tmp_path, appium_js=tmp_path / "never.js", node=tmp_path / "never")
    workshop = Workshop(
        processes=processes,
        cache=Cache(tmp_path / "cache", served.client),
        uploads=Uploads(served.client, AGENT, say),
        appium=KeptAppium(Appium(never, android, processes, folder=tmp_path, env={}), say),
        adb_port=plugged.adb.port,
        runner=AppwrightRunner(processes, home=tmp_path / "cache", say=say),
        work=tmp_path / "work",
        own_project=None,
        env={},
        say=say,
    )
    installation = Installation(plugged.driver, HeldPackages(tmp_path / "held.json"))
    slot = Slot(device=plugged.driver, installation=installation, system_port=8200)
    return Scene(lease=await asyncio.to_thread(served.lease), slot=slot, workshop=workshop)


async def test_a_bundle_that_is_no_project_is_a_fault_of_the_configuration(scene: Scene) -> None:
    await scene.play()
    assert scene.kinds() == ["attempt_ended", "lease_ended"]
    assert scene.verdicts() == ["configuration_error"]


async def test_a_job_without_a_bundle_needs_an_agent_with_a_project(scene: Scene) -> None:
    scene.lease = replace(scene.lease, bundle=None)
    await scene.play()
    (ended, _) = scene.told
    assert ended["kind"] == "attempt_ended"
    assert ended["message"] == (
        "The job came without a bundle, and this agent has no project of its own (`qgjob agent --project DIR`)."
    )


async def test_a_bundle_that_the_server_has_lost_is_said_to_be_unknown(scene: Scene) -> None:
    scene.lease = replace(scene.lease, bundle=Sha256("0" * 64))
    await scene.play()
    assert scene.verdicts() == ["configuration_error"]


async def test_a_device_that_is_gone_gives_the_jobs_back(
    scene: Scene, plugged: Plugged, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qgjob.agent.device.adb.CONNECT_TIMEOUT_S", 2.0)
    await plugged.order("fault", "unplug")
    while await plugged.driver.reachable():
        pass
    await scene.play()
    assert scene.kinds() == ["job_returned", "lease_ended"]
    assert scene.reasons()[0].startswith(f"The device {plugged.serial} did not answer within 2 s")


async def test_trouble_of_the_host_gives_the_jobs_back_and_is_told_to_the_agent(scene: Scene, tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file is in the way of the cache", encoding="utf-8")
    with pytest.raises(HostTrouble):
        await scene.play()
    assert scene.kinds() == ["job_returned", "lease_ended"]


async def test_a_session_told_to_stop_gives_its_jobs_back(scene: Scene) -> None:
    scene.orders.end_agent()
    await scene.play()
    assert scene.reasons() == ["The agent stopped before it began."]


async def test_a_bug_of_ours_spends_an_attempt_and_is_not_hidden(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(*_args: object, **_kwargs: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("qgjob.agent.session.session.gather", broken)
    with pytest.raises(ZeroDivisionError):
        await scene.play()
    (ended, _) = scene.told
    assert ended["kind"] == "attempt_ended"
    assert (ended["verdict"], ended["fault"]) == ("infra_error", "us")
