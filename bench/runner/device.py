"""The virtual device of a run: switched on for it with only Appium's helper apps, asked afterwards what it counted.

The helper apps are there before the clock starts, as on any device that was used before; they are the ones that the
driver of this run brings along, so it has no reason to install them again.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.broke import BenchBroke
from bench.runner.plan import Speed
from bench.runner.project import APP_MODEL
from bench.runner.run import DeviceCounts
from qgjob.agent.device.adb_tool import AdbTool
from virtual_android.farm import start_device

NAME = "Virtual Android Bench"
_HELPERS = ("io.appium.settings", "appium-uiautomator2-server")
_CONNECT_TRIES = 50
_CONNECT_PAUSE_S = 0.1
_INSTALL_TIMEOUT_S = 60.0


@dataclass(frozen=True, kw_only=True)
class BenchDevice:
    """A device that is switched on, connected to `adb`'s server, and has been given so many `helpers`."""

    serial: str
    events: Path
    adb: AdbTool
    helpers: int

    async def counts(self, package: str) -> DeviceCounts:
        """Ask the device what it counted itself since it was handed out."""
        answer = await self.adb.call("-s", self.serial, "shell", "virtual", "counters")
        counted = json.loads(answer.output)
        installs: dict[str, int] = counted["installs"]
        return DeviceCounts(
            installs=installs.get(package, 0),
            sessions=sum(counted["sessions"].values()),
            helper_installs=sum(number for name, number in installs.items() if name != package) - self.helpers,
        )

    def seconds_installing(self, package: str) -> float:
        """Add up how long the device says that its installations of `package` took."""
        events = [json.loads(line) for line in self.events.read_text(encoding="utf-8").splitlines()]
        installed = [event for event in events if event["event"] == "installed" and event["package"] == package]
        return sum(float(event["seconds"]) for event in installed)


@asynccontextmanager
async def fresh_device(
    speed: Speed, *, port: int, helpers: Sequence[Path], adb: AdbTool, events: Path
) -> AsyncIterator[BenchDevice]:
    """Switch a device on at `port` of loopback, connected and with the helper apps, and off at the end."""
    with start_device(
        name=NAME, models=[APP_MODEL], events=events, port=port, install_mb_per_s=speed.mb_per_s
    ) as started:
        device = BenchDevice(serial=started.serial, events=events, adb=adb, helpers=len(helpers))
        await _connect(device)
        try:
            for apk in helpers:
                await _install(device, apk)
            yield device
        finally:
            await adb.call("disconnect", device.serial)


def helper_apks(packages: Path) -> tuple[Path, ...]:
    """Find the apps that Appium's driver puts on a device, among the npm packages of `packages`."""
    found = sorted(apk for name in _HELPERS for apk in packages.glob(f"node_modules/**/{name}/apks/*.apk"))
    if not found:
        raise BenchBroke(f"No helper apps of Appium's driver are in {packages}: delete that folder and try again.")
    return tuple(found)


async def _connect(device: BenchDevice) -> None:
    for _ in range(_CONNECT_TRIES):
        await device.adb.call("connect", device.serial)  # may be refused at first on a busy machine
        if device.serial in await device.adb.online():
            return
        await asyncio.sleep(_CONNECT_PAUSE_S)
    raise BenchBroke(f"adb could not connect to the virtual device {device.serial} in {_CONNECT_TRIES} tries.")


async def _install(device: BenchDevice, apk: Path) -> None:
    done = await device.adb.call("-s", device.serial, "install", "-g", str(apk), timeout_s=_INSTALL_TIMEOUT_S)
    if "Success" not in done.output:
        raise BenchBroke(f"adb could not install {apk.name} on {device.serial}: {done.output.strip()}")
