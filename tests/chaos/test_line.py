"""Lines between the parts of a farm: they pass on, break, hold up, and repeat whole requests."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, field

import pytest

from chaos.http_requests import Request, read_request
from chaos.line import HttpLine, Line

pytestmark = pytest.mark.anyio

ANSWER = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"
POST = b"POST /jobs HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbody"
GET = b"GET /jobs HTTP/1.1\r\nHost: a\r\n\r\n"


@dataclass(kw_only=True)
class Target:
    """A server that keeps all requests and answers each of them."""

    port: int = 0
    requests: list[bytes] = field(default_factory=list)
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while (request := await read_request(reader)) is not None:
            self.requests.append(request.bytes)
            self.changed.set()
            writer.write(ANSWER)
        await closed(writer)

    async def wait_for(self, count: int) -> None:
        async with asyncio.timeout(10):
            while len(self.requests) < count:
                self.changed.clear()
                await self.changed.wait()


@pytest.fixture
async def target() -> AsyncIterator[Target]:
    target = Target()
    server = await asyncio.start_server(target.serve, "127.0.0.1", 0)
    target.port = server.sockets[0].getsockname()[1]
    yield target
    server.close()


async def ask(line: Line, request: bytes) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", line.port)
    writer.write(request)
    try:
        return await asyncio.wait_for(reader.readexactly(len(ANSWER)), 10)
    finally:
        await closed(writer)


async def closed(writer: asyncio.StreamWriter) -> None:
    writer.close()
    with suppress(OSError):
        await writer.wait_closed()


async def listening(line: Line) -> Line:
    await line.listen()
    return line


async def test_a_line_passes_on_and_back(target: Target) -> None:
    line = await listening(Line(lambda: [target.port], random.Random(1)))
    assert await ask(line, POST) == ANSWER
    assert target.requests == [POST]
    await line.close()


async def test_a_line_takes_the_target_that_lives(target: Target) -> None:
    nobody = 1
    line = await listening(Line(lambda: [nobody, target.port], random.Random(1)))
    for _ in range(5):
        assert await ask(line, POST) == ANSWER
    await line.close()


async def test_a_cut_line_breaks_what_is_open_and_lets_nothing_through_until_it_is_mended(target: Target) -> None:
    line = await listening(Line(lambda: [target.port], random.Random(1)))
    reader, writer = await asyncio.open_connection("127.0.0.1", line.port)
    writer.write(GET)
    await reader.readexactly(len(ANSWER))
    line.cut()
    with suppress(ConnectionResetError):
        assert await asyncio.wait_for(reader.read(), 10) == b""
    await closed(writer)
    with pytest.raises((OSError, asyncio.IncompleteReadError)):
        await ask(line, POST)
    line.mend()
    assert await ask(line, POST) == ANSWER
    await line.close()


async def test_a_line_that_is_held_up_delivers_later(target: Target) -> None:
    line = await listening(Line(lambda: [target.port], random.Random(1)))
    line.hold_up()
    asking = asyncio.create_task(ask(line, POST))
    await asyncio.wait([asking], timeout=0.1)
    assert (asking.done(), target.requests) == (False, [])
    line.mend()
    assert await asking == ANSWER
    await line.close()


async def test_a_line_that_echoes_delivers_a_change_twice_and_answers_it_once(target: Target) -> None:
    line = await listening(HttpLine(lambda: [target.port], random.Random(1), echoes=1.0))
    assert await ask(line, POST) == ANSWER
    await target.wait_for(2)
    assert target.requests == [POST, POST]
    await line.close()


async def test_questions_are_not_echoed(target: Target) -> None:
    line = await listening(HttpLine(lambda: [target.port], random.Random(1), echoes=1.0))
    assert await ask(line, GET) == ANSWER
    assert target.requests == [GET]
    await line.close()


async def test_requests_are_read_whole_one_after_the_other() -> None:
    reader = asyncio.StreamReader()
    reader.feed_data(GET + POST)
    reader.feed_eof()
    assert await read_request(reader) == Request(bytes=GET)
    assert await read_request(reader) == Request(bytes=POST)
    assert await read_request(reader) is None


async def test_a_request_that_breaks_off_is_none() -> None:
    reader = asyncio.StreamReader()
    reader.feed_data(POST[:-1])
    reader.feed_eof()
    with pytest.raises(asyncio.IncompleteReadError):
        await read_request(reader)
