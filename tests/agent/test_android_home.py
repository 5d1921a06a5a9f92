"""The Android SDK that we make: what Appwright and Appium's driver ask of it, asked as they do."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from qgjob.agent.android_home import AndroidHome, make_android_home
from qgjob.binary.reader import write_badging

SHOP = Path(__file__).parents[2] / "examples" / "shop" / "builds" / "shop-2.0.0.apk"
SHOP_BADGING = (
    "package: name='com.example.shop' versionCode='200' versionName='2.0.0'\n"
    "sdkVersion:'24'\n"
    "targetSdkVersion:'34'\n"
    "launchable-activity: name='com.example.shop.MainActivity' label='' icon=''\n"
)


def program(path: Path, script: str = "exit 0") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


def aapt(home: AndroidHome, *arguments: str, tool: str = "aapt") -> subprocess.CompletedProcess[str]:
    command = [str(home.folder / "build-tools" / "34.0.0" / tool), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=30)


@pytest.fixture
def home(tmp_path: Path) -> AndroidHome:
    adb = program(tmp_path / "adb", 'echo "adb $*"')
    return make_android_home(tmp_path / "home", adb=adb, python=sys.executable, env={})


def test_it_holds_the_adb_that_it_was_given(home: AndroidHome) -> None:
    done = subprocess.run([home.adb, "devices"], capture_output=True, text=True, check=True)

    assert (home.adb, done.stdout) == (home.folder / "platform-tools" / "adb", "adb devices\n")


def test_its_variables_are_those_that_appwright_and_appium_read(home: AndroidHome) -> None:
    assert home.env() == {"ANDROID_HOME": str(home.folder), "ANDROID_SDK_ROOT": str(home.folder)}


@pytest.mark.parametrize("tool", ["aapt", "aapt2"])
def test_aapt_answers_about_an_apk_with_nothing_on_stderr(home: AndroidHome, tool: str) -> None:
    done = aapt(home, "dump", "badging", str(SHOP), tool=tool)

    assert (done.returncode, done.stdout, done.stderr) == (0, SHOP_BADGING, "")


def test_an_answer_kept_beside_the_apk_is_given_without_reading_it(home: AndroidHome, tmp_path: Path) -> None:
    apk = tmp_path / "with ' and $(touch x).apk"
    shutil.copyfile(SHOP, apk)
    write_badging(apk)
    apk.write_bytes(b"not read again")

    assert aapt(home, "dump", "badging", str(apk)).stdout == SHOP_BADGING


def test_aapt_says_what_is_wrong_with_a_file_that_is_no_apk(home: AndroidHome, tmp_path: Path) -> None:
    done = aapt(home, "dump", "badging", str(tmp_path / "gone.apk"))

    assert (done.returncode, done.stdout, done.stderr) == (65, "", f"{tmp_path / 'gone.apk'} is not a file.\n")


def test_aapt_refuses_what_it_does_not_imitate(home: AndroidHome) -> None:
    done = aapt(home, "package", "-f")

    assert (done.returncode, done.stderr) == (64, "this aapt answers only: dump badging FILE\n")


def test_a_python_in_a_folder_with_blanks_and_quotes_is_called(tmp_path: Path) -> None:
    python = program(tmp_path / "it's a $HOME" / "python", 'echo "$*"')

    home = make_android_home(tmp_path / "home", adb=program(tmp_path / "adb"), python=str(python), env={})

    assert aapt(home, "dump", "badging", "my app.apk").stdout == "-P -m qgjob.binary badging my app.apk\n"


def test_making_it_again_keeps_it_whole(home: AndroidHome, tmp_path: Path) -> None:
    again = make_android_home(home.folder, adb=tmp_path / "adb", python=sys.executable, env={})

    assert again == home
    names = sorted(path.relative_to(home.folder).as_posix() for path in home.folder.rglob("*") if not path.is_dir())
    assert names == ["build-tools/34.0.0/aapt", "build-tools/34.0.0/aapt2", "platform-tools/adb"]


def test_a_whole_sdk_of_the_host_is_used_as_it_is(tmp_path: Path) -> None:
    sdk = tmp_path / "sdk"
    for name in ("platform-tools/adb", "build-tools/36.0.0/aapt", "build-tools/36.0.0/aapt2"):
        program(sdk / name)
    env = {"ANDROID_HOME": str(sdk)}

    home = make_android_home(tmp_path / "home", adb=tmp_path / "adb", python=sys.executable, env=env)

    assert home == AndroidHome(folder=sdk, adb=sdk / "platform-tools" / "adb")
    assert not (tmp_path / "home").exists()


def test_an_sdk_without_aapt_is_not_enough(tmp_path: Path) -> None:
    program(tmp_path / "sdk" / "platform-tools" / "adb")
    env = {"ANDROID_HOME": str(tmp_path / "sdk")}

    home = make_android_home(tmp_path / "home", adb=program(tmp_path / "adb"), python=sys.executable, env=env)

    assert home.folder == tmp_path / "home"
    assert os.access(home.adb, os.X_OK)
