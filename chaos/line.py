"""A line that can be cut, held up, and made to repeat itself: a TCP proxy between two parts of a farm."""

import asyncio
import random
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress

from chaos.http_requests import Request, read_request

_CHUNK_BYTES = 1 << 16
_CONNECT_S = 1.0
_ECHO_S = 5.0
_LINGER_S = 0.5
_MOST_ANSWER_BYTES = 1 << 20

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Line:
    """Listens on a port of loopback and passes on to one of some others, as a balancer does."""

    def __init__(self, targets: Callable[[], Sequence[int]], dice: random.Random) -> None:
        self.port = 0
        self._targets = targets
        self._dice = dice
        self._open = asyncio.Event()
        self._open.set()
        self._is_cut = False
        self._connections: set[asyncio.Task[None]] = set()

    async def listen(self) -> None:
        """Begin, on a free port."""
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    def cut(self) -> None:
        """Break every connection and let none through."""
        self._is_cut = True
        for connection in self._connections:
            connection.cancel()

    def hold_up(self) -> None:
        """Let no byte through, with all connections open."""
        self._open.clear()

    def mend(self) -> None:
        """Be an ordinary line again."""
        self._is_cut = False
        self._open.set()

    async def close(self) -> None:
        """End it, with all connections."""
        self.cut()
        self._server.close()
        if self._connections:
            await asyncio.wait(self._connections)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101  # a coroutine always runs in one
        self._connections.add(task)
        try:
            if not self._is_cut:
                await self._serve(reader, writer)
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass  # a broken connection is what the other side has to live with
        finally:
            self._connections.discard(task)
            await _close(writer)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        upstream, to_upstream = await self._connect()
        try:
            await _first_of(self._pump(upstream, writer), self._pass_on(reader, to_upstream))
        finally:
            await _close(to_upstream)

    async def _pass_on(self, reader: asyncio.StreamReader, to_upstream: asyncio.StreamWriter) -> None:
        await self._pump(reader, to_upstream)

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while chunk := await reader.read(_CHUNK_BYTES):
            await self._open.wait()
            writer.write(chunk)
            await writer.drain()

    async def _connect(self) -> Streams:
        """Connect to a target that takes connections; which one is chance."""
        ports = list(self._targets())
        self._dice.shuffle(ports)
        for port in ports:
            with suppress(OSError, TimeoutError):
                return await asyncio.wait_for(asyncio.open_connection("127.0.0.1", port), _CONNECT_S)
        raise ConnectionRefusedError


class HttpLine(Line):
    """A line that knows where a request ends, and may deliver one a second time: at once, or long after."""

    def __init__(self, targets: Callable[[], Sequence[int]], dice: random.Random, *, echoes: float) -> None:
        super().__init__(targets, dice)
        self._echoes = echoes
        self._echoing: set[asyncio.Task[None]] = set()

    async def close(self) -> None:
        """End it; what it would have repeated is dropped."""
        for task in self._echoing:
            task.cancel()
        if self._echoing:
            await asyncio.wait(self._echoing)
        await super().close()

    async def _pass_on(self, reader: asyncio.StreamReader, to_upstream: asyncio.StreamWriter) -> None:
        while (request := await read_request(reader)) is not None:
            await self._open.wait()
            if request.changes_something and self._dice.random() < self._echoes:
                self._echo_later(request)
            to_upstream.write(request.bytes)
            await to_upstream.drain()

    def _echo_later(self, request: Request) -> None:
        after_s = self._dice.choice([0.0, self._dice.uniform(0.0, 0.3), self._dice.uniform(0.3, 3.0)])
        task = asyncio.create_task(self._echo(request, after_s))
        self._echoing.add(task)
        task.add_done_callback(self._echoing.discard)

    async def _echo(self, request: Request, after_s: float) -> None:
        """Send it once more over a connection of its own, and drop the answer."""
        await asyncio.sleep(after_s)
        with suppress(OSError, TimeoutError):
            reader, writer = await self._connect()
            writer.write(request.bytes)
            try:
                await asyncio.wait_for(reader.read(_MOST_ANSWER_BYTES), _ECHO_S)
            finally:
                await _close(writer)


async def _close(writer: asyncio.StreamWriter) -> None:
    """Close a connection after what was written to it has gone, if the other side takes it."""
    writer.close()
    with suppress(OSError, TimeoutError):
        await asyncio.wait_for(writer.wait_closed(), _LINGER_S)
    writer.transport.abort()


async def _first_of(*deeds: Coroutine[object, object, None]) -> None:
    """Wait for the first to end, and end the others."""
    tasks = [asyncio.create_task(deed) for deed in deeds]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
