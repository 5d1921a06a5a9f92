"""Keeps web pages out of a server without access control: requests with a foreign Host or Origin go no further.

A page that a user's browser shows can send requests to this machine too (and, by DNS rebinding, under its own name).
What it cannot do is lie about where it comes from.
"""

from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from qgjob.core.errors import Forbidden, InvalidRequest
from qgjob.server.problems import problem_response
from qgjob.server.settings import Access, Settings

_LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, kw_only=True)
class Door:
    """Which Host and Origin may come in. `names` None: any Host (the network keeps strangers out, so it was said)."""

    names: frozenset[str] | None

    @classmethod
    def of(cls, settings: Settings) -> "Door":
        """Draw the rule from the settings."""
        return cls(names=_LOOPBACK_NAMES | {settings.host} if settings.access is Access.LOOPBACK else None)

    def refusal(self, *, host: str, origin: str | None) -> str | None:
        """Return why a request must not come in, None when it may.

        An Origin must be this very server: the same port, and the same name or another of the server's own.
        """
        name, port = _name_and_port(host)
        if self.names is not None and name not in self.names:
            return f"Host {host!r} is not this server: it answers on this machine only, as localhost or 127.0.0.1."
        if origin is None:
            return None
        origin_name, origin_port = _name_and_port(_netloc(origin))
        ours = {name} if self.names is None else self.names
        if origin_name in ours and origin_port == port:
            return None
        return f"Origin {origin!r} is not this server: no other web page may use it."


class Guard:
    """Turns away what the door refuses, what carries the character NUL, and every WebSocket: there are none here."""

    def __init__(self, app: ASGIApp, *, door: Door) -> None:
        self._app = app
        self._door = door

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse, or pass on."""
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
            return
        if scope["type"] == "http":
            headers = Headers(scope=scope)
            why_not = self._door.refusal(host=headers.get("Host", ""), origin=headers.get("Origin"))
            if why_not is not None:
                await problem_response(Forbidden(why_not))(scope, receive, send)
                return
            if b"%00" in scope["raw_path"] + scope["query_string"]:
                refusal = InvalidRequest("The address must not contain the character NUL.")
                await problem_response(refusal)(scope, receive, send)
                return
        await self._app(scope, receive, send)


def _netloc(origin: str) -> str:
    """Return `name:port` of an Origin; what is no URL (`null`, a broken IPv6 address) comes from nowhere."""
    try:
        return urlsplit(origin).netloc
    except ValueError:
        return ""


def _name_and_port(netloc: str) -> tuple[str, str]:
    """Split `name:port`; a name in brackets (IPv6) loses them, a user before `@` makes it a name of nobody."""
    if netloc.startswith("["):
        name, _, port = netloc[1:].partition("]")
        return name, port.removeprefix(":")
    name, _, port = netloc.partition(":")
    return name.lower(), port
