"""Between a command and its server: passes every byte on, and counts what the command sent, by call."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

_CHUNK_BYTES = 64 * 1024
_CALL = re.compile(rb"(?P<method>[A-Z]+) /(?P<resource>[^/? ]*)")
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)\r\n", re.IGNORECASE)
_UPLOADS = frozenset({"PUT bundles", "PUT apps"})


@dataclass(kw_only=True)
class Wire:
    """What was sent so far. `sent`: bytes, heads included, by method and first part of the path."""

    url: str = ""
    sent: dict[str, int] = field(default_factory=dict)

    def taken(self) -> tuple[int, int]:
        """Return the bytes of uploads and of all other calls since the last time."""
        uploads = sum(count for call, count in self.sent.items() if call in _UPLOADS)
        others = sum(self.sent.values()) - uploads
        self.sent.clear()
        return uploads, others


@asynccontextmanager
async def a_wire(upstream: str) -> AsyncIterator[Wire]:
    """Stand in front of this server while the block lasts."""
    wire, at = Wire(), urlsplit(upstream)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        theirs, ours = await asyncio.open_connection(at.hostname, at.port)
        back = asyncio.create_task(_pass_back(theirs, writer))
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                await _pass_request(reader, ours, wire)
        back.cancel()
        ours.close()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    wire.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield wire
    finally:
        server.close()


async def _pass_request(reader: asyncio.StreamReader, to: asyncio.StreamWriter, wire: Wire) -> None:
    """Pass one request on. Every body has its length: no qgjob command sends chunks."""
    head = await reader.readuntil(b"\r\n\r\n")
    call, length = _CALL.match(head), _LENGTH.search(head)
    if call is None or b"\r\ntransfer-encoding:" in head.lower():
        raise ConnectionError(f"no request that can be counted: {head[:80]!r}")
    name = f"{call['method'].decode()} {call['resource'].decode()}"
    left = int(length[1]) if length else 0
    wire.sent[name] = wire.sent.get(name, 0) + len(head) + left
    to.write(head)
    while left:
        chunk = await reader.readexactly(min(left, _CHUNK_BYTES))
        to.write(chunk)
        await to.drain()
        left -= len(chunk)
    await to.drain()


async def _pass_back(reader: asyncio.StreamReader, to: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError):
        while chunk := await reader.read(_CHUNK_BYTES):
            to.write(chunk)
            await to.drain()
