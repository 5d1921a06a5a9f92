"""The agent's one Appium: a process on a free port of loopback, its log in a file; who finds it dead starts it again.

It allows no insecure feature and no plugin, and it knows no device: every session says which one it is for.
"""

import asyncio
import os
import time
from collections.abc import Mapping
from pathlib import Path

import aiohttp

from qgjob.agent.android_home import AndroidHome
from qgjob.agent.appium.log import lines_of_device
from qgjob.agent.free_port import free_port
from qgjob.agent.processes import Processes
from qgjob.agent.tools import Tools
from qgjob.core.errors import InfrastructureError

START_TIMEOUT_S = 60.0
STATUS_TIMEOUT_S = 5.0
STOP_GRACE_S = 10.0
LARGEST_LOG = 128 * 1024 * 1024
LARGEST_PART = 8 * 1024 * 1024
_LISTENS = b"Appium REST http interface listener started"
_PORT_TAKEN = b"EADDRINUSE"
_ATTEMPTS = 3
_POLL_S = 0.05


class Appium:
    """One Appium server. `port` is valid from `start` to the process's end; a new start may choose another."""

    def __init__(
        self, tools: Tools, android: AndroidHome, processes: Processes, *, folder: Path, env: Mapping[str, str]
    ) -> None:
        self.port = 0
        self.log_path = folder / "appium.log"
        self._tools = tools
        self._processes = processes
        self._env = {**env, **android.env(), "APPIUM_HOME": str(tools.folder), "NO_COLOR": "1"}
        self._process: asyncio.subprocess.Process | None = None
        self._dropped = 0  # bytes of log that were there before the file's first

    async def start(self) -> int:
        """Start the server and return its port once it listens, about a second later.

        Raises InfrastructureError with the end of its log when it does not.
        """
        await self.stop()
        self.log_path.parent.mkdir(parents=True, exist_ok=True)
        for _ in range(_ATTEMPTS):
            since = self.log_end()
            self.port = free_port()
            await self._launch()
            if await self._listens(since):
                return self.port
            await self.stop()
            said = self.log_since(since)
            if _PORT_TAKEN not in said:  # else somebody was faster than we
                break
        end = said[-2000:].decode(errors="replace").strip()
        raise InfrastructureError(f"Appium did not start on port {self.port} of loopback. It said last: {end}")

    async def stop(self) -> None:
        """End the server, its sessions with it; nothing happens when there is none."""
        process, self._process = self._process, None
        if process is not None:
            await self._processes.end(process, grace_s=STOP_GRACE_S)

    async def healthy(self) -> bool:
        """Tell whether the process lives and answers that it is ready."""
        if self._process is None or self._process.returncode is not None:
            return False
        try:
            timeout = aiohttp.ClientTimeout(total=STATUS_TIMEOUT_S)
            async with (
                aiohttp.ClientSession(timeout=timeout) as http,
                http.get(f"http://127.0.0.1:{self.port}/status") as answer,
            ):
                return answer.status == 200  # noqa: PLR2004 (HTTP's own)
        except (aiohttp.ClientError, TimeoutError):
            return False

    def log_end(self) -> int:
        """Return the offset at which the log will go on; a log grown too large is emptied first, offsets stay valid."""
        size = self._log_size()
        if size > LARGEST_LOG:
            self._dropped += size
            os.truncate(self.log_path, 0)  # the server appends, so it goes on at the new beginning
            size = 0
        return self._dropped + size

    def log_since(self, offset: int) -> bytes:
        """Return the log from `offset` on, its last 8 MiB at most. It holds the lines of all sessions."""
        size = self._log_size()
        start = max(offset - self._dropped, size - LARGEST_PART, 0)
        if start >= size:
            return b""
        with self.log_path.open("rb") as file:
            file.seek(start)
            return file.read(LARGEST_PART)

    def device_log(self, serial: str, *, since: int) -> bytes:
        """Return what the log from `since` on says of this device's sessions and of no other: evidence of a job."""
        return lines_of_device(self.log_since(since), serial)

    def _log_size(self) -> int:
        return self.log_path.stat().st_size if self.log_path.exists() else 0

    async def _launch(self) -> None:
        argv = [str(self._tools.node), str(self._tools.appium_js), "server", "--address", "127.0.0.1"]
        argv += ["--port", str(self.port), "--log-no-colors", "--log-timestamp"]
        with self.log_path.open("ab") as log:
            self._process = await self._processes.start(
                argv, name="Appium", env=self._env, cwd=self.log_path.parent, stdout=log
            )

    async def _listens(self, since: int) -> bool:
        deadline = time.monotonic() + START_TIMEOUT_S
        while time.monotonic() < deadline:
            if _LISTENS in self.log_since(since):
                return True
            if self._process is None or self._process.returncode is not None:
                return False
            await asyncio.sleep(_POLL_S)
        return False
