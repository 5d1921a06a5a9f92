"""An Android device behind the real adb, on a cable or on the network."""

import asyncio
import shlex
from pathlib import Path

from qgjob.agent.device.adb_tool import CALL_TIMEOUT_S, AdbTool
from qgjob.agent.device.driver import FoundPackage
from qgjob.agent.device.install_failure import install_failure
from qgjob.agent.device.package_dump import read_package_dump, read_package_paths, read_properties, read_sha256
from qgjob.core.agent import DeviceFacts
from qgjob.core.errors import InfrastructureError
from qgjob.core.words import Platform, Proof, Target

CONNECT_TIMEOUT_S = 30.0
INSTALL_TIMEOUT_S = 600.0
HASH_TIMEOUT_S = 60.0
REACHABLE_TIMEOUT_S = 10.0
"""Long for an answer, but a loaded host must not take a device for lost."""
_PAUSE_S = 0.5
_END_OF_ANSWER = "qgjob: end of answer"
"""Said by the device after every command: without it the connection broke, and what came is not the whole answer."""


class AdbDevice:
    """One device, known by its serial: that of a cable, `emulator-PORT`, or `HOST:PORT` on the network."""

    proof = Proof.CONTENT_HASH

    def __init__(self, serial: str, adb: AdbTool) -> None:
        self._serial = serial
        self._adb = adb

    @property
    def serial(self) -> str:
        """The serial as adb knows it."""
        return self._serial

    @property
    def is_on_network(self) -> bool:
        """Whether adb has to be told to connect to it; HOST:PORT."""
        return ":" in self._serial

    async def connect(self) -> None:
        """Make the device answer; a network device may refuse at first, so it is asked again for a while."""
        try:
            async with asyncio.timeout(CONNECT_TIMEOUT_S):
                while not await self.reachable():
                    await self._connect_again()
                    await asyncio.sleep(_PAUSE_S)
        except TimeoutError:
            raise InfrastructureError(
                f"The device {self._serial} did not answer within {CONNECT_TIMEOUT_S:g} s: is it on, plugged in, and "
                "is debugging allowed?"
            ) from None

    async def reachable(self) -> bool:
        """Whether the shell of the device answers."""
        try:
            await self._shell("true", timeout_s=REACHABLE_TIMEOUT_S)
        except InfrastructureError:
            return False
        return True

    async def facts(self) -> DeviceFacts:
        """Return what the device's properties say; an emulator says itself that it is one."""
        properties = read_properties(await self._shell("getprop"))
        runs_in_emulator = "1" in {properties.get("ro.kernel.qemu"), properties.get("ro.boot.qemu")}
        return DeviceFacts(
            serial=self._serial,
            target=Target.EMULATOR if runs_in_emulator else Target.DEVICE,
            platform=Platform.ANDROID,
            os_version=properties.get("ro.build.version.release", ""),
            model=properties.get("ro.product.model", ""),
        )

    async def find(self, package: str) -> FoundPackage | None:
        """Return the package with the hash of its APK, computed on the device."""
        name = shlex.quote(package)
        dump = read_package_dump(package, await self._shell(f"dumpsys package {name}"))
        if dump is None:
            return None
        paths = read_package_paths(await self._shell(f"pm path {name}"))
        sha256 = None
        if len(paths) == 1:
            sha256 = read_sha256(await self._shell(f"sha256sum {shlex.quote(paths[0])}", timeout_s=HASH_TIMEOUT_S))
        return FoundPackage(
            package=package,
            version_name=dump.version_name,
            version_code=dump.version_code,
            sha256=sha256,
            stamp=dump.stamp,
        )

    async def stamp(self, package: str) -> str | None:
        """Return place and time of the package's last installation."""
        dump = read_package_dump(package, await self._shell(f"dumpsys package {shlex.quote(package)}"))
        return None if dump is None else dump.stamp

    async def install(self, app: Path, *, package: str) -> None:
        """Install the APK. What is there under this name goes first, with its data.

        So neither a newer version nor another signature can refuse it, and no data outlives the version that wrote it.
        """
        await self.uninstall(package)
        finished = await self._adb.call(
            "-s", self._serial, "install", "-r", "-g", "-t", str(app), timeout_s=INSTALL_TIMEOUT_S
        )
        if finished.code != 0 or "Success" not in finished.output.split():
            raise install_failure(file=app.name, serial=self._serial, output=finished.output)

    async def uninstall(self, package: str) -> None:
        """Remove the app; a pre-installed one only loses its updates."""
        await self._shell(f"pm uninstall {shlex.quote(package)}", timeout_s=HASH_TIMEOUT_S)

    async def _shell(self, command: str, *, timeout_s: float = CALL_TIMEOUT_S) -> str:
        """Run a command of the device's shell, whatever it ends with. Raises InfrastructureError when adb cannot."""
        finished = await self._adb.call(
            "-s", self._serial, "shell", f"{command}; echo {_END_OF_ANSWER}", timeout_s=timeout_s
        )
        answer, end, _ = finished.output.rpartition(_END_OF_ANSWER)
        if not end:
            said = finished.output.strip()[-500:] or "nothing"
            raise InfrastructureError(f"The device {self._serial} does not answer adb, which said: {said}")
        return answer

    async def _connect_again(self) -> None:
        """Have adb dial a network device anew: it may hold on to a connection that is dead."""
        if self.is_on_network:
            await self._adb.call("disconnect", self._serial)
            await self._adb.call("connect", self._serial)
