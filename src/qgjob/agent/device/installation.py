"""Install once per hold, and prove it: what is on the device decides, never a memory of ours alone."""

import time
from dataclasses import dataclass
from pathlib import Path

from qgjob.agent.device.driver import DeviceDriver, FoundPackage
from qgjob.agent.device.held import HeldPackages
from qgjob.core.agent import FoundApp
from qgjob.core.app import AppBinary
from qgjob.core.errors import InfrastructureError
from qgjob.core.words import Proof


@dataclass(frozen=True, kw_only=True)
class Installed:
    """The app was installed and is proven; `seconds` is how long the device took for it."""

    seconds: float
    proof: Proof


class Installation:
    """The app under test on one device. One user at a time: the device's lease."""

    def __init__(self, device: DeviceDriver, held: HeldPackages) -> None:
        self._device = device
        self._held = held
        self._proven: tuple[AppBinary, str] | None = None

    @property
    def best_proof(self) -> Proof:
        """What it is worth that the device itself names the bytes."""
        return self._device.proof

    async def found(self) -> FoundApp | None:
        """Return what the device holds of the package it was last given, by its own hash; for a registration."""
        package = self._held.of(self._device.serial)
        found = None if package is None else await self._device.find(package)
        if found is None or found.sha256 is None:
            return None
        return FoundApp(package=found.package, sha256=found.sha256)

    async def holds(self, binary: AppBinary) -> bool:
        """Look whether exactly these bytes are installed, and if so prove sessions against this installation."""
        self._proven = None
        found = await self._device.find(binary.package)
        if found is None or found.sha256 != binary.sha256:
            return False
        self._proven = binary, found.stamp
        return True

    async def install(self, binary: AppBinary, app: Path) -> Installed:
        """Install in the place of what the device held, then prove it from what the device says.

        Raises AppError when no such device would take it, InfrastructureError when it failed otherwise or when the
        device then holds something else.
        """
        self._proven = None
        began = time.monotonic()
        await self._make_room(binary.package)
        self._held.remember(self._device.serial, binary.package)
        await self._device.install(app, package=binary.package)
        found = await self._device.find(binary.package)
        proof = self._proof_of(binary, found)
        if found is not None:
            self._proven = binary, found.stamp
        return Installed(seconds=time.monotonic() - began, proof=proof)

    async def prove(self) -> None:
        """Prove before a session that the app is still the one that was installed.

        One cheap question; only when it was installed anew meanwhile its bytes are hashed again. Raises
        InfrastructureError when it is gone or another.
        """
        if self._proven is None:
            raise InfrastructureError(f"Nothing is proven of the app on {self._device.serial}: install it first.")
        binary, stamp = self._proven
        if await self._device.stamp(binary.package) == stamp:
            return
        if not await self.holds(binary):
            raise InfrastructureError(
                f"The app {binary.package} on {self._device.serial} is no longer the one that was installed for this "
                "lease: somebody removed or replaced it."
            )

    async def _make_room(self, package: str) -> None:
        """Remove the app that the device held before: it holds one at a time."""
        former = self._held.of(self._device.serial)
        if former is not None and former != package:
            await self._device.uninstall(former)

    def _proof_of(self, binary: AppBinary, found: FoundPackage | None) -> Proof:
        serial = self._device.serial
        if found is None:
            raise InfrastructureError(
                f"{serial} said that {binary.package} was installed, and a moment later that it is not there."
            )
        if found.sha256 == binary.sha256:
            return self.best_proof
        if found.sha256 is not None:
            raise InfrastructureError(
                f"{serial} holds {binary.package} with hash {found.sha256} after an installation of {binary.sha256}."
            )
        if (found.version_name, found.version_code) != (binary.version_name, binary.version_code):
            raise InfrastructureError(
                f"{serial} holds {binary.package} {found.version_name} ({found.version_code}) after an installation of "
                f"{binary.version_name} ({binary.version_code})."
            )
        return Proof.PACKAGE_VERSION
