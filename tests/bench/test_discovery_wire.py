import asyncio
import http.client
from urllib.parse import urlsplit

from bench.discovery.wire import a_wire

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"


async def _answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    head = await reader.readuntil(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r")[0] or 0)
    await reader.readexactly(length)
    writer.write(ANSWER)
    await writer.drain()
    writer.close()


def _send(url: str, method: str, path: str, body: bytes) -> int:
    at = urlsplit(url)
    connection = http.client.HTTPConnection(str(at.hostname), at.port, timeout=10)
    connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
    connection.putheader("Content-Length", str(len(body)))
    connection.endheaders(body)
    assert connection.getresponse().read() == b"{}"
    connection.close()
    return len(f"{method} {path} HTTP/1.1\r\nContent-Length: {len(body)}\r\n\r\n") + len(body)


def test_every_byte_of_a_request_is_counted_and_uploads_apart() -> None:
    async def measured() -> tuple[tuple[int, int], tuple[int, int], list[int]]:
        server = await asyncio.start_server(_answer, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        async with server, a_wire(f"http://127.0.0.1:{port}") as wire:
            sent = [
                await asyncio.to_thread(_send, wire.url, *call)
                for call in (
                    ("PUT", "/bundles/acme/1f", b"x" * 200_000),
                    ("PUT", "/apps/acme/1", b"y" * 10),
                    ("POST", "/runs", b"{}"),
                )
            ]
            return wire.taken(), wire.taken(), sent

    first, second, (bundle, app, run) = asyncio.run(measured())
    assert first == (bundle + app, run)
    assert second == (0, 0)
