"""Faults on demand: each is ordered through adb and felt through adb."""

import socket
import time
from pathlib import Path

import pytest

from tests.virtual_android.adb import Adb, AdbDevice, wait_until
from virtual_android.farm import start_device


def listens(device: AdbDevice) -> bool:
    host, _, port = device.serial.rpartition(":")
    with socket.socket() as probe:
        return probe.connect_ex((host, int(port))) == 0


def test_installs_fail_as_ordered_and_then_work_again(device: AdbDevice, shop: Path) -> None:
    device.shell("virtual fault install INSTALL_FAILED_INSUFFICIENT_STORAGE --times 1")

    first = device.run("install", str(shop / "shop-1.0.0.apk"))
    second = device.run("install", str(shop / "shop-1.0.0.apk"))

    assert "INSTALL_FAILED_INSUFFICIENT_STORAGE" in first.err
    assert second.code == 0
    assert device.counters()["refused_installs"] == {"com.example.shop": 1}


def test_installs_are_slow_as_ordered(device: AdbDevice, shop: Path) -> None:
    device.shell("virtual fault slow-install 0.6")

    device.run("install", str(shop / "shop-1.0.0.apk"))

    (event,) = device.events("installed")
    assert isinstance(event["seconds"], float)
    assert event["seconds"] >= 0.6


def test_a_dropped_connection_comes_back(device: AdbDevice) -> None:
    device.shell("virtual fault drop")

    wait_until(lambda: len(device.events("host_connected")) == 2)
    assert device.state() == "device"


def test_the_connection_drops_in_the_middle_of_a_test(device: AdbDevice) -> None:
    device.shell("virtual fault drop --after-commands 2")

    first, second = device.shell("echo one"), device.shell("echo two")

    assert (first.code, first.out) == (0, "one\n")
    assert second.code != 0


def test_a_frozen_device_answers_late(device: AdbDevice) -> None:
    device.shell("virtual fault freeze 1.2")

    def was_late() -> bool:
        began_s = time.monotonic()
        assert device.shell("echo awake").out == "awake\n"
        return time.monotonic() - began_s > 0.8

    wait_until(was_late)


def test_an_unplugged_device_refuses_connections_until_its_time_is_over(device: AdbDevice) -> None:
    device.shell("virtual fault unplug --for 1")
    wait_until(lambda: device.state() != "device")
    assert not listens(device)

    wait_until(lambda: len(device.events("host_connected")) == 2)


def test_a_full_device_takes_neither_apps_nor_files(device: AdbDevice, shop: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("content")
    device.shell("virtual fault low-storage")

    assert "INSTALL_FAILED_INSUFFICIENT_STORAGE" in device.run("install", str(shop / "shop-1.0.0.apk")).err
    assert "No space left on device" in device.run("push", str(tmp_path / "file"), "/sdcard/file").err
    assert device.shell("echo x > /sdcard/x").err == "/system/bin/sh: /sdcard/x: No space left on device\n"
    device.shell("virtual fault none")
    assert device.run("install", str(shop / "shop-1.0.0.apk")).code == 0


@pytest.mark.parametrize("order", ["shell virtual reboot", "reboot"])
def test_a_reboot_keeps_apps_and_counters_and_ends_processes(device: AdbDevice, shop: Path, order: str) -> None:
    device.run("install", str(shop / "shop-1.0.0.apk"))
    device.shell("am start-service com.example.shop; setprop debug.mark 1; setprop persist.mark 2")

    device.run(*order.split(" "))
    wait_until(lambda: device.state() != "device")
    device.reconnect()
    assert len(device.events("booted")) == 2

    assert device.shell("pidof com.example.shop").code == 1
    assert device.shell("getprop debug.mark; getprop persist.mark").out == "\n2\n"
    assert device.shell("pm path com.example.shop").code == 0
    assert device.counters()["installs"] == {"com.example.shop": 1}


@pytest.mark.parametrize(
    "order",
    [
        "fault install nonsense",
        "fault freeze",
        "fault freeze -1",
        "fault drop --after-commands 0",
        "fault unplug 3",
        "fault fly",
        "count",
        "",
    ],
)
def test_a_wrong_order_changes_nothing_and_says_why(device: AdbDevice, order: str) -> None:
    result = device.shell(f"virtual {order}")

    assert result.code == 2
    assert result.err.startswith("virtual: ")
    assert device.events("fault_ordered") == []


def test_installs_take_as_long_as_the_modelled_speed_says(adb: Adb, shop: Path) -> None:
    apk = shop / "shop-1.0.0.apk"
    speed_mb_per_s = apk.stat().st_size / 1e6 / 0.5
    with start_device(name="Virtual Android slow", install_mb_per_s=speed_mb_per_s) as started:
        device = AdbDevice(adb=adb, serial=started.serial)
        device.connect()

        device.run("install", str(apk))

        (event,) = device.events("installed")
        assert event["seconds"] == pytest.approx(0.5, abs=0.3)
