"""Just enough HTTP/1.1 to serve JSON over an adb stream: keep-alive, Content-Length, bounded heads and bodies."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from http import HTTPStatus

from virtual_android.uiautomator2.answers import JSON

MAX_BODY_BYTES = 4 << 20


class HttpError(Exception):
    """The bytes are no request that this server takes; the connection ends."""


@dataclass(frozen=True, kw_only=True)
class Request:
    """One request; `body` is an empty object when none was sent."""

    method: str
    path: str
    body: dict[str, JSON]


@dataclass(frozen=True, kw_only=True)
class Response:
    """One answer, sent as JSON."""

    status: HTTPStatus
    body: JSON
    ends_server: bool = False

    def encode(self) -> bytes:
        """Give the bytes on the line."""
        content = json.dumps(self.body).encode()
        head = (
            f"HTTP/1.1 {self.status.value} {self.status.phrase}\r\nContent-Type: application/json; charset=UTF-8\r\n"
            f"Content-Length: {len(content)}\r\nConnection: keep-alive\r\n\r\n"
        )
        return head.encode() + content


async def serve_http(
    reader: asyncio.StreamReader,
    write: Callable[[bytes], Awaitable[None]],
    answer: Callable[[Request], Response],
) -> None:
    """Answer requests until the peer is done, sends what is no request, or an answer ends the server."""
    while True:
        try:
            request = await _read_request(reader)
        except asyncio.IncompleteReadError:
            return
        except HttpError as error:
            await write(Response(status=HTTPStatus.BAD_REQUEST, body={"value": {"message": str(error)}}).encode())
            return
        response = answer(request)
        await write(response.encode())
        if response.ends_server:
            return


async def _read_request(reader: asyncio.StreamReader) -> Request:
    try:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    except asyncio.LimitOverrunError:
        raise HttpError("the head of the request is too long") from None
    first, *lines = head.split("\r\n")
    words = first.split(" ")
    if len(words) != len(("method", "path", "version")):
        raise HttpError(f"no request line: {first[:80]!r}")
    headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    length = headers.get("content-length", "0")
    if "transfer-encoding" in headers or not length.isdigit() or int(length) > MAX_BODY_BYTES:
        raise HttpError(f"a body must come with a Content-Length of at most {MAX_BODY_BYTES}")
    return Request(method=words[0], path=words[1].partition("?")[0], body=_body(await reader.readexactly(int(length))))


def _body(content: bytes) -> dict[str, JSON]:
    if not content.strip():
        return {}
    try:
        body = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise HttpError(f"the body is no JSON: {error}") from error
    if not isinstance(body, dict):
        raise HttpError("the body is no JSON object")
    return body
