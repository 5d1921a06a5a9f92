"""Path parameters that may contain anything: an id with a slash in it, sent as %2F, stays one segment of the path.

ASGI hands out a decoded path, in which such a slash looks like any other; so routes match the path as it was sent, and
each segment is decoded after.
"""

from urllib.parse import unquote

from starlette.convertors import Convertor, register_url_convertor
from starlette.types import ASGIApp, Receive, Scope, Send


class Segment(Convertor[str]):
    """One segment of the path as it was sent, decoded."""

    regex = "[^/]+"

    def convert(self, value: str) -> str:
        """Decode; bytes that are no UTF-8 become the replacement character, which no id of ours contains."""
        return unquote(value)

    def to_string(self, value: str) -> str:
        """Refuse: addresses are built by the client, never from routes."""
        raise NotImplementedError(f"no address is built from a route: {value}")


def register_segments() -> None:
    """Let routes say `{name:segment}`."""
    register_url_convertor("segment", Segment())


class PathAsSent:
    """Lets routes match the path as it was sent."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, with the path that was sent in place of the decoded one."""
        if scope["type"] == "http":
            scope["path"] = scope["raw_path"].decode("latin-1")
        await self._app(scope, receive, send)
