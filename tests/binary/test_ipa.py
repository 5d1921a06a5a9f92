"""iOS apps: what their Info.plist states."""

from pathlib import Path

import pytest

from qgjob.binary.contents import read_contents
from qgjob.binary.facts import BinaryFacts
from qgjob.core.errors import BinaryError
from qgjob.core.words import BinaryKind, Platform
from tests.binary.archives import INFO, write_ipa, write_zip


def test_an_ipa_states_its_bundle_id_and_versions(tmp_path: Path) -> None:
    assert read_contents(write_ipa(tmp_path / "a.ipa", INFO)) == BinaryFacts(
        platform=Platform.IOS,
        kind=BinaryKind.DEVICE,
        package="com.example.Shop",
        version_name="1.2.3",
        version_code="456",
    )


def test_a_zipped_app_for_the_simulator_is_told_from_one_for_devices(tmp_path: Path) -> None:
    info = {**INFO, "CFBundleSupportedPlatforms": ["iPhoneSimulator"]}

    assert read_contents(write_ipa(tmp_path / "a.zip", info, folder="Shop.app")).kind is BinaryKind.SIMULATOR


def test_without_a_short_version_the_build_number_is_shown(tmp_path: Path) -> None:
    info = {key: value for key, value in INFO.items() if key != "CFBundleShortVersionString"}

    assert read_contents(write_ipa(tmp_path / "a.ipa", info)).version_name == "456"


def test_the_app_s_own_plist_is_read_and_not_that_of_a_framework_inside(tmp_path: Path) -> None:
    ipa = write_zip(tmp_path / "a.ipa", {"Payload/Shop.app/Frameworks/X.app/Info.plist": b""})

    with pytest.raises(BinaryError, match="holds neither"):
        read_contents(ipa)


def test_an_app_for_a_mac_is_refused(tmp_path: Path) -> None:
    ipa = write_ipa(tmp_path / "a.ipa", {**INFO, "CFBundleSupportedPlatforms": ["MacOSX"]})

    with pytest.raises(BinaryError, match=r"has \['MacOSX'\] as CFBundleSupportedPlatforms"):
        read_contents(ipa)


def test_a_bundle_id_that_apple_would_not_take_is_refused(tmp_path: Path) -> None:
    ipa = write_ipa(tmp_path / "a.ipa", {**INFO, "CFBundleIdentifier": "com.example; rm"})

    with pytest.raises(BinaryError, match="where a bundle id belongs"):
        read_contents(ipa)


def test_a_plist_that_is_none_is_refused(tmp_path: Path) -> None:
    ipa = write_zip(tmp_path / "a.ipa", {"Payload/Shop.app/Info.plist": b"bplist00 and nothing more"})

    with pytest.raises(BinaryError, match=r"^Payload/Shop.app/Info.plist is no property list"):
        read_contents(ipa)
