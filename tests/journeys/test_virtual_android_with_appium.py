"""The exam of the virtual device: real Appium with its real UiAutomator2 driver, driven by plain WebDriver calls."""

import os
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import aiohttp
import pytest

from qgjob.agent.android_home import make_android_home
from qgjob.agent.appium import Appium
from qgjob.agent.free_port import free_port
from qgjob.agent.processes import Processes
from qgjob.agent.tools import ensure_tools
from tests.virtual_android.adb import BINARY, Adb, AdbDevice, adb_server, wait_until
from virtual_android.farm import start_device

pytestmark = [pytest.mark.anyio, pytest.mark.journey]

ROOT = Path(__file__).parents[2]
SHOP = ROOT / "examples" / "shop"
TOOLS_HOME = ROOT / ".cache" / "agent"
PACKAGE = "com.example.shop"
HELPERS = ("io.appium.settings", "io.appium.uiautomator2.server", "io.appium.uiautomator2.server.test")
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"


@dataclass(frozen=True, kw_only=True)
class Reply:
    status: int
    value: object

    @property
    def error(self) -> str:
        return cast("dict[str, str]", self.value)["error"]


@dataclass(frozen=True, kw_only=True)
class Driver:
    """WebDriver's own paths; nothing between this test and Appium."""

    http: aiohttp.ClientSession
    path: str = ""

    async def call(self, method: str, path: str, body: object = None) -> Reply:
        async with self.http.request(method, self.path + path, json=body) as response:
            return Reply(status=response.status, value=(await response.json())["value"])

    async def find(self, using: str, value: str) -> str:
        found = await self.call("POST", "/element", {"using": using, "value": value})
        assert found.status == 200, found.value
        return cast("dict[str, str]", found.value)[ELEMENT]

    async def click(self, name: str) -> None:
        element = await self.find("-android uiautomator", f'new UiSelector().resourceIdMatches(".*{name}")')
        assert (await self.call("POST", f"/element/{element}/click", {})).status == 200

    async def text(self, name: str) -> object:
        element = await self.find("xpath", f'//*[@resource-id="{PACKAGE}:id/{name}"]')
        return (await self.call("GET", f"/element/{element}/text")).value


@dataclass(frozen=True, kw_only=True)
class Bench:
    device: AdbDevice
    http: aiohttp.ClientSession
    system_port: int

    @asynccontextmanager
    async def session(self, **extra: object) -> AsyncIterator[Driver]:
        began = await Driver(http=self.http).call("POST", "/session", {"capabilities": self._capabilities(extra)})
        assert began.status == 200, began.value
        driver = Driver(http=self.http, path=f"/session/{cast('dict[str, str]', began.value)['sessionId']}")
        try:
            yield driver
        finally:
            await driver.call("DELETE", "")

    async def refused_session(self) -> Reply:
        return await Driver(http=self.http).call("POST", "/session", {"capabilities": self._capabilities({})})

    def _capabilities(self, extra: dict[str, object]) -> object:
        wanted = {
            "automationName": "UiAutomator2",
            "udid": self.device.serial,
            "appPackage": PACKAGE,
            "appActivity": f"{PACKAGE}.MainActivity",
            "fullReset": False,
            "noReset": False,
            "systemPort": self.system_port,
            "adbPort": self.device.adb.port,
            "suppressKillServer": True,
            **extra,
        }
        prefixed = {f"appium:{name}": value for name, value in wanted.items()}
        return {"alwaysMatch": {"platformName": "Android", **prefixed}, "firstMatch": [{}]}


@pytest.fixture
def adb(tmp_path: Path) -> Iterator[Adb]:
    (tmp_path / "home").mkdir()
    with adb_server(tmp_path / "home") as adb:
        yield adb


@pytest.fixture
async def bench(tmp_path: Path, adb: Adb) -> AsyncIterator[Bench]:
    processes = Processes(tmp_path / "processes.json")
    tools = await ensure_tools(TOOLS_HOME, processes, say=lambda _: None)
    android = make_android_home(tmp_path / "android", adb=BINARY, python=sys.executable, env={})
    env = {"PATH": os.environ["PATH"], "HOME": str(tmp_path / "home"), "ANDROID_ADB_SERVER_PORT": str(adb.port)}
    appium = Appium(tools, android, processes, folder=tmp_path / "appium", env=env)
    with start_device(name="Virtual Android A", models=[SHOP / "app-model.json"]) as started:
        device = AdbDevice(adb=adb, serial=started.serial)
        device.connect()
        assert device.run("install", str(SHOP / "builds" / "shop-1.2.3.apk")).code == 0
        port = await appium.start()
        try:
            async with aiohttp.ClientSession(f"http://127.0.0.1:{port}") as http:
                yield Bench(device=device, http=http, system_port=free_port())
        finally:
            await appium.stop()


