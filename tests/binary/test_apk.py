"""APKs: what their manifests state, read from real ones."""

import zipfile
from pathlib import Path

import pytest

from qgjob.binary.contents import read_contents
from qgjob.binary.facts import BinaryFacts
from qgjob.core.errors import BinaryError
from qgjob.core.words import BinaryKind, Platform
from tests.binary.archives import (
    BUILDS,
    REFERENCED,
    SHOP_2,
    shop_manifest,
    shop_manifest_with,
    write_zip,
)


def test_an_apk_states_its_package_versions_and_launcher() -> None:
    assert read_contents(SHOP_2) == BinaryFacts(
        platform=Platform.ANDROID,
        kind=BinaryKind.DEVICE,
        package="com.example.shop",
        version_name="2.0.0",
        version_code="200",
        launch_activity="com.example.shop.MainActivity",
        min_sdk=24,
        target_sdk=34,
    )


@pytest.mark.parametrize(("name", "code"), [("1.0.0", "100"), ("1.2.3", "123"), ("2.0.0", "200")])
def test_every_version_of_the_example_is_told_apart(name: str, code: str) -> None:
    facts = read_contents(BUILDS / f"shop-{name}.apk")

    assert (facts.package, facts.version_name, facts.version_code) == ("com.example.shop", name, code)


def test_a_version_name_kept_in_the_resources_is_looked_up() -> None:
    assert read_contents(REFERENCED).version_name == "3.1 (spring)"


def test_the_first_enabled_launcher_activity_counts() -> None:
    assert read_contents(REFERENCED).launch_activity == "com.example.referenced.First"


def test_a_reference_without_resources_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(REFERENCED) as archive:
        manifest = archive.read("AndroidManifest.xml")
    apk = write_zip(tmp_path / "a.apk", {"AndroidManifest.xml": manifest})

    with pytest.raises(BinaryError, match=r"^resources.arsc is in the archive 0 times"):
        read_contents(apk)


@pytest.mark.parametrize("package", ["com.example;shop", "com.example.$(a)", "com_example_shop", "com.example/shop"])
def test_a_package_that_android_would_not_take_is_refused(tmp_path: Path, package: str) -> None:
    manifest = shop_manifest_with("com.example.shop", package)
    apk = write_zip(tmp_path / "a.apk", {"AndroidManifest.xml": manifest})

    with pytest.raises(BinaryError, match="where a package name belongs"):
        read_contents(apk)


def test_an_activity_that_is_no_class_name_is_refused(tmp_path: Path) -> None:
    manifest = shop_manifest_with(".MainActivity", ".Main Activi'")
    apk = write_zip(tmp_path / "a.apk", {"AndroidManifest.xml": manifest})

    with pytest.raises(BinaryError, match="where the class name of an activity belongs"):
        read_contents(apk)


def test_a_version_name_becomes_one_printable_line(tmp_path: Path) -> None:
    apk = write_zip(tmp_path / "a.apk", {"AndroidManifest.xml": shop_manifest_with("2.0.0", "2\n0\x1b0")})

    assert read_contents(apk).version_name == "2 0_0"  # the library writes _ for what XML forbids


def test_a_manifest_twice_is_refused(tmp_path: Path) -> None:
    apk = tmp_path / "a.apk"
    with zipfile.ZipFile(apk, "w") as archive:
        archive.writestr("AndroidManifest.xml", shop_manifest())
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr("AndroidManifest.xml", shop_manifest())

    with pytest.raises(BinaryError, match=r"^AndroidManifest.xml is in the archive 2 times"):
        read_contents(apk)


def test_a_manifest_in_plain_xml_is_refused(tmp_path: Path) -> None:
    apk = write_zip(tmp_path / "a.apk", {"AndroidManifest.xml": b'<manifest package="com.example.shop"/>'})

    with pytest.raises(BinaryError, match=r"^AndroidManifest.xml is not a binary Android manifest"):
        read_contents(apk)


def test_an_app_bundle_is_refused_with_what_to_build_instead(tmp_path: Path) -> None:
    bundle = write_zip(tmp_path / "a.aab", {"base/manifest/AndroidManifest.xml": b"protobuf"})

    with pytest.raises(BinaryError, match=r"a.aab is an Android App Bundle.*bundletool build-apks"):
        read_contents(bundle)
