"""What all sessions of an agent share: its programs, its caches, Appium, and the folders they live in."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from qgjob.agent.appium import Appium
from qgjob.agent.cache import Cache
from qgjob.agent.delivery.uploads import Uploads
from qgjob.agent.processes import Processes
from qgjob.agent.runner import Runner


class DeviceServer(Protocol):
    """What reaches all devices of a host. With it all of them are lost at once, whatever they were doing."""

    @property
    def port(self) -> int:
        """Where it listens."""

    @property
    def deaths(self) -> int:
        """How often it is known to have died."""

    async def ensure(self) -> None:
        """Make it answer. Raises InfrastructureError when it does not come up."""

    async def answers(self) -> bool:
        """Whether it answers now; one that does not has died."""


class SessionServer(Protocol):
    """What opens the tests' sessions on the devices, beneath the gateway."""

    async def port(self) -> int:
        """Return where it listens. Raises InfrastructureError when it cannot be started."""

    def log_end(self) -> int:
        """Return where its log will go on."""

    def device_log(self, serial: str, *, since: int) -> bytes:
        """Return what its log says of one device's sessions from there on."""


class KeptAppium:
    """The agent's one Appium, started again by whoever finds it dead."""

    def __init__(self, appium: Appium, say: Callable[[str], None]) -> None:
        self._appium = appium
        self._say = say
        self._one_at_a_time = asyncio.Lock()
        self._started = False

    async def port(self) -> int:
        """Return the port of an Appium that answers. Raises InfrastructureError when none can be started."""
        async with self._one_at_a_time:
            if not await self._appium.healthy():
                self._say("Appium has died and is started again" if self._started else "starting Appium")
                await self._appium.start()
                self._started = True
            return self._appium.port

    def log_end(self) -> int:
        """Return where the log will go on."""
        return self._appium.log_end()

    def device_log(self, serial: str, *, since: int) -> bytes:
        """Return what the log says of one device's sessions from there on."""
        return self._appium.device_log(serial, since=since)

    async def stop(self) -> None:
        """End it, with its sessions."""
        await self._appium.stop()


@dataclass(frozen=True, kw_only=True)
class Workshop:
    """Shared parts. `own_project` is the checkout that jobs without a bundle run from.

    `env` is the environment of the tests.
    """

    processes: Processes
    cache: Cache
    uploads: Uploads
    runner: Runner
    adb: DeviceServer
    appium: SessionServer
    work: Path
    own_project: Path | None
    env: Mapping[str, str]
    say: Callable[[str], None]
