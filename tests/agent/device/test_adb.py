"""The driver exam on a virtual device behind the real adb, and what adb and the shell say, read."""

import asyncio
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from qgjob.agent.device.adb import AdbDevice
from qgjob.agent.device.adb_server import adb_server
from qgjob.agent.device.adb_tool import AdbTool
from qgjob.agent.device.install_failure import install_failure
from qgjob.agent.device.package_dump import read_package_dump, read_package_paths, read_properties, read_sha256
from qgjob.agent.free_port import free_port
from qgjob.core.agent import DeviceFacts
from qgjob.core.errors import AppError, InfrastructureError
from qgjob.core.words import Platform, Target
from tests.agent.devices import PACKAGE, Plugged, shop

pytestmark = pytest.mark.anyio


async def test_a_device_says_what_it_is(plugged: Plugged) -> None:
    assert await plugged.driver.facts() == DeviceFacts(
        serial=plugged.serial,
        target=Target.EMULATOR,
        platform=Platform.ANDROID,
        os_version="13",
        model="Virtual Android A",
    )
    assert await plugged.adb.online() == (plugged.serial,)


async def test_an_app_is_found_by_the_hash_of_its_bytes_on_the_device(plugged: Plugged) -> None:
    binary, file = shop("1.2.3")
    assert await plugged.driver.find(PACKAGE) is None
    await plugged.driver.install(file, package=PACKAGE)
    found = await plugged.driver.find(PACKAGE)
    assert found is not None
    assert (found.sha256, found.version_name, found.version_code) == (binary.sha256, "1.2.3", "123")
    assert found.stamp == await plugged.driver.stamp(PACKAGE)


async def test_the_stamp_changes_even_when_the_same_bytes_are_installed_within_a_second(plugged: Plugged) -> None:
    _, file = shop("1.0.0")
    await plugged.driver.install(file, package=PACKAGE)
    first = await plugged.driver.stamp(PACKAGE)
    await plugged.driver.install(file, package=PACKAGE)
    assert await plugged.driver.stamp(PACKAGE) != first


async def test_an_older_version_is_installed_over_a_newer_one(plugged: Plugged) -> None:
    await plugged.driver.install(shop("2.0.0")[1], package=PACKAGE)
    await plugged.driver.install(shop("1.0.0")[1], package=PACKAGE)
    found = await plugged.driver.find(PACKAGE)
    assert found is not None
    assert found.version_name == "1.0.0"


async def test_removing_what_is_not_there_does_nothing(plugged: Plugged) -> None:
    await plugged.driver.uninstall(PACKAGE)
    assert await plugged.driver.find(PACKAGE) is None


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("INSTALL_FAILED_NO_MATCHING_ABIS", AppError),
        ("INSTALL_FAILED_OLDER_SDK", AppError),
        ("INSTALL_PARSE_FAILED_NO_CERTIFICATES", AppError),
        ("INSTALL_FAILED_INSUFFICIENT_STORAGE", InfrastructureError),
        ("INSTALL_FAILED_ABORTED", InfrastructureError),
    ],
)
async def test_a_refused_app_is_the_app_s_fault_only_where_trying_again_changes_nothing(
    plugged: Plugged, code: str, error: type[Exception]
) -> None:
    await plugged.order("fault", "install", code)
    with pytest.raises(error, match=f"Android refused shop-1.0.0.apk on {plugged.serial}: {code}"):
        await plugged.driver.install(shop("1.0.0")[1], package=PACKAGE)


async def test_what_is_no_apk_is_refused_as_the_app_s_fault(plugged: Plugged, tmp_path: Path) -> None:
    file = tmp_path / "not-an-app.apk"
    file.write_bytes(b"nothing of the kind")
    with pytest.raises(AppError):
        await plugged.driver.install(file, package=PACKAGE)


async def test_a_full_device_is_a_fault_of_the_infrastructure(plugged: Plugged) -> None:
    await plugged.order("fault", "low-storage")
    with pytest.raises(InfrastructureError, match="INSUFFICIENT_STORAGE"):
        await plugged.driver.install(shop("1.0.0")[1], package=PACKAGE)


async def test_an_unplugged_device_is_not_reachable_and_answers_nothing(plugged: Plugged) -> None:
    await plugged.order("fault", "unplug")
    deadline = time.monotonic() + 10
    while await plugged.driver.reachable():
        assert time.monotonic() < deadline
    with pytest.raises(InfrastructureError, match=f"The device {plugged.serial} does not answer adb"):
        await plugged.driver.find(PACKAGE)


