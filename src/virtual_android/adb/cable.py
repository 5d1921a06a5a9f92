"""The line between the device and its hosts: listens on loopback, and can be dropped, unplugged or frozen.

It moves no bytes itself; who is at the other end is served by the handler it is given.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable

LOOPBACK = "127.0.0.1"
EMULATOR_PORTS = range(5555, 5586)
"""adb's server looks for emulators here by itself and would show the device twice."""
MAX_HOSTS = 16

logger = logging.getLogger(__name__)

Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class Cable:
    """A listening socket of one port and the hosts connected through it."""

    def __init__(self) -> None:
        self._server: asyncio.Server | None = None
        self._handler: Handler | None = None
        self._hosts: dict[asyncio.Future[None], asyncio.StreamWriter] = {}
        self._plugging_in: asyncio.Task[int] | None = None
        self._thawed = asyncio.Event()
        self._thawed.set()
        self.port = 0

    async def plug_in(self, port: int, handler: Handler) -> int:
        """Listen on `port` (0: a free one outside adb's emulator range) and serve each host with `handler`."""
        self._handler = handler
        while True:
            self._server = await asyncio.start_server(self._accept, LOOPBACK, port)
            self.port = self._server.sockets[0].getsockname()[1]
            if port or self.port not in EMULATOR_PORTS:
                return self.port
            self._server.close()

    def drop(self) -> None:
        """Cut every connection at once, as a bad cable does; hosts may connect again."""
        for host in list(self._hosts.values()):
            host.transport.abort()

    def unplug(self, seconds: float | None) -> None:
        """Cut every connection and refuse new ones for `seconds` (None: for good)."""
        if self._server:
            self._server.close()
            self._server = None
        self.drop()
        if seconds is not None:
            asyncio.get_running_loop().call_later(seconds, self._plug_in_again)

    async def close(self) -> None:
        """Stop listening, and end the serving of every host."""
        self.unplug(None)
        for task in list(self._hosts):
            task.cancel()
        await asyncio.gather(*self._hosts, return_exceptions=True)

    def freeze(self, seconds: float) -> None:
        """Answer nothing for `seconds`, with every connection kept open."""
        self._thawed.clear()
        asyncio.get_running_loop().call_later(seconds, self._thawed.set)

    def thaw(self) -> None:
        """End a freeze early."""
        self._thawed.set()

    async def thawed(self) -> None:
        """Wait while the device is frozen."""
        await self._thawed.wait()

    def _plug_in_again(self) -> None:
        if self._server is None and self._handler:
            self._plugging_in = asyncio.create_task(self.plug_in(self.port, self._handler))

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._handler is None or len(self._hosts) >= MAX_HOSTS:
            writer.transport.abort()
            return
        task = asyncio.ensure_future(self._handler(reader, writer))
        self._hosts[task] = writer
        task.add_done_callback(self._hang_up)

    def _hang_up(self, task: asyncio.Future[None]) -> None:
        self._hosts.pop(task).close()
        if not task.cancelled() and (error := task.exception()):
            logger.error("serving a host failed", exc_info=error)
