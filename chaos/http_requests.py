"""Reads whole HTTP/1.1 requests off a connection, as qgjob's clients write them: no chunks, no pipelining."""

import asyncio
import re
from dataclasses import dataclass

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)\r\n", re.IGNORECASE)
_CHANGING = (b"POST ", b"PUT ")


@dataclass(frozen=True, kw_only=True)
class Request:
    """One request, head and body, as it came."""

    bytes: bytes

    @property
    def changes_something(self) -> bool:
        """Whether it is more than a question."""
        return self.bytes.startswith(_CHANGING)


async def read_request(reader: asyncio.StreamReader) -> Request | None:
    """Read the next request; None when the connection ended between two."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError as error:
        if error.partial:
            raise
        return None
    length = _LENGTH.search(head)
    body = await reader.readexactly(int(length[1])) if length else b""
    return Request(bytes=head + body)
