"""How much a server takes on at once. What is beyond is refused with a time to come again, and nothing grows."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from qgjob.core.errors import Unavailable
from qgjob.server.problems import problem_response
from qgjob.wire.bounds import MOST_BODY_BYTES

MOST_REQUESTS = 4096
MOST_HELD = 2048
MOST_UPLOADS = 32
MOST_BODY_BYTES_AT_ONCE = 4 * MOST_BODY_BYTES
"""Parsed, a body is several times as large."""
_ALWAYS_ANSWERED = "/health"
"""Whoever looks after a busy server must not take it for a dead one."""
_SHARE = "share"


class Places:
    """A bounded amount of something. Used on the event loop alone."""

    def __init__(self, most: int, *, of: str) -> None:
        self.most = most
        self.taken = 0
        self._of = of

    def take(self, amount: int = 1) -> None:
        """Take some. Raises Unavailable when there is not enough left."""
        if self.taken + amount > self.most:
            raise Unavailable(f"The server has {self.most} {self._of} already: try again in a few seconds.")
        self.taken += amount

    def give_back(self, amount: int = 1) -> None:
        """Give back what was taken."""
        self.taken -= amount

    @contextmanager
    def one(self) -> Iterator[None]:
        """Take one while the block lasts. Raises Unavailable when there is none left."""
        self.take()
        try:
            yield
        finally:
            self.give_back()


class Pressure:
    """What is bounded, for one server."""

    def __init__(self) -> None:
        self.requests = Places(MOST_REQUESTS, of="requests under way")
        self.held = Places(MOST_HELD, of="questions that wait for an answer")
        self.uploads = Places(MOST_UPLOADS, of="uploads under way")
        self.body_bytes = Places(MOST_BODY_BYTES_AT_ONCE, of="bytes of requests to keep in memory")


class Share:
    """What one request has taken of the server, until it ends."""

    def __init__(self, pressure: Pressure) -> None:
        self.pressure = pressure
        self._taken: list[tuple[Places, int]] = []

    def take(self, places: Places, amount: int = 1) -> None:
        """Take some until the request ends. Raises Unavailable when there is not enough left."""
        places.take(amount)
        self._taken.append((places, amount))

    def give_back(self) -> None:
        """Give back everything."""
        for places, amount in self._taken:
            places.give_back(amount)
        self._taken.clear()


def share_of(request: Request) -> Share:
    """Return the share of a request that came through `UnderPressure`."""
    return cast("Share", getattr(request.state, _SHARE))


class UnderPressure:
    """Bounds the requests under way, and gives back what each of them has taken when it ends."""

    def __init__(self, app: ASGIApp, *, pressure: Pressure) -> None:
        self._app = app
        self._pressure = pressure

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse, or pass on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        share = Share(self._pressure)
        scope.setdefault("state", {})[_SHARE] = share
        try:
            if scope["path"] != _ALWAYS_ANSWERED:
                share.take(self._pressure.requests)
        except Unavailable as error:
            await problem_response(error)(scope, receive, send)
            return
        try:
            await self._app(scope, receive, send)
        finally:
            share.give_back()
