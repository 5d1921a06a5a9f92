"""A measured program: sends the same request again and again over kept connections, each waiting for its answer.

It writes and reads HTTP/1.1 by itself, on uvloop, so that the server and not the client is what is measured. Runs in
the environment of `locks/bench.txt` and imports nothing of qgjob. The request is in a JSON file:
`{"method": …, "path": …, "body": …}`.
"""

import asyncio
import json
import sys
import time
from pathlib import Path
from typing import cast

import uvloop

MOST_S = 1200.0
_END_OF_HEAD = b"\r\n\r\n"
_LENGTH = b"content-length:"


class Refused(Exception):
    """The server answered something else than was expected."""


class Caller(asyncio.Protocol):
    """One connection: the next request goes out when the answer to the last is whole."""

    def __init__(self, request: bytes, requests: int, *, status: bytes) -> None:
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.times_s: list[float] = []
        self._request = request
        self._left = requests
        self._status = status
        self._buffer = b""
        self._sent_at = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        self._transport = cast("asyncio.Transport", transport)  # uvloop's only looks like one
        self._send()

    def data_received(self, data: bytes) -> None:
        """Take in a part of the answer."""
        self._buffer += data
        head_ends = self._buffer.find(_END_OF_HEAD)
        if head_ends < 0:
            return
        whole = head_ends + len(_END_OF_HEAD) + _length_of(self._buffer[:head_ends])
        if len(self._buffer) < whole:
            return
        self.times_s.append(time.perf_counter() - self._sent_at)
        if self._buffer[9:12] != self._status:
            self._end(Refused(self._buffer[:1000].decode(errors="replace")))
            return
        self._buffer = self._buffer[whole:]
        self._left -= 1
        if self._left:
            self._send()
        else:
            self._end(None)

    def connection_lost(self, _error: Exception | None) -> None:
        """Stop, too early if something is left."""
        self._end(Refused("The server closed the connection."))

    def _send(self) -> None:
        self._sent_at = time.perf_counter()
        self._transport.write(self._request)

    def _end(self, error: Exception | None) -> None:
        if not self.done.done():
            if error is None:
                self.done.set_result(None)
            else:
                self.done.set_exception(error)
        self._transport.close()


def _length_of(head: bytes) -> int:
    lowered = head.lower()
    begins = lowered.find(_LENGTH) + len(_LENGTH)
    return int(lowered[begins:].partition(b"\r\n")[0])


async def main(host: str, port: int, *, connections: int, requests: int, status: bytes, request: bytes) -> None:
    """Send all of it, and print."""
    loop = asyncio.get_running_loop()
    callers = [Caller(request, max(1, requests // connections), status=status) for _ in range(connections)]
    began = time.perf_counter()
    for caller in callers:
        await loop.create_connection(lambda caller=caller: caller, host, port)  # type: ignore[misc]  # its own default
    async with asyncio.timeout(MOST_S):
        await asyncio.gather(*(caller.done for caller in callers))
    seconds = time.perf_counter() - began
    times_ms = sorted(took_s * 1000 for caller in callers for took_s in caller.times_s)
    measured = {
        "requests": len(times_ms),
        "seconds": seconds,
        "p50_ms": times_ms[len(times_ms) // 2],
        "p99_ms": times_ms[len(times_ms) * 99 // 100],
    }
    sys.stdout.write(json.dumps(measured) + "\n")


def written(host: str, port: int, *, method: str, path: str, body: object) -> bytes:
    """Write an HTTP request down."""
    content = b"" if body is None else json.dumps(body).encode()
    head = f"{method} {path} HTTP/1.1\r\nHost: {host}:{port}\r\nContent-Type: application/json\r\n"
    return f"{head}Content-Length: {len(content)}\r\n\r\n".encode() + content


if __name__ == "__main__":
    host, port = sys.argv[1].removeprefix("http://").split(":")
    connections, requests, status, file = sys.argv[2:6]
    asked = json.loads(Path(file).read_text("utf-8"))
    uvloop.run(
        main(
            host,
            int(port),
            connections=int(connections),
            requests=int(requests),
            status=status.encode(),
            request=written(host, int(port), method=asked["method"], path=asked["path"], body=asked["body"]),
        )
    )
