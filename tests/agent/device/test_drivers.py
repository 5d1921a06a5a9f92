"""The exam of every device driver: what a session may rely on, whatever kind of device is behind it."""

from pathlib import Path

import pytest

from qgjob.agent.device.adb import AdbDevice
from qgjob.agent.device.driver import DeviceDriver
from qgjob.agent.device.fake import FakeDevice
from qgjob.core.words import Platform, Proof
from tests.agent.devices import PACKAGE, Plugged, shop

pytestmark = pytest.mark.anyio

WORTH = {AdbDevice: Proof.CONTENT_HASH, FakeDevice: Proof.FAKE}


@pytest.fixture(params=[pytest.param("real", marks=pytest.mark.exam), "fake"])
def driver(request: pytest.FixtureRequest, tmp_path: Path) -> DeviceDriver:
    if request.param == "fake":
        return FakeDevice("fake-1", tmp_path / "device")
    plugged: Plugged = request.getfixturevalue("plugged")
    return plugged.driver


async def test_it_says_what_it_is_and_whether_it_exists(driver: DeviceDriver) -> None:
    await driver.connect()
    facts = await driver.facts()
    assert (facts.serial, facts.platform, facts.installed) == (driver.serial, Platform.ANDROID, None)
    assert facts.fake == isinstance(driver, FakeDevice)
    assert await driver.reachable()


async def test_an_app_is_found_by_its_hash_until_it_is_removed(driver: DeviceDriver) -> None:
    binary, file = shop("1.2.3")
    assert await driver.find(PACKAGE) is None
    assert await driver.stamp(PACKAGE) is None
    await driver.install(file, package=PACKAGE)
    found = await driver.find(PACKAGE)
    assert found is not None
    assert (found.package, found.sha256) == (PACKAGE, binary.sha256)
    assert found.stamp == await driver.stamp(PACKAGE)
    await driver.uninstall(PACKAGE)
    assert await driver.find(PACKAGE) is None


async def test_every_installation_has_a_stamp_of_its_own(driver: DeviceDriver) -> None:
    _, file = shop("1.0.0")
    await driver.install(file, package=PACKAGE)
    first = await driver.stamp(PACKAGE)
    await driver.install(file, package=PACKAGE)
    assert await driver.stamp(PACKAGE) != first


async def test_another_version_takes_the_place_of_the_first(driver: DeviceDriver) -> None:
    for version in ("2.0.0", "1.0.0"):
        binary, file = shop(version)
        await driver.install(file, package=PACKAGE)
        found = await driver.find(PACKAGE)
        assert found is not None
        assert found.sha256 == binary.sha256


async def test_removing_what_is_not_there_does_nothing(driver: DeviceDriver) -> None:
    await driver.uninstall(PACKAGE)
    assert await driver.find(PACKAGE) is None


async def test_only_the_hash_of_a_device_that_exists_is_a_proof(driver: DeviceDriver) -> None:
    assert driver.proof is WORTH[type(driver)]
