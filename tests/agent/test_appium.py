"""Appium as the agent keeps it: a process whose start, death and log it can tell. Played by a small Node server."""

import asyncio
import os
import re
import shutil
import signal
import socket
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from qgjob.agent import process_table
from qgjob.agent.android_home import AndroidHome
from qgjob.agent.appium import Appium
from qgjob.agent.appium import server as appium_server
from qgjob.agent.appium.log import lines_of_device, lines_of_sessions
from qgjob.agent.processes import Processes
from qgjob.agent.tools import Tools
from qgjob.core.errors import InfrastructureError

pytestmark = pytest.mark.anyio

SERVER = """\
const [address, port] = ["--address", "--port"].map((flag) => process.argv[process.argv.indexOf(flag) + 1]);
console.log("2026-01-01 00:00:00:000 - [Appium] arguments " + process.argv.slice(2).join(" "));
console.log("2026-01-01 00:00:00:000 - [Appium] home " + process.env.APPIUM_HOME + " " + process.env.ANDROID_HOME);
const server = require("http").createServer((_, answer) => answer.end('{"value": {"ready": true}}'));
server.on("error", (error) => { console.log("[Appium] Error: " + error.message); process.exit(1); });
server.listen(port, address, () => console.log("Appium REST http interface listener started on http://" + address));
"""


def make_appium(folder: Path, script: str = SERVER) -> Appium:
    node = shutil.which("node")
    assert node is not None
    (folder / "index.js").write_text(script)
    tools = Tools(folder=folder / "tools", appium_js=folder / "index.js", node=Path(node))
    android = AndroidHome(folder=folder / "android", adb=folder / "adb")
    processes = Processes(folder / "processes.json")
    return Appium(tools, android, processes, folder=folder / "appium", env={"PATH": os.environ["PATH"]})


@pytest.fixture
async def appium(tmp_path: Path) -> AsyncIterator[Appium]:
    server = make_appium(tmp_path)
    yield server
    await server.stop()


async def until(holds: Callable[[], bool], *, within_s: float = 10.0) -> None:
    deadline = time.monotonic() + within_s
    while not holds():
        assert time.monotonic() < deadline, "it did not come to hold"
        await asyncio.sleep(0.01)


async def test_it_listens_on_loopback_alone_and_says_so_when_it_is_ready(appium: Appium) -> None:
    port = await appium.start()

    assert await appium.healthy()
    assert f"arguments server --address 127.0.0.1 --port {port} ".encode() in appium.log_since(0)


async def test_it_is_given_its_home_and_that_of_android(appium: Appium, tmp_path: Path) -> None:
    await appium.start()

    assert f"home {tmp_path / 'tools'} {tmp_path / 'android'}\n".encode() in appium.log_since(0)


async def test_after_stop_nothing_of_it_runs(appium: Appium) -> None:
    port = await appium.start()
    await appium.stop()

    assert not await appium.healthy()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port)).close()


async def test_one_that_died_is_not_healthy_and_can_be_started_again(appium: Appium, tmp_path: Path) -> None:
    await appium.start()
    (pid,) = map(int, re.findall(r'"pid": (\d+)', (tmp_path / "processes.json").read_text()))
    os.kill(pid, signal.SIGKILL)
    await until(lambda: process_table.birth(pid) is None)

    assert not await appium.healthy()
    await appium.start()

    assert await appium.healthy()


async def test_one_that_does_not_start_says_what_it_said_last(tmp_path: Path) -> None:
    appium = make_appium(tmp_path, "console.log('Error: cannot find module x'); process.exit(1);")

    with pytest.raises(InfrastructureError, match=r"^Appium did not start on port \d+.*cannot find module x$"):
        await appium.start()


async def test_one_that_never_listens_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(appium_server, "START_TIMEOUT_S", 0.2)
    appium = make_appium(tmp_path, "setInterval(() => {}, 1000);")

    with pytest.raises(InfrastructureError, match="Appium did not start"):
        await appium.start()

    assert not await appium.healthy()


