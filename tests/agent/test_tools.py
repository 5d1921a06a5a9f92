"""The tools of an agent: installed once per lock, whole or not at all, shared by all that start at the same time."""

import asyncio
from pathlib import Path

import pytest

from qgjob.agent.android_home import make_android_home
from qgjob.agent.appium import Appium
from qgjob.agent.host_trouble import HostTrouble
from qgjob.agent.processes import Processes
from qgjob.agent.tools import PACKAGE, ensure_tools
from qgjob.core.errors import ConfigurationError

pytestmark = pytest.mark.anyio
SHOP = Path(__file__).parents[2] / "examples" / "shop" / "builds" / "shop-2.0.0.apk"
INSTALL = f"""\
mkdir -p node_modules/appium node_modules/driver/apks
echo > node_modules/appium/index.js
cp {SHOP} node_modules/driver/apks/server.apk
"""


@pytest.fixture
def processes(tmp_path: Path) -> Processes:
    return Processes(tmp_path / "processes.json")


def npm_that(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """Put an npm on PATH that does this in the place of reaching for a registry."""
    folder = tmp_path / "bin"
    folder.mkdir(exist_ok=True)
    for name, text in (("npm", script), ("node", "echo v22.12.0")):
        (folder / name).write_text(f"#!/bin/sh\n{text}\n")
        (folder / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")


async def test_they_are_installed_from_the_lock_and_found_again(
    tmp_path: Path, processes: Processes, monkeypatch: pytest.MonkeyPatch
) -> None:
    npm_that(tmp_path, monkeypatch, INSTALL)
    said: list[str] = []

    first = await ensure_tools(tmp_path / "home", processes, say=said.append)
    second = await ensure_tools(tmp_path / "home", processes, say=said.append)

    assert first == second
    assert first.node == tmp_path / "bin" / "node"
    assert (first.folder / "package-lock.json").read_bytes() == (PACKAGE / "package-lock.json").read_bytes()
    assert said == ["installing the npm packages of Appium and its Android driver"]


async def test_what_aapt_says_of_the_drivers_apps_is_kept(
    tmp_path: Path, processes: Processes, monkeypatch: pytest.MonkeyPatch
) -> None:
    npm_that(tmp_path, monkeypatch, INSTALL)

    tools = await ensure_tools(tmp_path / "home", processes, say=lambda _: None)

    badging = tools.folder / "node_modules" / "driver" / "apks" / "server.apk.badging"
    assert badging.read_text().startswith("package: name='com.example.shop'")


async def test_agents_that_start_together_install_once(
    tmp_path: Path, processes: Processes, monkeypatch: pytest.MonkeyPatch
) -> None:
    npm_that(tmp_path, monkeypatch, f"{INSTALL}echo once >> {tmp_path / 'count'}")
    said: list[str] = []

    await asyncio.gather(*(ensure_tools(tmp_path / "home", processes, say=said.append) for _ in range(3)))

    assert (tmp_path / "count").read_text() == "once\n"
    waiting = "waiting for Appium and its Android driver: another process is making it"
    assert said.count(waiting) == 2


async def test_what_a_killed_agent_left_half_installed_is_done_again(
    tmp_path: Path, processes: Processes, monkeypatch: pytest.MonkeyPatch
) -> None:
    npm_that(tmp_path, monkeypatch, f"[ ! -e rest ] && {INSTALL}")
    folder = (await ensure_tools(tmp_path / "home", processes, say=lambda _: None)).folder
    folder.rename(folder.with_name(f"{folder.name}.unfinished"))
    (folder.with_name(f"{folder.name}.unfinished") / "rest").touch()

    tools = await ensure_tools(tmp_path / "home", processes, say=lambda _: None)

    assert tools.folder == folder
    assert not (folder / "rest").exists()


async def test_without_a_network_nothing_is_left_that_looks_installed(
    tmp_path: Path, processes: Processes, monkeypatch: pytest.MonkeyPatch
) -> None:
    npm_that(tmp_path, monkeypatch, "mkdir node_modules; echo npm error code EAI_AGAIN; exit 1")

    with pytest.raises(HostTrouble, match=r"npm ci failed for Appium and its Android driver \(EAI_AGAIN\)"):
        await ensure_tools(tmp_path / "home", processes, say=lambda _: None)

    assert [path.suffix for path in (tmp_path / "home" / "tools").iterdir()] == [".lock"]


async def test_an_old_node_is_refused_before_anything_is_installed(
    tmp_path: Path, processes: Processes, monkeypatch: pytest.MonkeyPatch
) -> None:
    npm_that(tmp_path, monkeypatch, INSTALL)
    (tmp_path / "bin" / "node").write_text("#!/bin/sh\necho v18.20.0\n")

    with pytest.raises(ConfigurationError, match=r"'18\.20\.0', which Appium 3 does not run on"):
        await ensure_tools(tmp_path / "home", processes, say=lambda _: None)

    assert not (tmp_path / "home").exists()


@pytest.mark.journey
async def test_the_real_tools_install_from_the_registry_and_appium_starts_with_its_driver(
    tmp_path: Path, processes: Processes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("JAVA_HOME", raising=False)
    tools = await ensure_tools(tmp_path / "home", processes, say=lambda _: None)
    android = make_android_home(tmp_path / "android", adb=Path("/bin/true"), python="python3", env={})
    appium = Appium(tools, android, processes, folder=tmp_path / "appium", env={"PATH": "/usr/bin:/bin"})

    await appium.start()
    try:
        assert await appium.healthy()
        assert b"uiautomator2@8.7.0 (automationName 'UiAutomator2')" in appium.log_since(0)
    finally:
        await appium.stop()
    assert len(list(tools.folder.rglob("*.apk.badging"))) == 3
