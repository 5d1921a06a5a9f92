"""The adb program: where it is, and one bounded call of it on the agent's adb server. It knows no device."""

import importlib.util
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from qgjob.agent.processes import Finished, Processes
from qgjob.core.errors import ConfigurationError

CALL_TIMEOUT_S = 20.0
_PASSED_ON = ("PATH", "TMPDIR", "LANG")


def find_adb() -> Path:
    """Find adb: the one that adbutils' wheel carries, else the one on PATH.

    adbutils itself is not imported: only its file is wanted, and adb from a distribution may be years older than what
    Appium's driver needs. Raises ConfigurationError where there is neither.
    """
    spec = importlib.util.find_spec("adbutils")
    if spec is not None and spec.origin is not None:
        carried = Path(spec.origin).parent / "binaries" / "adb"
        if os.access(carried, os.X_OK):
            return carried
    on_path = shutil.which("adb")
    if on_path is None:
        raise ConfigurationError(
            "There is no adb: adbutils carries none for this machine and none is on PATH. Install Android's "
            "platform-tools and put adb on PATH."
        )
    return Path(on_path)


def adb_environment(home: Path) -> dict[str, str]:
    """Environment of adb, and of everything that may start it.

    HOME is the agent's own, where adb keeps its key and its log; a key that the user's devices trust already is
    offered too. Without ADB_MDNS=0 adb's server listens on UDP 5353 of every interface.
    """
    environment = {name: value for name, value in os.environ.items() if name in _PASSED_ON or name.startswith("ADB_")}
    environment |= {"HOME": str(home), "ADB_MDNS": "0"}
    users_keys = Path.home() / ".android"
    if (users_keys / "adbkey").is_file():
        environment.setdefault("ADB_VENDOR_KEYS", str(users_keys))
    return environment


@dataclass(frozen=True, kw_only=True)
class AdbTool:
    """adb, the port of its server on loopback, and how to run it."""

    binary: Path
    port: int
    home: Path
    environment: Mapping[str, str]
    processes: Processes

    async def call(self, *arguments: str, timeout_s: float = CALL_TIMEOUT_S) -> Finished:
        """Run one adb command to its end. Raises InfrastructureError when it does not end in time."""
        return await self.processes.run(
            [str(self.binary), "-P", str(self.port), *arguments],
            name=f"adb {' '.join(arguments)[:80]}",
            env=self.environment,
            cwd=self.home,
            timeout_s=timeout_s,
        )

    async def online(self) -> tuple[str, ...]:
        """Return the serials of the devices that adb can talk to now."""
        finished = await self.call("devices")
        lines = [line.split("\t") for line in finished.output.splitlines()]
        return tuple(fields[0] for fields in lines if len(fields) == 2 and fields[1] == "device")  # noqa: PLR2004 - serial, state
