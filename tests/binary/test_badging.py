"""The answer of aapt, as its two readers take it apart."""

import re

from qgjob.binary.badging import badging
from qgjob.binary.facts import BinaryFacts
from qgjob.core.words import BinaryKind, Platform


def facts(version_name: str, launch_activity: str | None) -> BinaryFacts:
    return BinaryFacts(
        platform=Platform.ANDROID,
        kind=BinaryKind.DEVICE,
        package="com.example.shop",
        version_name=version_name,
        version_code="7",
        launch_activity=launch_activity,
    )


def test_appwright_finds_the_package_and_the_activity_with_its_own_expressions() -> None:
    answer = badging(facts("1.0 (it's new)", "com.example.shop.Main"))

    assert re.findall(r"package: name='(\S+)'", answer) == ["com.example.shop"]
    assert re.findall(r"launchable-activity: name='(\S+)'", answer) == ["com.example.shop.Main"]


def test_a_quote_in_a_version_name_does_not_end_it_early() -> None:
    answer = badging(facts("1.0 (it's new)", None))

    assert re.findall(r"versionName='([^']+)'", answer) == ["1.0 (it_s new)"]


def test_an_app_without_launcher_has_no_line_for_it() -> None:
    assert badging(facts("1", None)) == "package: name='com.example.shop' versionCode='7' versionName='1'\n"
