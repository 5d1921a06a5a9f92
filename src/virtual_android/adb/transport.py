"""One adb connection and the streams that it carries; what a stream is for is decided by the services it is given.

A stream has one message in flight in each direction, as the protocol asks: that bounds the memory a peer can take.
"""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable

from virtual_android.adb.protocol import (
    HEADER_BYTES,
    MAX_PAYLOAD_BYTES,
    VERSION,
    Command,
    Message,
    ProtocolError,
    decode_header,
    encode,
)

MAX_STREAMS = 256

logger = logging.getLogger(__name__)

Service = Callable[["Stream"], Awaitable[None]]
"""Serves one opened stream until it is done; the stream is closed for it afterwards."""


class _Credit(asyncio.ReadTransport):
    """Lets a StreamReader hold back the peer: while its buffer is full no OKAY is sent, and the peer waits."""

    def __init__(self, acknowledge: Callable[[], None]) -> None:
        super().__init__()
        self._acknowledge = acknowledge
        self._paused = False

    def pause_reading(self) -> None:
        self._paused = True

    def resume_reading(self) -> None:
        self._paused = False
        self._acknowledge()

    def check_may_write(self) -> None:
        if self._paused:
            raise ProtocolError("the host wrote to a stream before its last message was acknowledged")

    def received(self) -> None:
        if not self._paused:
            self._acknowledge()


class Stream:
    """The device's end of one stream: `reader` gives what the host wrote, `closed` is set once either side closed."""

    def __init__(self, connection: "Connection", *, local_id: int, remote_id: int) -> None:
        self._connection = connection
        self.local_id = local_id
        self.remote_id = remote_id
        self.closed = asyncio.Event()
        self._may_write = asyncio.Event()
        self._may_write.set()
        self._writing = asyncio.Lock()
        self._credit = _Credit(self._acknowledge)
        self.reader = asyncio.StreamReader(limit=MAX_PAYLOAD_BYTES)
        self.reader.set_transport(self._credit)

    async def write(self, data: bytes) -> None:
        """Send `data`, waiting for the host to take each message; raises ConnectionError once the stream is closed."""
        async with self._writing:
            for start in range(0, len(data), self._connection.payload_limit):
                await self._may_write.wait()
                if self.closed.is_set():
                    raise ConnectionResetError("the host closed the stream")
                self._may_write.clear()
                await self._connection.thawed()
                await self._send(Command.WRTE, data[start : start + self._connection.payload_limit])

    async def close(self) -> None:
        """Close this end after the host has taken what was written; closing twice is harmless."""
        await self._may_write.wait()
        if not self.closed.is_set():
            self.host_closed()
            await self._send(Command.CLSE)

    def host_wrote(self, data: bytes) -> None:
        """Take one message of the host; acknowledged at once, or when the reader has room again.

        Raises ProtocolError for a host that does not wait for that.
        """
        self._credit.check_may_write()
        self.reader.feed_data(data)
        self._credit.received()

    def host_took(self) -> None:
        """Allow the next message to be written."""
        self._may_write.set()

    def host_closed(self) -> None:
        """Wake everybody who waits on this stream: nothing more will come."""
        self.closed.set()
        self._may_write.set()
        self.reader.feed_eof()

    def _acknowledge(self) -> None:
        if not self.closed.is_set():
            self._connection.send(Command.OKAY, self.local_id, self.remote_id)

    async def _send(self, command: Command, payload: bytes = b"") -> None:
        self._connection.send(command, self.local_id, self.remote_id, payload)
        await self._connection.drain()


class Connection:
    """One host (an adb server) on the line; runs until it hangs up or breaks the protocol."""

    def __init__(
        self,
        *,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        banner: str,
        find_service: Callable[[str], Service | None],
        thawed: Callable[[], Awaitable[None]],
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._banner = banner
        self._find_service = find_service
        self.thawed = thawed
        self._streams: dict[int, Stream] = {}
        self._serving: set[asyncio.Task[None]] = set()
        self._last_id = 0
        self.payload_limit = MAX_PAYLOAD_BYTES

    async def run(self) -> None:
        """Serve the host until the line is cut, then end every stream that is still open."""
        try:
            while True:
                message = await self._receive()
                await self.thawed()
                self._handle(message)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass  # the host hung up: nothing is left to be said to it
        except ProtocolError as error:
            logger.warning("adb connection closed: %s", error)
        finally:
            await self._end_streams()

    def send(self, command: Command, first: int, second: int, payload: bytes = b"") -> None:
        """Put one message on the line."""
        self._writer.write(encode(Message(command=command, first=first, second=second, payload=payload)))

    async def drain(self) -> None:
        """Wait until the line has room again."""
        await self._writer.drain()

    async def _receive(self) -> Message:
        header = decode_header(await self._reader.readexactly(HEADER_BYTES))
        payload = await self._reader.readexactly(header.payload_bytes)
        return Message(command=header.command, first=header.first, second=header.second, payload=payload)

    def _handle(self, message: Message) -> None:
        match message.command:
            case Command.CNXN:
                self.payload_limit = max(1, min(message.second, MAX_PAYLOAD_BYTES))
                self.send(Command.CNXN, VERSION, MAX_PAYLOAD_BYTES, self._banner.encode())
            case Command.OPEN:
                self._open(message)
            case Command.WRTE:
                self._write(message)
            case Command.OKAY:
                if stream := self._streams.get(message.second):
                    stream.host_took()
            case Command.CLSE:
                if stream := self._streams.pop(message.second, None):
                    stream.host_closed()
            case Command.AUTH | Command.SYNC | Command.STLS:
                raise ProtocolError(f"{message.command.name} was never asked for")

    def _open(self, message: Message) -> None:
        service = self._find_service(message.payload.rstrip(b"\0").decode("utf-8", "replace"))
        if service is None or len(self._streams) >= MAX_STREAMS:
            self.send(Command.CLSE, 0, message.first)
            return
        self._last_id += 1
        stream = Stream(self, local_id=self._last_id, remote_id=message.first)
        self._streams[stream.local_id] = stream
        self.send(Command.OKAY, stream.local_id, stream.remote_id)
        task = asyncio.create_task(self._serve(stream, service))
        self._serving.add(task)
        task.add_done_callback(self._serving.discard)

    def _write(self, message: Message) -> None:
        stream = self._streams.get(message.second)
        if stream is None or stream.closed.is_set():
            self.send(Command.CLSE, 0, message.first)
            return
        stream.host_wrote(message.payload)

    async def _serve(self, stream: Stream, service: Service) -> None:
        try:
            with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):  # the host no longer listens
                await service(stream)
        except Exception:  # one broken service must not end the others; the log keeps what it was
            logger.exception("a service of the device failed")
        with contextlib.suppress(ConnectionError):
            await stream.close()
        self._streams.pop(stream.local_id, None)

    async def _end_streams(self) -> None:
        for stream in self._streams.values():
            stream.host_closed()
        for task in self._serving:
            task.cancel()
        await asyncio.gather(*self._serving, return_exceptions=True)
        self._writer.close()
