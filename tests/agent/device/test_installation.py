"""Install once per hold: what the device itself says decides, and a changed app is noticed before a session."""

import json
from pathlib import Path

import pytest

from qgjob.agent.device.held import HeldPackages
from qgjob.agent.device.installation import Installation
from qgjob.core.agent import FoundApp
from qgjob.core.errors import InfrastructureError
from qgjob.core.words import Proof
from tests.agent.devices import BUILDS, PACKAGE, Plugged, shop

pytestmark = pytest.mark.anyio


def installation_on(plugged: Plugged, tmp_path: Path) -> Installation:
    return Installation(plugged.driver, HeldPackages(tmp_path / "held.json"))


async def test_an_installed_app_is_proven_by_the_hash_on_the_device(plugged: Plugged, tmp_path: Path) -> None:
    installation = installation_on(plugged, tmp_path)
    binary, file = shop("1.0.0")
    assert not await installation.holds(binary)
    installed = await installation.install(binary, file)
    assert installed.proof is Proof.CONTENT_HASH
    assert installed.seconds > 0
    await installation.prove()
    assert await installation.holds(binary)
    assert await plugged.count("installs") == 1


async def test_after_a_restart_of_the_agent_the_device_still_holds_it(plugged: Plugged, tmp_path: Path) -> None:
    binary, file = shop("1.0.0")
    await installation_on(plugged, tmp_path).install(binary, file)
    restarted = installation_on(plugged, tmp_path)
    assert await restarted.found() == FoundApp(package=PACKAGE, sha256=binary.sha256)
    assert await restarted.holds(binary)
    assert await plugged.count("installs") == 1


async def test_a_memory_that_the_device_does_not_confirm_counts_for_nothing(plugged: Plugged, tmp_path: Path) -> None:
    binary, file = shop("1.0.0")
    await installation_on(plugged, tmp_path).install(binary, file)
    await plugged.driver.uninstall(PACKAGE)
    restarted = installation_on(plugged, tmp_path)
    assert await restarted.found() is None
    assert not await restarted.holds(binary)


async def test_another_version_takes_the_place_of_the_first(plugged: Plugged, tmp_path: Path) -> None:
    installation = installation_on(plugged, tmp_path)
    await installation.install(*shop("2.0.0"))
    await installation.install(*shop("1.0.0"))
    assert not await installation.holds(shop("2.0.0")[0])
    assert await installation.holds(shop("1.0.0")[0])


async def test_a_device_holds_one_app_at_a_time(plugged: Plugged, tmp_path: Path) -> None:
    held = HeldPackages(tmp_path / "held.json")
    await plugged.driver.install(BUILDS / "shop-2.0.0.apk", package=PACKAGE)
    held.remember(plugged.serial, PACKAGE)
    installation = Installation(plugged.driver, held)
    await installation._make_room("com.example.another")
    assert await plugged.driver.find(PACKAGE) is None


async def test_a_session_is_refused_when_the_app_was_removed(plugged: Plugged, tmp_path: Path) -> None:
    installation = installation_on(plugged, tmp_path)
    await installation.install(*shop("1.0.0"))
    await plugged.driver.uninstall(PACKAGE)
    with pytest.raises(InfrastructureError, match="is no longer the one that was installed"):
        await installation.prove()


async def test_a_session_is_refused_when_the_app_was_replaced(plugged: Plugged, tmp_path: Path) -> None:
    installation = installation_on(plugged, tmp_path)
    await installation.install(*shop("1.0.0"))
    await plugged.driver.install(BUILDS / "shop-1.2.3.apk", package=PACKAGE)
    with pytest.raises(InfrastructureError, match="somebody removed or replaced it"):
        await installation.prove()


async def test_the_same_bytes_installed_by_somebody_else_are_proven_anew(plugged: Plugged, tmp_path: Path) -> None:
    installation = installation_on(plugged, tmp_path)
    binary, file = shop("1.0.0")
    await installation.install(binary, file)
    await plugged.driver.install(file, package=PACKAGE)
    await installation.prove()


async def test_nothing_is_proven_before_an_installation(plugged: Plugged, tmp_path: Path) -> None:
    with pytest.raises(InfrastructureError, match="install it first"):
        await installation_on(plugged, tmp_path).prove()


def test_a_torn_memory_is_an_empty_one(tmp_path: Path) -> None:
    (tmp_path / "held.json").write_text('{"emul', encoding="utf-8")
    held = HeldPackages(tmp_path / "held.json")
    assert held.of("emulator-5554") is None
    held.remember("emulator-5554", PACKAGE)
    assert json.loads((tmp_path / "held.json").read_text(encoding="utf-8")) == {"emulator-5554": PACKAGE}