async def test_a_device_that_was_away_for_a_while_is_connected_again(plugged: Plugged) -> None:
    await plugged.order("fault", "unplug", "--for", "2")
    deadline = time.monotonic() + 10
    while await plugged.driver.reachable():
        assert time.monotonic() < deadline
    await plugged.driver.connect()
    assert await plugged.driver.reachable()


async def test_a_device_that_answers_nothing_is_given_up_in_time(
    plugged: Plugged, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qgjob.agent.device.adb.REACHABLE_TIMEOUT_S", 0.5)
    await plugged.order("fault", "freeze", "4")
    began = time.monotonic()
    while await plugged.driver.reachable():
        assert time.monotonic() - began < 3
    assert time.monotonic() - began < 4


async def test_a_serial_that_nobody_has_is_said_so(adb: AdbTool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qgjob.agent.device.adb.CONNECT_TIMEOUT_S", 1.0)
    with pytest.raises(InfrastructureError, match="The device emulator-9999 did not answer within 1 s"):
        await AdbDevice("emulator-9999", adb).connect()


async def test_a_running_server_is_used_and_left_alone(adb: AdbTool) -> None:
    async with adb_server(adb):
        assert (await adb.call("devices")).code == 0
    assert (await adb.call("devices")).code == 0


def listening_addresses(port: int) -> set[str]:
    tables = [Path(f"/proc/net/{name}").read_text(encoding="ascii") for name in ("tcp", "tcp6")]
    rows = [line.split() for table in tables for line in table.splitlines()[1:]]
    return {row[1] for row in rows if row[3] == "0A" and row[1].endswith(f":{port:04X}")}


@pytest.mark.skipif(sys.platform != "linux", reason="reads Linux's own table of sockets")
async def test_a_server_of_ours_listens_on_loopback_only(adb: AdbTool) -> None:
    assert listening_addresses(adb.port) == {f"0100007F:{adb.port:04X}"}


async def test_a_server_of_ours_ends_with_its_block(adb: AdbTool) -> None:
    mine = replace(adb, port=free_port())
    async with adb_server(mine):
        assert (await mine.call("devices")).code == 0
    with pytest.raises(OSError):  # noqa: PT011 - refused, as every system words it
        await asyncio.open_connection("127.0.0.1", mine.port)


async def test_a_server_that_dies_is_noticed_and_started_again(adb: AdbTool) -> None:
    async with adb_server(replace(adb, port=free_port())) as server:
        before = server.deaths
        assert server._process is not None
        server._process.kill()
        await server._process.wait()
        assert not await server.answers()
        await server.ensure()
        assert await server.answers()
        assert server.deaths > before


async def test_a_server_of_somebody_else_that_stops_answering_has_died(adb: AdbTool) -> None:
    elsewhere = replace(adb, port=free_port())
    async with adb_server(elsewhere) as theirs, adb_server(elsewhere) as server:
        before = server.deaths
        await theirs.stop()
        assert not await server.answers()
        assert server.deaths == before + 1


def test_an_unknown_failure_of_adb_is_told_as_it_was_said() -> None:
    error = install_failure(file="a.apk", serial="s", output="adb: device offline\n")
    assert isinstance(error, InfrastructureError)
    assert error.message == "Could not install a.apk on s; adb said: adb: device offline"


def test_a_real_dump_of_an_updated_system_app_is_read_from_its_first_part() -> None:
    dump = """Packages:
  Package [com.example] (f3a):
    codePath=/data/app/~~a==/com.example-b==
    versionCode=42 minSdk=23 targetSdk=34
    versionName=4.2 (nightly build)
    lastUpdateTime=2026-11-01 10:00:00
  Package [com.example.other] (f3b):
    versionName=9
Hidden system packages:
  Package [com.example] (aaa):
    versionCode=1 minSdk=23
    versionName=1.0
"""
    found = read_package_dump("com.example", dump)
    assert found is not None
    assert (found.version_name, found.version_code) == ("4.2 (nightly build)", "42")
    assert found.stamp == "2026-11-01 10:00:00 /data/app/~~a==/com.example-b=="
    assert read_package_dump("com.example.missing", dump) is None


def test_answers_of_the_shell_are_read() -> None:
    assert read_package_paths("package:/a/base.apk\r\npackage:/a/split.apk\n") == ("/a/base.apk", "/a/split.apk")
    assert read_sha256(f"{'0a' * 32}  /a/base.apk\n") == "0a" * 32
    assert read_sha256("/system/bin/sh: sha256sum: not found\n") is None
    assert read_properties("[a.b]: [c]\n[d]: []\n") == {"a.b": "c", "d": ""}
