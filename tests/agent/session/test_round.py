"""A round is stopped: what its process still does until it notices is nobody's failure."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Self, cast

import pytest

from qgjob.agent.appium.fake import FakeAppium
from qgjob.agent.cache import Cache
from qgjob.agent.delivery.uploads import Uploads
from qgjob.agent.device.fake import FakeDevice
from qgjob.agent.device.fake_server import NoAdb
from qgjob.agent.device.held import HeldPackages
from qgjob.agent.device.installation import Installation
from qgjob.agent.processes import Processes
from qgjob.agent.project import Project
from qgjob.agent.runner import (
    CaseBegan,
    CaseEnded,
    Outcome,
    RunBegan,
    RunEnded,
    RunnerEvent,
    RunnerProcess,
    RunnerRequest,
    RunStatus,
)
from qgjob.agent.session import round as rounds
from qgjob.agent.session.job_run import JobRun
from qgjob.agent.session.materials import Materials
from qgjob.agent.session.orders import Orders
from qgjob.agent.session.round import Round, Slot, Stage
from qgjob.agent.session.story import LeaseStory
from qgjob.agent.workshop import Workshop
from qgjob.client import Client
from qgjob.core.attempt import Case
from qgjob.core.lease import Lease, LeasedJob
from qgjob.core.words import AgentId, AppVersionId, CaseStatus, GroupId, JobId, LeaseToken, OrgId, ResetMode, WorkerId
from qgjob.wire.agents import AttemptEnded, Event
from tests.agent.devices import shop

pytestmark = pytest.mark.anyio

AT = datetime(2026, 11, 28, 10, 0, tzinfo=UTC)
LOGIN = Case(case_id="1", title="logs in", file="tests/login.spec.js", line=1)
CHECKOUT = Case(case_id="2", title="buys", file="tests/checkout.spec.js", line=1)


def ended(case: Case, status: CaseStatus) -> CaseEnded:
    return CaseEnded(
        at=AT,
        case=case,
        retry=0,
        status=status,
        expected=CaseStatus.PASSED,
        outcome=Outcome.UNEXPECTED,
        seconds=0.1,
        errors=(),
        steps=(),
        attachments=(),
    )


@dataclass(kw_only=True)
class Script:
    """A runner process that does something, then waits to be stopped, and does more before it notices."""

    before: Sequence[RunnerEvent]
    after: Sequence[RunnerEvent]
    waits: asyncio.Event = field(default_factory=asyncio.Event)
    stopped: asyncio.Event = field(default_factory=asyncio.Event)

    async def prepare(self, bundle: Path) -> Project:
        raise NotImplementedError(bundle)

    async def prepare_app(self, app: Path) -> None:
        raise NotImplementedError(app)

    async def start(self, _request: RunnerRequest) -> RunnerProcess:
        return cast("RunnerProcess", self)

    async def events(self) -> AsyncIterator[RunnerEvent]:
        for event in self.before:
            yield event
        self.waits.set()
        await self.stopped.wait()
        for event in self.after:
            yield event

    async def cancel(self) -> None:
        self.stopped.set()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_error: object) -> None:
        """Nothing runs."""


@dataclass(kw_only=True)
class Scene:
    folder: Path
    processes: Processes
    told: list[Event] = field(default_factory=list)
    orders: Orders = field(default_factory=Orders)

    def round(self, script: Script, *cases: Case) -> Round:
        """A round of the jobs that these cases are of, one each."""
        device = FakeDevice("fake-1", self.folder / "device")
        slot = Slot(
            device=device, installation=Installation(device, HeldPackages(self.folder / "held.json")), system_port=0
        )
        jobs = tuple(
            LeasedJob(job_id=JobId(case.file), attempt=1, test_path=case.file, timeout_s=None) for case in cases
        )
        binary, app = shop("1.0.0")
        project = Project(
            folder=self.folder,
            config=self.folder,
            playwright_cli=self.folder,
            appwright_version="",
            playwright_version="",
        )
        client = Client("http://127.0.0.1:9", timeout_s=1)
        stage = Stage(
            lease=Lease(
                token=LeaseToken(1),
                worker_id=WorkerId("w"),
                deadline_at=AT,
                org_id=OrgId("acme"),
                app_version_id=AppVersionId("v1"),
                group_id=GroupId("g"),
                app=binary,
                bundle=None,
                project=None,
                reset=ResetMode.CLEAR,
                jobs=jobs,
                reason="",
            ),
            slot=slot,
            materials=Materials(project=project, binary=binary, app=app, uploaded=True),
            workshop=Workshop(
                processes=self.processes,
                cache=Cache(self.folder / "cache", client),
                uploads=Uploads(client, AgentId("a"), lambda _: None),
                runner=script,
                adb=NoAdb(),
                appium=FakeAppium(),
                work=self.folder / "work",
                own_project=None,
                env={},
                say=lambda _: None,
            ),
            story=LeaseStory(self.told.append),
            orders=self.orders,
        )
        return Round([JobRun(job=job) for job in jobs], stage, appium_port=9, work=self.folder / "work")

    def endings(self) -> list[AttemptEnded]:
        return [event for event in self.told if event["kind"] == "attempt_ended"]


@pytest.fixture
def scene(tmp_path: Path, processes: Processes, monkeypatch: pytest.MonkeyPatch) -> Scene:
    monkeypatch.setattr(rounds, "is_full", lambda _: False)
    return Scene(folder=tmp_path, processes=processes)


async def test_a_case_that_begins_as_its_agent_ends_says_nothing_about_the_test(scene: Scene) -> None:
    began = RunBegan(at=AT, cases=(LOGIN,), retries=0, timeout_s=None)
    last_words: list[RunnerEvent] = [
        CaseBegan(at=AT, case=LOGIN, retry=0),
        ended(LOGIN, CaseStatus.INTERRUPTED),
        RunEnded(at=AT, status=RunStatus.INTERRUPTED, seconds=0.1),
    ]
    script = Script(before=[began], after=last_words)
    running = asyncio.create_task(scene.round(script, LOGIN).run())
    await script.waits.wait()
    scene.orders.end_agent()
    await running
    (attempt,) = scene.endings()
    assert (attempt["verdict"], attempt["fault"]) == ("infra_error", "infrastructure")


async def test_a_job_that_begins_as_another_one_is_cancelled_did_not_fail(scene: Scene) -> None:
    began: list[RunnerEvent] = [
        RunBegan(at=AT, cases=(LOGIN, CHECKOUT), retries=0, timeout_s=None),
        CaseBegan(at=AT, case=LOGIN, retry=0),
    ]
    last_words: list[RunnerEvent] = [
        ended(LOGIN, CaseStatus.PASSED),
        CaseBegan(at=AT, case=CHECKOUT, retry=0),
        ended(CHECKOUT, CaseStatus.INTERRUPTED),
        RunEnded(at=AT, status=RunStatus.INTERRUPTED, seconds=0.1),
    ]
    script = Script(before=began, after=last_words)
    running = asyncio.create_task(scene.round(script, LOGIN, CHECKOUT).run())
    await script.waits.wait()
    scene.orders.cancel([JobId(LOGIN.file)])
    await running
    assert [(each["job_id"], each["verdict"]) for each in scene.endings()] == [
        (LOGIN.file, "passed"),
        (CHECKOUT.file, "infra_error"),
    ]


@pytest.mark.parametrize("disk_is_full", [False, True])
async def test_a_job_that_begins_although_its_device_is_lost_did_not_fail(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, disk_is_full: bool
) -> None:
    began: list[RunnerEvent] = [
        RunBegan(at=AT, cases=(LOGIN, CHECKOUT), retries=0, timeout_s=None),
        CaseBegan(at=AT, case=LOGIN, retry=0),
    ]
    last_words: list[RunnerEvent] = [
        ended(LOGIN, CaseStatus.FAILED),
        CaseBegan(at=AT, case=CHECKOUT, retry=0),
        ended(CHECKOUT, CaseStatus.INTERRUPTED),
        RunEnded(at=AT, status=RunStatus.INTERRUPTED, seconds=0.1),
    ]
    script = Script(before=began, after=last_words)
    round_ = scene.round(script, LOGIN, CHECKOUT)
    running = asyncio.create_task(round_.run())
    await script.waits.wait()
    monkeypatch.setattr(rounds, "is_full", lambda _: disk_is_full)
    (scene.folder / "device" / "unplugged").touch()
    round_.gateway.give_up("It does not answer.")
    await running
    lost, late = scene.endings()
    assert (lost["verdict"], lost["fault"]) == (late["verdict"], late["fault"]) == ("infra_error", "infrastructure")
    assert (lost["loss"], late["loss"]) == (("host", "host") if disk_is_full else ("device", None))


async def test_a_round_that_mixes_its_jobs_is_ended_and_tells_nothing_of_them(scene: Scene) -> None:
    again = Case(case_id="3", title="logs out", file=LOGIN.file, line=9)
    began: list[RunnerEvent] = [RunBegan(at=AT, cases=(LOGIN, CHECKOUT, again), retries=0, timeout_s=None)]
    last_words: list[RunnerEvent] = [
        CaseBegan(at=AT, case=LOGIN, retry=0),
        ended(LOGIN, CaseStatus.PASSED),
        RunEnded(at=AT, status=RunStatus.INTERRUPTED, seconds=0.1),
    ]
    script = Script(before=began, after=last_words)
    round_ = scene.round(script, LOGIN, CHECKOUT)
    await round_.run()

    assert script.stopped.is_set()
    assert round_.is_to_be_split
    assert scene.told == []
