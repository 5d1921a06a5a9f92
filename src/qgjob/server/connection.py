"""One HTTP connection: uvicorn's, with a place among a bounded number, bounds in time, and refusals in our shape."""

import asyncio
import time

import h11
from starlette.types import Receive, Scope, Send
from uvicorn.config import Config
from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle
from uvicorn.server import ServerState

from qgjob.core.errors import Unavailable
from qgjob.server.one_write import OneWrite
from qgjob.server.problems import problem_response
from qgjob.server.refusals import Malformed

HEAD_WITHIN_S = 20.0
"""From the first byte of a request, or from the beginning of a connection, to the end of the request's head."""
MOVES_WITHIN_S = 60.0
"""How long a client may take nothing of an answer, or send nothing of a body that is waited for."""

Stall = tuple[str, object]
"""What a connection waits for, and how far that is; equal to the one before: it has not moved."""


class Connection(H11Protocol):
    """A connection. `limit_concurrency` of uvicorn's configuration bounds how many there are, idle ones included.

    One too many takes the place of the one that has been idle longest; where none is idle, what it asks is refused.
    """

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, object],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._most = config.limit_concurrency
        self.limit_concurrency = None  # uvicorn's own refusal is a line of text
        self.idle_since_s = time.monotonic()
        self._came_bytes = 0
        self._stall: Stall | None = None
        self._stalled_since_s = 0.0

    @property
    def is_idle(self) -> bool:
        """Whether everything that was asked is answered."""
        asked = self._last_asked()
        return asked is None or asked.response_complete

    @property
    def is_new(self) -> bool:
        """Whether nothing was ever asked here, and still can be."""
        return self._last_asked() is None and not self.transport.is_closing()

    @property
    def is_half_asked(self) -> bool:
        """Whether a request has begun to come and is not whole, or none has come yet."""
        if not self.is_idle:
            return False
        if self.conn.their_state is h11.IDLE:
            return self._last_asked() is None or bool(self.conn.trailing_data[0])
        return self.conn.their_state is h11.SEND_BODY

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """Take a place."""
        super().connection_made(OneWrite(transport, self.loop))
        if self._most is not None and len(self.connections) > self._most:
            self._displace(self._most)

    def data_received(self, data: bytes) -> None:
        """Take in what came."""
        self._came_bytes += len(data)
        super().data_received(data)

    def on_response_complete(self) -> None:
        """Be idle from now on."""
        self.idle_since_s = time.monotonic()
        super().on_response_complete()

    def send_400_response(self, msg: str) -> None:
        """Refuse what is no HTTP, and close."""
        if self.conn.our_state in {h11.IDLE, h11.SEND_RESPONSE}:
            refusal = problem_response(Malformed(f"{msg.rstrip('.')}: its head or its framing cannot be read."))
            headers = [*refusal.raw_headers, (b"connection", b"close")]
            answer = h11.Response(status_code=400, headers=headers, reason=b"Bad Request")
            for event in (answer, h11.Data(data=bytes(refusal.body)), h11.EndOfMessage()):
                self.transport.write(self.conn.send(event) or b"")
        self.transport.close()

    def look(self, now_s: float) -> None:
        """Break off when the client has not gone on for too long. To be called every few seconds."""
        stall = self._find_stall()
        if stall is None or stall != self._stall:
            self._stall, self._stalled_since_s = stall, now_s
        elif now_s - self._stalled_since_s >= (HEAD_WITHIN_S if stall[0] == "asking" else MOVES_WITHIN_S):
            self.transport.abort()

    def _last_asked(self) -> RequestResponseCycle | None:
        return self.cycle  # what uvicorn says of its type leaves out that at first there is none

    def _find_stall(self) -> Stall | None:
        if waiting := self.transport.get_write_buffer_size():
            return "taking", waiting
        if self.is_half_asked:
            return "asking", self.cycle
        if self.conn.their_state is h11.SEND_BODY and not self.flow.read_paused:
            return "sending", self._came_bytes
        return None

    def _displace(self, most: int) -> None:
        """Close the one that has been idle longest; when there is none, refuse what will be asked here."""
        others = [each for each in self.connections if isinstance(each, Connection) and not each.transport.is_closing()]
        idle = [each for each in others if each.is_idle and each is not self]
        if idle:
            min(idle, key=lambda each: (each.is_half_asked, each.idle_since_s)).shutdown()
        elif len(others) > most:
            self.app = _refuse


async def _refuse(scope: Scope, receive: Receive, send: Send) -> None:
    response = problem_response(
        Unavailable("The server has as many connections as it can: try again in a few seconds.")
    )
    response.headers["Connection"] = "close"
    await response(scope, receive, send)
