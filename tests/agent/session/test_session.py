"""A session that cannot begin: every job is judged or given back, and by whose problem it is."""

import asyncio
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from qgjob.agent.android_home import AndroidHome
from qgjob.agent.appium import Appium
from qgjob.agent.cache import Cache
from qgjob.agent.delivery.uploads import Uploads
from qgjob.agent.device.adb_server import AdbServer
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
from qgjob.core.errors import ConfigurationError, InfrastructureError
from qgjob.core.lease import Lease
from qgjob.core.words import JobId, Sha256
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
        adb=AdbServer(plugged.adb),
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


async def test_jobs_that_are_all_cancelled_while_they_are_prepared_end_the_session_at_once(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    began = asyncio.Event()

    async def fetch_for_ever(*_args: object, **_kwargs: object) -> None:
        began.set()
        await asyncio.Event().wait()

    monkeypatch.setattr("qgjob.agent.session.session.gather", fetch_for_ever)
    playing = asyncio.create_task(scene.play())
    await began.wait()
    scene.orders.cancel([job.job_id for job in scene.lease.jobs])
    await playing
    assert scene.kinds() == ["job_returned", "lease_ended"]
    assert scene.reasons() == ["It was cancelled before it began."]


async def test_a_job_cancelled_while_it_is_prepared_leaves_the_others_of_its_lease_alone(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    (job,) = scene.lease.jobs
    unwanted = replace(job, job_id=JobId("unwanted"))
    scene.lease = replace(scene.lease, jobs=(unwanted, job))

    async def cancel_one(*_args: object, **_kwargs: object) -> None:
        scene.orders.cancel([unwanted.job_id])
        while not scene.told:  # noqa: ASYNC110 -- a record, not an event, is what tests may look at
            await asyncio.sleep(0)
        raise ConfigurationError("The project is no good.")

    monkeypatch.setattr("qgjob.agent.session.session.gather", cancel_one)
    await scene.play()
    assert [(event["kind"], event.get("job_id")) for event in scene.told] == [
        ("job_returned", "unwanted"),
        ("attempt_ended", job.job_id),
        ("lease_ended", None),
    ]


async def test_an_adb_server_that_does_not_come_up_is_trouble_of_the_host(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(_: AdbServer) -> None:
        raise InfrastructureError("The adb server on port 5037 gave no answer.")

    monkeypatch.setattr(AdbServer, "ensure", fail)
    with pytest.raises(HostTrouble, match="gave no answer"):
        await scene.play()
    assert scene.kinds() == ["job_returned", "lease_ended"]


async def test_a_bug_of_ours_spends_an_attempt_and_is_not_hidden(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(*_args: object, **_kwargs: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("qgjob.agent.session.session.gather", broken)
    with pytest.raises(ZeroDivisionError):
        await scene.play()
    (ended, _) = scene.told
    assert ended["kind"] == "attempt_ended"
    assert (ended["verdict"], ended["fault"]) == ("infra_error", "us")
