"""The shell, files and the log, through the real adb."""

import subprocess
from pathlib import Path

from tests.virtual_android.adb import AdbDevice


def test_it_never_passes_for_a_real_device(device: AdbDevice) -> None:
    assert device.shell("getprop ro.product.model").out == "Virtual Android A\n"
    assert device.shell("getprop ro.kernel.qemu").out == "1\n"
    listed = device.adb.run("devices", "-l").out
    assert f"{device.serial}" in listed
    assert "model:Virtual_Android_A" in listed


def test_exit_codes_and_both_outputs_arrive(device: AdbDevice) -> None:
    result = device.shell("echo out; echo err >&2; exit 7")

    assert (result.code, result.out, result.err) == (7, "out\n", "err\n")


def test_steps_depend_on_what_came_before(device: AdbDevice) -> None:
    assert device.shell("false && echo no || echo yes; true || echo no").out == "yes\n"


def test_an_unknown_command_is_answered_as_by_a_device_and_recorded(device: AdbDevice) -> None:
    result = device.shell("frobnicate --now")

    assert (result.code, result.err) == (127, "/system/bin/sh: frobnicate: inaccessible or not found\n")
    assert [event["line"] for event in device.events("unknown_command")] == ["frobnicate --now"]


def test_standard_input_reaches_the_command(device: AdbDevice) -> None:
    assert device.run("shell", "cat", stdin="one\ntwo\n").out == "one\ntwo\n"


def test_a_pipe_filters_lines(device: AdbDevice) -> None:
    assert device.shell("getprop | grep ro.build.version").out == (
        "[ro.build.version.preview_sdk]: [0]\n[ro.build.version.release]: [13]\n[ro.build.version.sdk]: [33]\n"
    )


def test_settings_are_kept(device: AdbDevice) -> None:
    device.shell("settings put global hidden_api_policy 1")

    assert device.shell("settings get global hidden_api_policy").out == "1\n"
    assert device.shell("settings get global other").out == "null\n"


def test_a_pushed_file_can_be_tested_read_listed_pulled_and_removed(device: AdbDevice, tmp_path: Path) -> None:
    content = bytes(range(256)) * 2_000
    (tmp_path / "sent").write_bytes(content)

    pushed = device.run("push", str(tmp_path / "sent"), "/data/local/tmp/it")
    pulled = device.run("pull", "/data/local/tmp/it", str(tmp_path / "came"))

    assert (pushed.code, pulled.code) == (0, 0)
    assert (tmp_path / "came").read_bytes() == content
    assert device.shell("[ -e '/data/local/tmp/it' ] && echo __PASS__").out == "__PASS__\n"
    assert device.run("ls", "/data/local/tmp").out.split()[-1] == "it"
    assert device.shell("ls /data/local/tmp").out == "it\n"
    assert device.shell("rm /data/local/tmp/it && cat /data/local/tmp/it").code == 1


def test_pulling_what_is_not_there_fails(device: AdbDevice, tmp_path: Path) -> None:
    result = device.run("pull", "/sdcard/nothing", str(tmp_path / "came"))

    assert result.code == 1
    assert "does not exist" in result.err


def test_the_log_streams_while_things_happen(device: AdbDevice, shop: Path) -> None:
    argv = device.adb.argv("-s", device.serial, "logcat", "-v", "threadtime")
    with subprocess.Popen(argv, env=device.adb.environment, stdout=subprocess.PIPE, text=True) as logcat:
        assert logcat.stdout is not None
        assert logcat.stdout.readline() == "--------- beginning of main\n"
        device.run("install", str(shop / "shop-1.0.0.apk"))

        line = logcat.stdout.readline()
        logcat.terminate()

    assert line.endswith("I PackageManager: Installed com.example.shop 1.0.0\n")


def test_df_shows_the_room_that_is_left(device: AdbDevice, tmp_path: Path) -> None:
    def free_kib() -> int:
        return int(device.shell("df /data").out.splitlines()[1].split()[3])

    (tmp_path / "file").write_bytes(bytes(1 << 20))
    before_kib = free_kib()

    device.run("push", str(tmp_path / "file"), "/sdcard/file")

    assert before_kib - free_kib() == 1024


def test_a_started_app_is_in_front_until_it_is_stopped(device: AdbDevice, shop: Path) -> None:
    device.run("install", str(shop / "shop-1.0.0.apk"))
    launcher = device.shell("cmd package resolve-activity --brief com.example.shop").out.splitlines()[1]

    started = device.shell(f"am start-activity -W -n {launcher}")

    assert "LaunchState: COLD" in started.out
    assert "com.example.shop" in device.shell("dumpsys window").out
    assert device.shell("pidof com.example.shop").code == 0
    device.shell("am force-stop com.example.shop")
    assert "com.android.launcher3" in device.shell("dumpsys window").out
    assert device.shell("pidof com.example.shop").code == 1


def test_an_activity_that_is_not_there_cannot_be_started(device: AdbDevice) -> None:
    assert "Error type 3" in device.shell("am start-activity -n com.example.shop/.Main").out
