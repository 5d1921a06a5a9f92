"""The runner and its gateway with nothing replaced: unmodified Appwright, Playwright, Appium and adb."""

import asyncio
import os
import shutil
import sys
import zipfile
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from qgjob.agent import process_table
from qgjob.agent.android_home import make_android_home
from qgjob.agent.appium import Appium
from qgjob.agent.free_port import free_port
from qgjob.agent.gateway import DeviceCapabilities, FaultKind, Gateway
from qgjob.agent.processes import Processes
from qgjob.agent.project import Project, prepare_project
from qgjob.agent.runner import (
    Alive,
    CaseBegan,
    CaseEnded,
    RunBegan,
    RunEnded,
    RunnerEvent,
    RunnerProcess,
    RunnerRequest,
    RunStatus,
    disagreements,
    list_cases,
    start_playwright,
)
from qgjob.agent.tools import ensure_tools
from qgjob.core.errors import ConfigurationError, InfrastructureError
from qgjob.core.words import CaseStatus, Platform, ResetMode
from tests.virtual_android.adb import BINARY, AdbDevice, adb_server
from virtual_android.farm import start_device

pytestmark = [pytest.mark.anyio, pytest.mark.journey]

ROOT = Path(__file__).parents[2]
SHOP = ROOT / "examples" / "shop"
HOME = ROOT / ".cache" / "agent"
PACKAGE = "com.example.shop"
SMOKE = ("the app starts", "a guest can buy a mug", "a guest can leave again")
COUPON = "coupon SAVE10 takes ten per cent off"

Deed = Callable[[RunnerProcess], Awaitable[None]]


@dataclass(frozen=True, kw_only=True)
class Bench:
    folder: Path
    processes: Processes
    env: dict[str, str]
    device: AdbDevice
    appium: Appium

    async def prove(self) -> None:
        """Stands for the agent's proof: the device answers, and has the app."""
        listed = await asyncio.to_thread(self.device.shell, f"pm path {PACKAGE}")
        if listed.code != 0:
            raise InfrastructureError(f"{self.device.serial} does not show {PACKAGE}: {listed.err.strip()}")

    async def project(self, change: Callable[[Path], None] = lambda _: None) -> Project:
        """Prepare the example as an agent does, changed or as it is."""
        copy, bundle = self.folder / "shop", self.folder / "shop.zip"
        shutil.copytree(SHOP, copy, ignore=shutil.ignore_patterns("node_modules"))
        change(copy)
        with zipfile.ZipFile(bundle, "w") as archive:
            for file in sorted(copy.rglob("*")):
                archive.write(file, file.relative_to(copy))
        return await prepare_project(bundle, HOME, self.processes, say=lambda _: None)

    def gateway(self) -> Gateway:
        (self.folder / "screenshots").mkdir()
        return Gateway(
            appium_port=self.appium.port,
            capabilities=DeviceCapabilities(
                serial=self.device.serial,
                system_port=free_port(),
                adb_port=self.device.adb.port,
                reset=ResetMode.CLEAR,
            ),
            prove=self.prove,
            screenshots=self.folder / "screenshots",
        )

    async def request(self, gateway_port: int, *specs: str) -> RunnerRequest:
        work = self.folder / "work"
        work.mkdir()
        return RunnerRequest(
            project=await self.project(),
            specs=specs,
            project_name="android",
            platform=Platform.ANDROID,
            app=SHOP / "builds" / "shop-2.0.0.apk",
            gateway_port=gateway_port,
            device_name=self.device.serial,
            work=work,
            case_timeout_s=60,
            env=self.env,
        )


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    home = tmp_path / "home"
    home.mkdir()
    processes = Processes(tmp_path / "processes.json")
    tools = await ensure_tools(HOME, processes, say=lambda _: None)
    android = make_android_home(tmp_path / "android", adb=BINARY, python=sys.executable, env={})
    with (
        adb_server(home) as adb,
        start_device(name="Virtual Android A", models=[SHOP / "app-model.json"]) as started,
    ):
        env = {
            "PATH": os.environ["PATH"],
            "HOME": str(home),
            "ANDROID_ADB_SERVER_PORT": str(adb.port),
            **android.env(),
        }
        device = AdbDevice(adb=adb, serial=started.serial)
        device.connect()
        assert device.run("install", "-g", str(SHOP / "builds" / "shop-2.0.0.apk")).code == 0
        appium = Appium(tools, android, processes, folder=tmp_path / "appium", env=env)
        await appium.start()
        try:
            yield Bench(folder=tmp_path, processes=processes, env=env, device=device, appium=appium)
        finally:
            await appium.stop()


