"""Connections over real sockets: a bounded number of them, each with a bounded time to ask and to take its answer."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest

from qgjob.server import connection, http_server
from qgjob.server.run import serving
from qgjob.server.settings import Settings

pytestmark = pytest.mark.anyio

MOST = 4
SOON_S = 10
ASK = b"GET /jobs/nowhere HTTP/1.1\r\nHost: localhost\r\n\r\n"
HOLD = b"GET /facts?wait_s=30 HTTP/1.1\r\nHost: localhost\r\n\r\n"


@dataclass(frozen=True, kw_only=True)
class Line:
    """A connection, byte by byte."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def say(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()

    async def answer(self) -> tuple[int, dict[str, str], dict[str, object]]:
        head = (await asyncio.wait_for(self.reader.readuntil(b"\r\n\r\n"), SOON_S)).decode().split("\r\n")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:] if line)}
        body = await asyncio.wait_for(self.reader.readexactly(int(headers["content-length"])), SOON_S)
        return int(head[0].split(" ")[1]), headers, json.loads(body)

    async def ends(self) -> bool:
        """Wait for the other side to close; whether it said nothing more."""
        try:
            return await asyncio.wait_for(self.reader.read(), SOON_S) == b""
        except ConnectionResetError:
            return True


async def is_answered_soon(line: Line) -> bool:
    done, _ = await asyncio.wait({asyncio.create_task(line.reader.read(1))}, timeout=0.1)
    return bool(done)


@pytest.fixture
async def port(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[int]:
    monkeypatch.setattr(http_server, "MOST_CONNECTIONS", MOST)
    monkeypatch.setattr(http_server, "_TICKS_BETWEEN_LOOKS", 1)
    async with serving(settings) as url:
        yield int(url.rpartition(":")[2])


@asynccontextmanager
async def a_line(port: int) -> AsyncIterator[Line]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        yield Line(reader=reader, writer=writer)
    finally:
        writer.close()


@asynccontextmanager
async def lines(port: int, number: int, *, that_say: bytes) -> AsyncIterator[list[Line]]:
    opened = []
    for _ in range(number):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        opened.append(Line(reader=reader, writer=writer))
        writer.write(that_say)
    try:
        yield opened
    finally:
        for line in opened:
            line.writer.close()


async def test_a_connection_too_many_takes_the_place_of_the_longest_idle(port: int) -> None:
    async with lines(port, MOST, that_say=b"") as idle:
        for line in idle:
            await line.say(ASK)
            await line.answer()
        async with a_line(port) as newcomer:
            await newcomer.say(ASK)

            assert (await newcomer.answer())[0] == 404
            assert await idle[0].ends()
            await idle[1].say(ASK)
            assert (await idle[1].answer())[0] == 404


async def test_a_crowd_that_says_nothing_keeps_nobody_out(port: int) -> None:
    async with lines(port, 10 * MOST, that_say=b""), a_line(port) as newcomer:
        await newcomer.say(ASK)
        assert (await newcomer.answer())[0] == 404


async def test_where_all_are_busy_a_newcomer_is_told_to_come_again(port: int) -> None:
    async with lines(port, MOST, that_say=HOLD) as busy:
        assert [line for line in busy if await is_answered_soon(line)] == []
        async with a_line(port) as newcomer:
            await newcomer.say(ASK)
            status, headers, problem = await newcomer.answer()
            assert await newcomer.ends()

    assert (status, headers["content-type"], headers["connection"]) == (503, "application/problem+json", "close")
    assert int(headers["retry-after"]) > 0
    assert "as many connections as it can" in str(problem["error"])


async def test_a_request_whose_head_does_not_come_is_broken_off(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "HEAD_WITHIN_S", 0.3)
    began = time.monotonic()
    async with a_line(port) as silent, a_line(port) as slow, a_line(port) as again:
        await slow.say(b"GET /health HTT")
        await again.say(ASK)
        await again.answer()
        await again.say(b"GET /hea")

        assert await silent.ends()
        assert await slow.ends()
        assert await again.ends()
    assert 0.3 <= time.monotonic() - began < SOON_S


async def test_a_head_that_drips_is_broken_off_like_one_that_stops(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "HEAD_WITHIN_S", 0.3)

    async def drip(line: Line) -> None:
        while True:
            await line.say(b"X-Drip: x\r\n")
            await asyncio.sleep(0.02)

    async with a_line(port) as slow:
        await slow.say(b"GET /health HTTP/1.1\r\n")
        dripping = asyncio.create_task(drip(slow))
        assert await slow.ends()
        dripping.cancel()
        await asyncio.wait({dripping})


async def test_a_body_that_does_not_come_ends_its_connection(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "MOVES_WITHIN_S", 0.3)
    async with a_line(port) as slow:
        await slow.say(b"POST /jobs HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n")
        await slow.say(b"Content-Length: 100\r\n\r\n")
        assert await slow.ends()


async def test_an_idle_connection_is_kept(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "HEAD_WITHIN_S", 0.1)
    async with a_line(port) as line:
        await line.say(ASK)
        await line.answer()
        await asyncio.sleep(0.5)
        await line.say(ASK)

        assert (await line.answer())[0] == 404


async def test_what_is_no_http_is_refused_as_a_problem(port: int) -> None:
    async with a_line(port) as line:
        await line.say(b"EHLO farm.example\r\n\r\n")
        status, headers, problem = await line.answer()

        assert (status, headers["content-type"], problem["code"]) == (400, "application/problem+json", "malformed")
        assert await line.ends()