async def test_a_port_that_somebody_else_took_first_costs_only_another_try(
    appium: Appium, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as taken, socket.socket() as probe:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        probe.bind(("127.0.0.1", 0))
        ports = [taken.getsockname()[1], probe.getsockname()[1]]
        probe.close()
        monkeypatch.setattr(appium_server, "free_port", iter(ports).__next__)

        assert await appium.start() == ports[1]


async def test_the_log_since_an_offset_is_what_came_after_it(appium: Appium) -> None:
    await appium.start()
    end = appium.log_end()
    with appium.log_path.open("ab") as log:
        log.write(b"a line of a session\n")

    assert appium.log_since(end) == b"a line of a session\n"


async def test_a_log_grown_too_large_is_emptied_and_offsets_stay_valid(
    appium: Appium, monkeypatch: pytest.MonkeyPatch
) -> None:
    await appium.start()
    before = appium.log_end()
    monkeypatch.setattr(appium_server, "LARGEST_LOG", 10)

    emptied_at = appium.log_end()
    with appium.log_path.open("ab") as log:
        log.write(b"after\n")

    assert emptied_at == before
    assert appium.log_since(emptied_at) == b"after\n"
    assert appium.log_since(0) == b"after\n"


async def test_the_server_goes_on_writing_to_an_emptied_log_without_a_gap(tmp_path: Path) -> None:
    appium = make_appium(tmp_path, f"{SERVER}\nprocess.on('SIGUSR2', () => console.log('still here'));")
    await appium.start()
    (pid,) = map(int, re.findall(r'"pid": (\d+)', (tmp_path / "processes.json").read_text()))
    os.truncate(appium.log_path, 0)

    os.kill(pid, signal.SIGUSR2)

    await until(lambda: appium.log_path.read_bytes() == b"still here\n")
    await appium.stop()


LOG = b"""\
2026-11-23 02:45:57:418 - [HTTP] --> POST /session {"capabilities": "of the first"}
2026-11-23 02:45:57:428 - [21f877ac][AndroidUiautomator2Driver@70ba] Session created with session id: 21f877ac-a094
2026-11-23 02:45:57:430 - [5a5a5a5a][ADB] of another session
  continued
2026-11-23 02:45:57:431 - [21f877ac][ADB] Running {
  "adb": true
}
2026-11-23 02:45:58:291 - [HTTP] <-- DELETE /session/21f877ac-a094 200 351 ms - 14
2026-11-23 02:45:58:292 - [HTTP] <-- DELETE /session/5a5a5a5a-0000 200 351 ms - 14
"""


def asked(driver: str, serial: str) -> bytes:
    return f"""\
2026-11-23 02:45:57:425 - [AndroidUiautomator2Driver@{driver}] Creating session with W3C capabilities: {{
  "alwaysMatch": {{
    "appium:udid": "{serial}",
  }}
}}
""".encode()


def created(driver: str, session_id: str) -> bytes:
    mark = f"[{session_id[:8]}][AndroidUiautomator2Driver@{driver}]"
    return (
        f"2026-11-23 02:45:57:428 - {mark} Session created with session id: {session_id}\n"
        f"2026-11-23 02:45:57:429 - {mark} a line\n"
    ).encode()


def test_the_lines_of_a_device_are_those_of_the_sessions_asked_for_it() -> None:
    mine, other, mine_too = "aaaaaaaa-0001", "bbbbbbbb-0002", "cccccccc-0003"
    log = (
        asked("70ba", "emulator-5554")
        + asked("11ff", "emulator-55541")
        + created("11ff", other)
        + created("70ba", mine)
        + asked("9d9d", "emulator-5554")
        + created("9d9d", mine_too)
    )

    assert lines_of_device(log, "emulator-5554") == created("70ba", mine) + created("9d9d", mine_too)


def test_the_lines_of_a_session_are_its_own_with_their_continuations() -> None:
    assert (
        lines_of_sessions(LOG, ["21f877ac-a094"])
        == b"""\
2026-11-23 02:45:57:428 - [21f877ac][AndroidUiautomator2Driver@70ba] Session created with session id: 21f877ac-a094
2026-11-23 02:45:57:431 - [21f877ac][ADB] Running {
  "adb": true
}
2026-11-23 02:45:58:291 - [HTTP] <-- DELETE /session/21f877ac-a094 200 351 ms - 14
"""
    )


def test_without_a_session_there_are_no_lines() -> None:
    assert lines_of_sessions(LOG, []) == b""