async def run(
    bench: Bench, gateway: Gateway, *specs: str, at_case: int = 0, deed: Deed | None = None
) -> tuple[RunnerProcess, list[RunnerEvent]]:
    """Run specs to the end; `deed` is done once the case of this number has a session."""
    request = await bench.request(await gateway.start(), *specs)
    events = list[RunnerEvent]()
    async with await start_playwright(request, bench.processes) as runner, asyncio.TaskGroup() as deeds:
        async for event in runner.events():
            events.append(event)
            if deed and isinstance(event, CaseBegan) and sum(isinstance(each, CaseBegan) for each in events) == at_case:
                deeds.create_task(after_session(gateway, at_case, runner, deed))
    return runner, events


async def after_session(gateway: Gateway, number: int, runner: RunnerProcess, deed: Deed) -> None:
    async with asyncio.timeout(30):
        while len(gateway.sessions) < number:  # noqa: ASYNC110 -- a record, not an event, is what tests may look at
            await asyncio.sleep(0.01)
    await deed(runner)


def ended(events: list[RunnerEvent]) -> dict[str, CaseEnded]:
    return {event.case.title: event for event in events if isinstance(event, CaseEnded)}


async def test_two_specs_run_in_one_process_and_every_case_is_told_as_it_ends(bench: Bench) -> None:
    gateway = bench.gateway()
    runner, events = await run(bench, gateway, "tests/smoke.spec.js", "tests/known-bug.spec.js")
    await gateway.close()

    began, end, cases = events[0], events[-1], ended(events)
    assert isinstance(began, RunBegan)
    assert {case.title for case in began.cases} == {*SMOKE, COUPON}
    assert (began.retries, began.timeout_s) == (2, None)  # Appwright's own defaults in a CI
    assert isinstance(end, RunEnded)
    assert (end.status, runner.exit_code) == (RunStatus.FAILED, 1)
    assert {title: case.status for title, case in cases.items()} == {
        **dict.fromkeys(SMOKE, CaseStatus.PASSED),
        COUPON: CaseStatus.FAILED,
    }
    kinds = [type(event) for event in events if not isinstance(event, Alive)]  # as often as the machine is slow
    assert kinds == [RunBegan, *[CaseBegan, CaseEnded] * 4, RunEnded]
    assert disagreements(runner.files.report, cases.values()) == []

    assert gateway.faults == ()
    assert [session.case_id for session in gateway.sessions] == [
        event.case.case_id for event in events if isinstance(event, CaseEnded)
    ]
    assert all(session.ended for session in gateway.sessions)
    counters = bench.device.counters()
    assert counters["installs"][PACKAGE] == 1
    assert counters["sessions"] == {PACKAGE: 4}
    assert counters["clears"] == {PACKAGE: 4}


