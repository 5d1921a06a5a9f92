"""A fake device keeps a record of what was done to it, over any number of agents, and can be unplugged."""

import json
from pathlib import Path

import pytest

from qgjob.agent.device.fake import MODEL, FakeDevice, fake_devices
from qgjob.agent.device.held import HeldPackages
from qgjob.agent.device.installation import Installation
from qgjob.core.errors import InfrastructureError
from qgjob.core.words import Proof
from tests.agent.devices import PACKAGE, shop

pytestmark = pytest.mark.anyio


async def test_it_says_in_every_way_that_it_is_a_fake(tmp_path: Path) -> None:
    (device,) = fake_devices(1, tmp_path)
    facts = await device.facts()
    assert (facts.serial, facts.model, facts.tags, facts.fake) == ("fake-1", MODEL, frozenset({"fake"}), True)


async def test_an_installation_on_it_proves_nothing(tmp_path: Path) -> None:
    binary, file = shop("1.0.0")
    installation = Installation(FakeDevice("fake-1", tmp_path), HeldPackages(tmp_path / "held.json"))
    assert (await installation.install(binary, file)).proof is Proof.FAKE
    assert await installation.holds(binary)
    assert installation.best_proof is Proof.FAKE
    await installation.prove()


async def test_its_record_tells_every_installation_and_removal(tmp_path: Path) -> None:
    device = FakeDevice("fake-1", tmp_path)
    binary, file = shop("1.0.0")
    await device.install(file, package=PACKAGE)
    await device.install(file, package=PACKAGE)
    lines = [json.loads(line) for line in device.record.read_text(encoding="utf-8").splitlines()]
    assert [line.get("sha256") for line in lines] == [binary.sha256, None, binary.sha256]
    assert {line["package"] for line in lines} == {PACKAGE}


async def test_it_remembers_over_a_restart_of_its_agent(tmp_path: Path) -> None:
    binary, file = shop("1.0.0")
    await FakeDevice("fake-1", tmp_path).install(file, package=PACKAGE)
    found = await FakeDevice("fake-1", tmp_path).find(PACKAGE)
    assert found is not None
    assert found.sha256 == binary.sha256


async def test_unplugged_it_does_not_answer(tmp_path: Path) -> None:
    device = FakeDevice("fake-1", tmp_path)
    (tmp_path / "unplugged").touch()
    assert not await device.reachable()
    for call in (device.connect(), device.facts(), device.find(PACKAGE), device.install(shop("1.0.0")[1], package="a")):
        with pytest.raises(InfrastructureError, match="fake-1 is unplugged"):
            await call
    (tmp_path / "unplugged").unlink()
    await device.connect()


async def test_an_installation_that_it_cannot_write_down_failed(tmp_path: Path) -> None:
    device = FakeDevice("fake-1", tmp_path)
    device.record.mkdir()
    with pytest.raises(InfrastructureError, match="is full"):
        device._write({"package": PACKAGE})
