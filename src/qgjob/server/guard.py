"""Keeps strangers and web pages out of a server without access control: what comes from elsewhere goes no further.

A page that a user's browser shows can send requests to this machine too (and, by DNS rebinding, under its own name).
What it cannot do is lie about where it comes from.
"""

from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.types import ASGIApp, Receive, Scope, Send

from qgjob.core.errors import Forbidden, InvalidRequest, QgjobError
from qgjob.server.problems import problem_response
from qgjob.server.refusals import Unauthenticated
from qgjob.server.settings import Access, AppSettings, is_loopback

_FOR_EVERYBODY = "/health"
"""What looks after servers (a load balancer, an orchestrator) looks from elsewhere."""
_FORWARDED = frozenset({b"forwarded", b"x-forwarded-for"})
_HEARD = _FORWARDED | {b"host", b"origin"}
_SPEAK_UP = (
    "This server answers programs of its own machine alone: it has no access control yet. Set QGJOB_ACCESS=none where "
    "the server starts, if the network itself keeps strangers out."
)


@dataclass(frozen=True, kw_only=True)
class Door:
    """Who may come in. `open`: everybody may (the network keeps strangers out, so it was said)."""

    open: bool

    @classmethod
    def of(cls, settings: AppSettings) -> "Door":
        """Draw the rule from the settings."""
        return cls(open=settings.access is Access.NONE)

    def knows(self, peer: str | None, *, forwarded: bool) -> bool:
        """Say whether a caller may come in by its address; None is a Unix socket's, which has none.

        `forwarded`: a proxy says that it only passes on what somebody else asks.
        """
        return self.open or (not forwarded and (peer is None or is_loopback(peer)))

    def refusal(self, *, host: str, origin: str | None) -> str | None:
        """Return why a request must not come in by what it says of itself, None when it may.

        An Origin must be this very server: the same port, and the same name or another of the server's own.
        """
        name, port = _name_and_port(host)
        if not self.open and not is_loopback(name):
            return f"Host {host!r} is not this server: it answers on this machine only, as localhost or 127.0.0.1."
        if origin is None:
            return None
        origin_name, origin_port = _name_and_port(_netloc(origin))
        ours = origin_name == name if self.open else is_loopback(origin_name)
        if ours and origin_port == port:
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
        if scope["type"] == "http" and (refusal := self._refusal(scope)) is not None:
            await problem_response(refusal)(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _refusal(self, scope: Scope) -> QgjobError | None:
        said = {name: value for name, value in scope["headers"] if name in _HEARD}
        peer = scope["client"][0] if scope.get("client") else None
        if not self._door.knows(peer, forwarded=not _FORWARDED.isdisjoint(said)):
            return None if scope["path"] == _FOR_EVERYBODY else Unauthenticated(_SPEAK_UP)
        origin = said.get(b"origin")
        why_not = self._door.refusal(
            host=said.get(b"host", b"").decode("latin-1"),
            origin=None if origin is None else origin.decode("latin-1"),
        )
        if why_not is not None:
            return Forbidden(why_not)
        if b"%00" in scope["raw_path"] + scope["query_string"]:
            return InvalidRequest("The address must not contain the character NUL.")
        return None


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
