"""A virtual Android device behind the real adb, for tests of drivers and installations."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from qgjob.agent.device.adb import AdbDevice
from qgjob.agent.device.adb_tool import AdbTool
from qgjob.core.app import AppBinary
from qgjob.core.words import BinaryKind, Platform, Sha256

SHOP = Path(__file__).parents[2] / "examples" / "shop"
BUILDS = SHOP / "builds"
PACKAGE = "com.example.shop"


@dataclass(frozen=True, kw_only=True)
class Plugged:
    """A running virtual device and our driver of it. `order` speaks to the device itself, as a test does."""

    driver: AdbDevice
    adb: AdbTool

    @property
    def serial(self) -> str:
        return self.driver.serial

    async def order(self, *words: str) -> str:
        finished = await self.adb.call("-s", self.serial, "shell", "virtual", *words)
        assert finished.code == 0, finished.output
        return finished.output

    async def count(self, what: str, package: str = PACKAGE) -> int:
        counters: dict[str, dict[str, int]] = json.loads(await self.order("counters"))
        return counters[what].get(package, 0)


def shop(version: str) -> tuple[AppBinary, Path]:
    """One of the example's three app versions, and its file."""
    file = BUILDS / f"shop-{version}.apk"
    content = file.read_bytes()
    binary = AppBinary(
        sha256=Sha256(hashlib.sha256(content).hexdigest()),
        size_bytes=len(content),
        platform=Platform.ANDROID,
        kind=BinaryKind.DEVICE,
        package=PACKAGE,
        version_name=version,
        version_code={"1.0.0": "100", "1.2.3": "123", "2.0.0": "200"}[version],
    )
    return binary, file
