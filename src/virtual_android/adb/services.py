"""The services that a host may open by name: shell, exec, sync, reboot and UiAutomator2's port."""

import asyncio
import contextlib
import struct
from collections.abc import Awaitable, Callable
from enum import IntEnum

from virtual_android.adb.sync import serve_sync
from virtual_android.adb.transport import Service, Stream
from virtual_android.device import Device
from virtual_android.events import EventKind
from virtual_android.shell.interpreter import run_line
from virtual_android.shell.io import ShellIO
from virtual_android.uiautomator2.instrumentation import PORT
from virtual_android.uiautomator2.server import serve_instrumentation

PACKET_BYTES = 64 * 1024
SERVER_START_S = 0.1
"""How long a caller of a port that is still closed is held: the driver calls in the same breath in which it starts the
server, and when it is refused it waits a whole second before it calls again."""

_PACKET = struct.Struct("<BI")


class Packet(IntEnum):
    """Kinds of packet in the shell protocol, version 2."""

    STDIN = 0
    STDOUT = 1
    STDERR = 2
    EXIT = 3
    CLOSE_STDIN = 4
    WINDOW_SIZE = 5


class Services:
    """Finds services of one device by the names that hosts use."""

    def __init__(self, device: Device) -> None:
        self._device = device

    def find(self, name: str) -> Service | None:
        """Give the service of that name; an unknown or closed one is refused and recorded."""
        kind, _, argument = name.partition(":")
        service = self._service(kind.split(","), argument)
        kind_of_event = EventKind.SERVICE if service else EventKind.SERVICE_REFUSED
        self._device.events.record(kind_of_event, name=name)
        return service

    def _service(self, kind: list[str], argument: str) -> Service | None:
        match kind:
            case ["shell", *options] if argument:
                serve = self._shell_v2 if "v2" in options else self._raw_shell
                return lambda stream: serve(stream, argument)
            case ["exec"]:
                return lambda stream: self._raw_shell(stream, argument)
            case ["sync"]:
                return lambda stream: serve_sync(self._device, stream.reader, stream.write)
            case ["reboot"]:
                return self._reboot
            case ["tcp"] if argument == str(PORT):
                return self._uiautomator2
            case _:
                return None

    async def _reboot(self, _stream: Stream) -> None:
        self._device.reboot()

    async def _uiautomator2(self, stream: Stream) -> None:
        instrumentation = await self._device.wait_for_instrumentation(SERVER_START_S)
        if instrumentation:
            await serve_instrumentation(self._device, instrumentation, stream.reader, stream.write)

    async def _raw_shell(self, stream: Stream, line: str) -> None:
        self._device.faults.command_began()
        io = ShellIO(stdin=stream.reader, write_out=stream.write, write_err=stream.write, hung_up=stream.closed)
        await run_line(line, self._device, io)

    async def _shell_v2(self, stream: Stream, line: str) -> None:
        self._device.faults.command_began()
        stdin = asyncio.StreamReader(limit=PACKET_BYTES)
        gate = _Gate()
        stdin.set_transport(gate)
        io = ShellIO(
            stdin=stdin,
            write_out=_packet_writer(stream, Packet.STDOUT),
            write_err=_packet_writer(stream, Packet.STDERR),
            hung_up=stream.closed,
        )
        feeding = asyncio.create_task(_feed_stdin(stream.reader, stdin, gate))
        try:
            code = await run_line(line, self._device, io)
        finally:
            feeding.cancel()
        await stream.write(_PACKET.pack(Packet.EXIT, 1) + bytes([code & 0xFF]))


def _packet_writer(stream: Stream, kind: Packet) -> Callable[[bytes], Awaitable[None]]:
    async def write(data: bytes) -> None:
        for start in range(0, len(data), PACKET_BYTES):
            part = data[start : start + PACKET_BYTES]
            await stream.write(_PACKET.pack(kind, len(part)) + part)

    return write


class _Gate(asyncio.ReadTransport):
    """Holds back the typing host while the command does not read."""

    def __init__(self) -> None:
        super().__init__()
        self.has_room = asyncio.Event()
        self.has_room.set()

    def pause_reading(self) -> None:
        self.has_room.clear()

    def resume_reading(self) -> None:
        self.has_room.set()


async def _feed_stdin(packets: asyncio.StreamReader, stdin: asyncio.StreamReader, gate: _Gate) -> None:
    """Unpack what the host types into the command's standard input, in pieces of bounded size."""
    with contextlib.suppress(asyncio.IncompleteReadError):  # the host hung up: that ends the input as well
        kind = Packet.STDIN
        while kind != Packet.CLOSE_STDIN:
            kind, length = _PACKET.unpack(await packets.readexactly(_PACKET.size))
            while length:
                await gate.has_room.wait()
                part = await packets.readexactly(min(length, PACKET_BYTES))
                length -= len(part)
                if kind == Packet.STDIN:
                    stdin.feed_data(part)
    stdin.feed_eof()
