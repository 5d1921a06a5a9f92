"""The reader and its command: a process of its own, whose end is always an answer."""

import hashlib
import subprocess
import sys
from pathlib import Path

import pytest

from qgjob.binary import read_binary, reader
from qgjob.core.app import AppBinary
from qgjob.core.errors import BinaryError
from qgjob.core.words import BinaryKind, Platform, Sha256
from tests.binary.archives import INFO, SHOP_2, bomb_manifest, write_ipa, write_zip

pytestmark = pytest.mark.exam


def run_command(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "qgjob.binary", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


def test_an_apk_is_known_by_the_hash_of_its_bytes() -> None:
    data = SHOP_2.read_bytes()

    assert read_binary(SHOP_2) == AppBinary(
        sha256=Sha256(hashlib.sha256(data).hexdigest()),
        size_bytes=len(data),
        platform=Platform.ANDROID,
        kind=BinaryKind.DEVICE,
        package="com.example.shop",
        version_name="2.0.0",
        version_code="200",
        launch_activity="com.example.shop.MainActivity",
    )


def test_an_ipa_has_no_launch_activity(tmp_path: Path) -> None:
    binary = read_binary(write_ipa(tmp_path / "a.ipa", INFO))

    assert (binary.platform, binary.kind, binary.launch_activity) == (Platform.IOS, BinaryKind.DEVICE, None)


def test_the_refusal_of_the_child_process_is_passed_on(tmp_path: Path) -> None:
    file = tmp_path / "notes.apk"
    file.write_bytes(b"no zip")

    with pytest.raises(BinaryError, match=r"^notes.apk is no app"):
        read_binary(file)


def test_a_missing_file_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(BinaryError, match=r"gone.apk cannot be read: No such file or directory\.$"):
        read_binary(tmp_path / "gone.apk")


@pytest.mark.skipif(sys.platform != "linux", reason="the address space is limited on Linux alone")
def test_a_manifest_that_unfolds_to_gigabytes_costs_only_the_child_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader, "TIMEOUT_S", 300)  # the memory is what is to run out, however slow the machine is
    bomb = write_zip(tmp_path / "bomb.apk", {"AndroidManifest.xml": bomb_manifest()})

    with pytest.raises(BinaryError, match=r"MemoryError|more memory or time"):
        read_binary(bomb)


def test_badging_answers_as_aapt_does() -> None:
    done = run_command("badging", str(SHOP_2))

    assert done.stderr == ""
    assert done.stdout.splitlines() == [
        "package: name='com.example.shop' versionCode='200' versionName='2.0.0'",
        "sdkVersion:'24'",
        "targetSdkVersion:'34'",
        "launchable-activity: name='com.example.shop.MainActivity' label='' icon=''",
    ]


def test_badging_of_a_file_that_is_no_app_says_so_in_one_line(tmp_path: Path) -> None:
    done = run_command("badging", str(tmp_path))

    assert (done.returncode, done.stdout, done.stderr) == (65, "", f"{tmp_path} is not a file.\n")


def test_an_unknown_command_shows_how_it_is_used() -> None:
    done = run_command("unpack", str(SHOP_2))

    assert (done.returncode, done.stderr) == (2, "usage: python -m qgjob.binary badging|facts FILE\n")