async def test_a_test_drives_the_app_through_appium(bench: Bench) -> None:
    async with bench.session() as driver:
        await driver.click("skip_tour")
        email = await driver.find("id", f"{PACKAGE}:id/email")
        await driver.call("POST", f"/element/{email}/value", {"text": "ann@example.com"})
        await driver.click("password")
        keys = [{"type": kind, "value": letter} for letter in "correct horse" for kind in ("keyDown", "keyUp")]
        await driver.call("POST", "/actions", {"actions": [{"type": "key", "id": "keyboard", "actions": keys}]})
        await driver.call("DELETE", "/actions")
        await driver.click("sign_in")

        assert await driver.text("greeting") == "Hello ann@example.com"
        assert (await driver.call("GET", f"/element/{email}/text")).error == "stale element reference"
        assert (await driver.call("GET", "/window/rect")).value == {"x": 0, "y": 0, "width": 1080, "height": 2400}
        assert str((await driver.call("GET", "/screenshot")).value).startswith("iVBORw0KGgo")
        assert "Hello ann@example.com" in str((await driver.call("GET", "/source")).value)


async def test_sessions_in_a_row_clear_the_app_and_install_nothing(bench: Bench) -> None:
    for _ in range(4):
        async with bench.session() as driver:
            assert await driver.text("tour_title") == "Welcome to Example Shop"
            await driver.click("skip_tour")
            assert await driver.text("title") == "Sign in"

    counters = bench.device.counters()
    assert counters["installs"] == {PACKAGE: 1, **dict.fromkeys(HELPERS, 1)}
    assert counters["clears"] == {PACKAGE: 4}
    assert counters["sessions"] == {PACKAGE: 4}


async def test_the_driver_asks_nothing_that_the_device_does_not_know(bench: Bench) -> None:
    async with bench.session() as driver:
        await driver.click("skip_tour")

    assert bench.device.events("unknown_command") == []
    assert bench.device.events("unknown_endpoint") == []
    assert bench.device.events("service_refused") == []


async def test_data_is_kept_between_sessions_that_ask_for_it(bench: Bench) -> None:
    async with bench.session(noReset=True) as driver:
        await driver.click("skip_tour")

    async with bench.session(noReset=True, forceAppLaunch=True) as driver:
        assert await driver.text("title") == "Sign in"
    assert bench.device.counters()["clears"] == {}


async def test_a_device_that_drops_in_mid_test_fails_the_session_and_serves_the_next(bench: Bench) -> None:
    async with bench.session() as driver:
        bench.device.shell("virtual fault drop")
        wait_until(lambda: len(bench.device.events("host_connected")) == 2)
        lost = await driver.call("POST", "/element", {"using": "id", "value": "tour_title"})
        assert lost.status == 500

    async with bench.session() as driver:
        assert await driver.text("tour_title") == "Welcome to Example Shop"


async def test_an_app_is_ended_and_brought_back_through_the_driver(bench: Bench) -> None:
    async def mobile(driver: Driver, deed: str) -> object:
        script = {"script": f"mobile: {deed}", "args": [{"appId": PACKAGE}]}
        return (await driver.call("POST", "/execute/sync", script)).value

    async with bench.session() as driver:
        assert await mobile(driver, "queryAppState") == 4
        assert await mobile(driver, "terminateApp") is True
        assert await mobile(driver, "queryAppState") == 1
        await mobile(driver, "activateApp")
        assert await driver.text("tour_title") == "Welcome to Example Shop"


async def test_an_app_that_ends_leaves_the_launcher_in_front(bench: Bench) -> None:
    async with bench.session() as driver:
        bench.device.shell(f"am force-stop {PACKAGE}")

        gone = await driver.call("POST", "/element", {"using": "id", "value": f"{PACKAGE}:id/tour_title"})
        package = await driver.call("POST", "/execute/sync", {"script": "mobile: getCurrentPackage", "args": []})

    assert (gone.status, gone.error) == (404, "no such element")
    assert package.value == "com.android.launcher3"
