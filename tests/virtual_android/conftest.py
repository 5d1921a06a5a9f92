"""One adb server for all tests of the virtual device; a device of its own for every test that asks for one."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.virtual_android.adb import Adb, AdbDevice, adb_server
from virtual_android.farm import start_device

SHOP = Path(__file__).parents[2] / "examples" / "shop"


@pytest.fixture(scope="session")
def adb(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Adb]:
    with adb_server(tmp_path_factory.mktemp("adb")) as adb:
        yield adb


@pytest.fixture
def device(adb: Adb) -> Iterator[AdbDevice]:
    with start_device(name="Virtual Android A", models=[SHOP / "app-model.json"]) as started:
        device = AdbDevice(adb=adb, serial=started.serial)
        device.connect()
        yield device
        adb.run("disconnect", started.serial)


@pytest.fixture
def shop() -> Path:
    """The folder with the shop's APKs: 1.0.0, 1.2.3 and 2.0.0."""
    return SHOP / "builds"
