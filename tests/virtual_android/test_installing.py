"""The package manager, through the real adb: what it accepts, refuses, remembers and counts."""

import hashlib
import re
from pathlib import Path

from tests.virtual_android.adb import AdbDevice

PACKAGE = "com.example.shop"


def installed_version(device: AdbDevice) -> str:
    match = re.search(r"versionName=(\S+)", device.shell(f"dumpsys package {PACKAGE}").out)
    return match[1] if match else "none"


def test_an_installed_apk_is_on_the_device_byte_for_byte(device: AdbDevice, shop: Path) -> None:
    apk = shop / "shop-1.0.0.apk"

    result = device.run("install", str(apk))

    assert (result.code, result.out) == (0, "Performing Streamed Install\nSuccess\n")
    path = device.shell(f"pm path {PACKAGE}").out.removeprefix("package:").strip()
    digest = hashlib.sha256(apk.read_bytes()).hexdigest()
    assert device.shell(f"sha256sum {path}").out == f"{digest}  {path}\n"
    assert device.shell(f"stat -c %s {path}").out == f"{apk.stat().st_size}\n"


def test_the_package_dump_says_what_is_installed_and_since_when(device: AdbDevice, shop: Path) -> None:
    before = device.shell("date '+%Y-%m-%d %H:%M:%S'").out.strip()
    device.run("install", str(shop / "shop-1.2.3.apk"))
    after = device.shell("date '+%Y-%m-%d %H:%M:%S'").out.strip()

    dump = device.shell(f"dumpsys package {PACKAGE}").out

    assert "versionCode=123 " in dump
    assert "versionName=1.2.3\n" in dump
    updated_at = re.search(r"lastUpdateTime=(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)\n", dump)
    assert updated_at is not None
    assert before <= updated_at[1] <= after
    assert f"firstInstallTime={updated_at[1]}\n" in dump


def test_a_newer_version_replaces_the_older_and_moves_its_folder(device: AdbDevice, shop: Path) -> None:
    device.run("install", str(shop / "shop-1.0.0.apk"))
    old_path = device.shell(f"pm path {PACKAGE}").out

    result = device.run("install", "-r", str(shop / "shop-2.0.0.apk"))

    assert result.code == 0
    assert installed_version(device) == "2.0.0"
    assert device.shell(f"pm path {PACKAGE}").out != old_path
    assert device.counters()["installs"] == {PACKAGE: 2}


def test_an_older_version_is_refused_unless_a_downgrade_is_allowed(device: AdbDevice, shop: Path) -> None:
    device.run("install", str(shop / "shop-2.0.0.apk"))

    refused = device.run("install", "-r", str(shop / "shop-1.0.0.apk"))

    assert refused.code == 1
    assert "INSTALL_FAILED_VERSION_DOWNGRADE: Downgrade detected" in refused.err
    assert installed_version(device) == "2.0.0"
    assert device.run("install", "-r", "-d", str(shop / "shop-1.0.0.apk")).code == 0
    assert installed_version(device) == "1.0.0"
    assert device.counters()["installs"] == {PACKAGE: 2}
    assert device.counters()["refused_installs"] == {PACKAGE: 1}


def test_a_second_install_that_must_not_replace_is_refused(device: AdbDevice, shop: Path) -> None:
    device.run("install", str(shop / "shop-1.0.0.apk"))

    refused = device.run("install", "-R", str(shop / "shop-1.0.0.apk"))

    assert "INSTALL_FAILED_ALREADY_EXISTS" in refused.err


def test_bytes_that_are_no_apk_are_refused(device: AdbDevice, tmp_path: Path) -> None:
    no_apk = tmp_path / "no.apk"
    no_apk.write_bytes(b"certainly not a zip file")

    refused = device.run("install", str(no_apk))

    assert refused.code == 1
    assert "INSTALL_PARSE_FAILED_NOT_APK" in refused.err
    assert device.counters()["refused_installs"] == {"unknown": 1}


def test_a_pushed_apk_can_be_installed_from_its_file(device: AdbDevice, shop: Path) -> None:
    result = device.run("install", "--no-streaming", str(shop / "shop-1.0.0.apk"))

    assert result.code == 0
    assert installed_version(device) == "1.0.0"


def test_clearing_and_uninstalling_are_counted_and_fail_for_what_is_not_there(device: AdbDevice, shop: Path) -> None:
    device.run("install", str(shop / "shop-1.0.0.apk"))

    assert device.shell(f"pm clear {PACKAGE}").out == "Success\n"
    assert device.run("uninstall", PACKAGE).out == "Success\n"
    assert device.shell(f"pm clear {PACKAGE}").out == "Failed\n"
    assert device.run("uninstall", PACKAGE).code == 1
    assert device.shell(f"pm path {PACKAGE}").code == 1
    counters = device.counters()
    assert (counters["clears"], counters["uninstalls"]) == ({PACKAGE: 1}, {PACKAGE: 1})


def test_permissions_are_granted_at_the_installation_or_later(device: AdbDevice, shop: Path) -> None:
    device.run("install", str(shop / "shop-1.0.0.apk"))

    assert device.shell(f"pm grant {PACKAGE} android.permission.CAMERA").code == 0
    assert device.shell("pm grant no.such.package android.permission.CAMERA").code == 255


def test_each_install_is_in_the_event_log_with_its_hash(device: AdbDevice, shop: Path) -> None:
    apk = shop / "shop-1.0.0.apk"
    device.run("install", str(apk))

    (event,) = device.events("installed")

    assert event["sha256"] == hashlib.sha256(apk.read_bytes()).hexdigest()
    assert (event["package"], event["version_name"]) == (PACKAGE, "1.0.0")