async def test_a_failure_leaves_what_is_needed_to_understand_it(bench: Bench) -> None:
    gateway = bench.gateway()
    runner, events = await run(bench, gateway, "tests/known-bug.spec.js")
    await gateway.close()

    failed = ended(events)[COUPON]
    (error,) = failed.errors
    assert 'Expected: "Discount: 10 %"\nReceived: "Discount: 0 %"' in error.message
    assert error.location is not None
    assert error.location.file == "tests/known-bug.spec.js"
    traces = [attachment.path for attachment in failed.attachments if attachment.name == "trace"]
    assert [path is not None and zipfile.is_zipfile(path) for path in traces] == [True]
    assert zipfile.is_zipfile(runner.files.blob / "report.zip")
    assert COUPON in runner.files.output.read_text()
    (session,) = gateway.sessions
    assert session.screenshot is not None
    assert session.screenshot.read_bytes().startswith(b"\x89PNG")
    assert "getText" in {step.title.partition("(")[0] for step in failed.steps}


async def test_a_cancelled_run_leaves_no_process_and_no_session(bench: Bench) -> None:
    gateway = bench.gateway()
    runner, events = await run(bench, gateway, "tests/checkout.spec.js", at_case=2, deed=RunnerProcess.cancel)
    await gateway.close()

    assert runner.exit_code == 130
    end, cases = events[-1], [event for event in events if isinstance(event, CaseEnded)]
    assert isinstance(end, RunEnded)
    assert end.status is RunStatus.INTERRUPTED
    assert [case.status for case in cases] == [CaseStatus.PASSED, CaseStatus.INTERRUPTED]
    assert process_table.members(runner._process.pid) == []
    assert [session.ended for session in gateway.sessions] == [True, True]
    assert len(bench.device.events("session_ended")) == 2


async def test_a_device_unplugged_under_a_test_is_noticed_before_the_test_gives_up(bench: Bench) -> None:
    gateway = bench.gateway()

    async def unplug(runner: RunnerProcess) -> None:
        await asyncio.to_thread(bench.device.shell, "virtual fault unplug")
        async with asyncio.timeout(5):  # Appwright itself would look for its element ten seconds long
            await gateway.wait_until_lost()
        await runner.cancel()

    _, events = await run(bench, gateway, "tests/checkout.spec.js", at_case=2, deed=unplug)
    await gateway.close()

    assert gateway.faults[-1].kind in {FaultKind.DEVICE_GONE, FaultKind.NOT_PROVEN}
    passed = [event.case.title for event in events if isinstance(event, CaseEnded) and event.status == "passed"]
    assert passed == ["checking out › sums up a cart of 1"]


async def test_an_appium_that_dies_under_a_test_is_noticed_at_once(bench: Bench) -> None:
    gateway = bench.gateway()

    async def stop(runner: RunnerProcess) -> None:
        await bench.appium.stop()
        await gateway.wait_until_lost()
        await runner.cancel()

    await run(bench, gateway, "tests/checkout.spec.js", at_case=2, deed=stop)
    await gateway.close()

    assert gateway.faults[-1].kind is FaultKind.APPIUM_GONE


async def test_the_cases_of_a_typescript_project_are_listed_without_a_device(bench: Bench) -> None:
    listing = await list_cases(
        await bench.project(),
        specs=None,
        project_name=None,
        platform=Platform.ANDROID,
        work=bench.folder,
        env=bench.env,
        processes=bench.processes,
    )
    assert [case.title for case in listing.cases_of("tests/smoke.spec.js")] == [*SMOKE]
    assert listing.cases_of("tests/shop.js") == ()
    assert listing.retries == 2


async def test_a_spec_with_a_syntax_error_is_a_wrong_configuration(bench: Bench) -> None:
    def spoil(folder: Path) -> None:
        (folder / "tests" / "smoke.spec.js").write_text("const = 1;\n")

    project = await bench.project(spoil)
    with pytest.raises(ConfigurationError, match=r"(?s)SyntaxError.*\(tests/smoke.spec.js:1\)"):
        await list_cases(
            project,
            specs=["tests/smoke.spec.js"],
            project_name="android",
            platform=Platform.ANDROID,
            work=bench.folder,
            env=bench.env,
            processes=bench.processes,
        )
