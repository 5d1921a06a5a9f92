"""What an agent asks of a device, whatever kind it is. Drivers are beside this file; the fake one says that it is."""

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from qgjob.core.agent import DeviceFacts
from qgjob.core.words import Proof, Sha256


@dataclass(frozen=True, kw_only=True)
class FoundPackage:
    """An app as the device itself describes it.

    `sha256` is the hash of the bytes on the device, None where it cannot hash them or keeps them in several files.
    `stamp` changes with every installation, also of the same bytes: place and time of the last one.
    """

    package: str
    version_name: str
    version_code: str
    sha256: Sha256 | None
    stamp: str


class DeviceDriver(Protocol):
    """One device. Every call is bounded in time and raises InfrastructureError when the device does not answer.

    `proof` is what its own hash of an app is worth.
    """

    @property
    def proof(self) -> Proof:
        """CONTENT_HASH of every device that exists."""

    @property
    def serial(self) -> str:
        """What its platform's tools know the device by."""

    async def connect(self) -> None:
        """Make the device answer, also when it was gone for a while. Raises InfrastructureError when it does not."""

    async def reachable(self) -> bool:
        """Whether the device itself (not only the tool that knows it) answers now."""

    async def facts(self) -> DeviceFacts:
        """Return what it is; what is installed on it is left out."""

    async def find(self, package: str) -> FoundPackage | None:
        """Return the app of this name with the hash of its bytes; None when it is not installed."""

    async def stamp(self, package: str) -> str | None:
        """Return the stamp alone, which is cheap enough to be asked before every session."""

    async def install(self, app: Path, *, package: str) -> None:
        """Install a file in the place of whatever is there under that name, with all permissions it asks for.

        Raises AppError when no device of this kind would take it, InfrastructureError for anything else.
        """

    async def uninstall(self, package: str) -> None:
        """Remove the app and its data; nothing happens when it is not there."""
