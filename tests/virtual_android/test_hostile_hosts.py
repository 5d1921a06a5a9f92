"""Hosts that break adb's rules lose their connection; the device goes on serving the others."""

import socket
import struct
from collections.abc import Iterator

import pytest

from tests.virtual_android.adb import AdbDevice
from virtual_android.adb.protocol import HEADER_BYTES, Command, Message, decode_header, encode
from virtual_android.adb.transport import MAX_STREAMS


class Host:
    """An adb server that we can make misbehave."""

    def __init__(self, line: socket.socket) -> None:
        self._line = line
        self._file = line.makefile("rb")

    def send(self, command: Command, first: int = 0, second: int = 0, payload: bytes = b"") -> None:
        self._line.sendall(encode(Message(command=command, first=first, second=second, payload=payload)))

    def send_raw(self, data: bytes) -> None:
        self._line.sendall(data)

    def flood(self, stream_id: int) -> None:
        for _ in range(1_000):
            self.send(Command.WRTE, 1, stream_id, bytes(200_000))

    def receive(self) -> Message | None:
        """Wait for the next message; None when the device hung up."""
        header_bytes = self._file.read(HEADER_BYTES)
        if len(header_bytes) < HEADER_BYTES:
            return None
        header = decode_header(header_bytes)
        payload = self._file.read(header.payload_bytes)
        return Message(command=header.command, first=header.first, second=header.second, payload=payload)

    def open(self, service: str, *, host_id: int = 1) -> Message:
        self.send(Command.OPEN, host_id, 0, service.encode() + b"\0")
        answer = self.receive()
        assert answer is not None
        return answer

    def hangs_up(self) -> bool:
        try:
            while self.receive():
                pass
        except ConnectionError:
            pass
        return True


@pytest.fixture
def host(device: AdbDevice) -> Iterator[Host]:
    port = int(device.serial.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port), timeout=20) as line:
        host = Host(line)
        host.send(Command.CNXN, 0x01000001, 1 << 20, b"host::")
        banner = host.receive()
        assert banner is not None
        assert banner.payload.startswith(b"device::ro.product.name=")
        yield host


def still_serves(device: AdbDevice) -> bool:
    return device.shell("echo alive").out == "alive\n"


@pytest.mark.parametrize(
    "line",
    [
        b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
        struct.pack("<6I", Command.WRTE, 1, 1, 1 << 30, 0, Command.WRTE ^ 0xFFFFFFFF),
        struct.pack("<6I", 7, 1, 1, 0, 0, 7 ^ 0xFFFFFFFF),
        encode(Message(command=Command.AUTH, first=3, second=0, payload=b"key")),
    ],
)
def test_what_no_adb_sends_ends_the_connection(device: AdbDevice, host: Host, line: bytes) -> None:
    host.send_raw(line)

    assert host.hangs_up()
    assert still_serves(device)


def test_a_host_that_writes_without_waiting_loses_its_connection(device: AdbDevice, host: Host) -> None:
    asleep = host.open("exec:logcat")

    with pytest.raises(ConnectionError):
        host.flood(asleep.first)

    assert still_serves(device)


def test_a_host_gets_only_so_many_streams(device: AdbDevice, host: Host) -> None:
    first = [host.open("sync:", host_id=number).command for number in range(1, MAX_STREAMS + 1)]
    one_more = host.open("sync:", host_id=MAX_STREAMS + 1)

    assert set(first) == {Command.OKAY}
    assert one_more.command is Command.CLSE
    assert still_serves(device)


def test_a_service_that_does_not_exist_is_refused_and_recorded(device: AdbDevice, host: Host) -> None:
    assert host.open("jdwp:77").command is Command.CLSE

    assert [event["name"] for event in device.events("service_refused")] == ["jdwp:77"]


def test_a_write_to_a_stream_that_never_was_is_answered_with_a_close(host: Host) -> None:
    host.send(Command.WRTE, 5, 77, b"hello")

    assert host.receive() == Message(command=Command.CLSE, first=0, second=5)
