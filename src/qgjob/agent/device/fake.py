"""A fake device: a folder that remembers installations. Nothing real is behind it, and everything says so.

It exists to test the farm itself. It keeps its own record of every installation, so that a test can compare what the
farm believes with what its "devices" saw.
"""

import asyncio
import hashlib
import json
import secrets
from pathlib import Path

from qgjob.agent.device.driver import FoundPackage
from qgjob.core.agent import DeviceFacts
from qgjob.core.errors import InfrastructureError
from qgjob.core.words import Platform, Proof, Sha256, Target

MODEL = "fake device (nothing real)"
SERIAL_PREFIX = "fake-"
INSTALL_S = 0.03
"""Long enough for something to happen in the middle of it."""


class FakeDevice:
    """One fake device in a folder of its own. While a file `unplugged` lies there, it does not answer."""

    proof = Proof.FAKE

    def __init__(self, serial: str, folder: Path) -> None:
        self._serial = serial
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    @property
    def serial(self) -> str:
        """Its number, with the prefix that all fakes have."""
        return self._serial

    @property
    def record(self) -> Path:
        """One JSON line per installation (`package`, `sha256`, `stamp`) or removal (`package` alone), oldest first."""
        return self._folder / "record.jsonl"

    async def connect(self) -> None:
        """Answer at once, or not."""
        self._answer()

    async def reachable(self) -> bool:
        """Whether it is plugged in."""
        return not (self._folder / "unplugged").exists()

    async def facts(self) -> DeviceFacts:
        """Say first of all that it is a fake."""
        self._answer()
        return DeviceFacts(
            serial=self._serial,
            target=Target.EMULATOR,
            platform=Platform.ANDROID,
            os_version="0",
            model=MODEL,
            tags=frozenset({"fake"}),
            fake=True,
        )

    async def find(self, package: str) -> FoundPackage | None:
        """Return what its record says was installed last."""
        self._answer()
        line = self._last(package)
        if line is None:
            return None
        return FoundPackage(
            package=package,
            version_name="fake",
            version_code="0",
            sha256=Sha256(line["sha256"]),
            stamp=line["stamp"],
        )

    async def stamp(self, package: str) -> str | None:
        """Return a word that every installation makes anew."""
        self._answer()
        line = self._last(package)
        return None if line is None else line["stamp"]

    async def install(self, app: Path, *, package: str) -> None:
        """Write down that these bytes were installed; whatever is called an app is one."""
        await self.uninstall(package)
        content = await asyncio.to_thread(app.read_bytes)
        await asyncio.sleep(INSTALL_S)
        self._answer()
        sha256 = hashlib.sha256(content).hexdigest()
        self._write({"package": package, "sha256": sha256, "stamp": secrets.token_hex(8)})

    async def uninstall(self, package: str) -> None:
        """Write down that it is gone."""
        self._answer()
        if self._last(package) is not None:
            self._write({"package": package})

    def _answer(self) -> None:
        if (self._folder / "unplugged").exists():
            raise InfrastructureError(f"The fake device {self._serial} is unplugged.")

    def _last(self, package: str) -> dict[str, str] | None:
        """Return the last installation of a package, None when it was removed since."""
        if not self.record.exists():
            return None
        lines = [json.loads(line) for line in self.record.read_text(encoding="utf-8").splitlines()]
        last: dict[str, str] | None = next((line for line in reversed(lines) if line["package"] == package), None)
        return last if last is not None and "sha256" in last else None

    def _write(self, line: dict[str, str]) -> None:
        try:
            with self.record.open("ab", buffering=0) as file:
                file.write(json.dumps(line).encode() + b"\n")
        except OSError as error:
            raise InfrastructureError(f"The fake device {self._serial} is full: {error.strerror}.") from error


def fake_devices(count: int, folder: Path) -> list[FakeDevice]:
    """Make so many, each in a folder named by its serial."""
    serials = [f"{SERIAL_PREFIX}{number}" for number in range(1, count + 1)]
    return [FakeDevice(serial, folder / serial) for serial in serials]
