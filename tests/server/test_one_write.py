"""What is written in one turn leaves in one piece."""

import asyncio

import pytest

from qgjob.server.one_write import OneWrite

pytestmark = pytest.mark.anyio


class Wire(asyncio.Transport):
    """Remembers what is done to it."""

    def __init__(self) -> None:
        super().__init__()
        self.done: list[bytes | str] = []

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.done.append(bytes(data))

    def close(self) -> None:
        self.done.append("close")

    def abort(self) -> None:
        self.done.append("abort")

    def get_write_buffer_size(self) -> int:
        return 0


@pytest.fixture
async def wire() -> Wire:
    return Wire()


async def test_a_head_and_a_body_leave_together(wire: Wire) -> None:
    transport = OneWrite(wire, asyncio.get_running_loop())
    transport.write(b"head ")
    transport.write(b"body")
    assert (wire.done, transport.get_write_buffer_size()) == ([], 9)
    await asyncio.sleep(0)

    assert (wire.done, transport.get_write_buffer_size()) == ([b"head body"], 0)


async def test_what_was_written_leaves_before_the_connection_closes(wire: Wire) -> None:
    transport = OneWrite(wire, asyncio.get_running_loop())
    transport.write(b"last words")
    transport.close()
    await asyncio.sleep(0)

    assert wire.done == [b"last words", "close"]


async def test_a_connection_that_is_broken_off_sends_nothing_more(wire: Wire) -> None:
    transport = OneWrite(wire, asyncio.get_running_loop())
    transport.write(b"too late")
    transport.abort()
    await asyncio.sleep(0)

    assert wire.done == ["abort"]


async def test_much_leaves_at_once(wire: Wire) -> None:
    transport = OneWrite(wire, asyncio.get_running_loop())
    transport.write(b"x" * 70_000)

    assert [len(piece) for piece in wire.done] == [70_000]
