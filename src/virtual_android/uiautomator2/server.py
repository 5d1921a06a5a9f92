"""UiAutomator2's server as it listens on the device: sessions, the routes, and WebDriver's envelope around answers."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from http import HTTPStatus

from virtual_android.device import Device
from virtual_android.events import EventKind
from virtual_android.uiautomator2.answers import (
    JSON,
    InvalidSessionIdError,
    UnknownCommandError,
    WebDriverError,
)
from virtual_android.uiautomator2.call import Call
from virtual_android.uiautomator2.device_endpoints import DEVICE_ENDPOINTS
from virtual_android.uiautomator2.element_endpoints import ELEMENT_ENDPOINTS
from virtual_android.uiautomator2.http import Request, Response, serve_http
from virtual_android.uiautomator2.instrumentation import Instrumentation, Session

END_DELAY_S = 0.05
"""After DELETE the real server answers and then ends its own process."""

_SESSION_PATH = re.compile(r"/session/(?P<id>[^/]+)(?P<rest>/.*)?")
_ROUTES = tuple(
    (method, re.compile(re.sub(r":(\w+)", r"(?P<\1>[^/]+)", pattern)), endpoint)
    for (method, pattern), endpoint in {**ELEMENT_ENDPOINTS, **DEVICE_ENDPOINTS}.items()
)


async def serve_instrumentation(
    device: Device,
    instrumentation: Instrumentation,
    reader: asyncio.StreamReader,
    write: Callable[[bytes], Awaitable[None]],
) -> None:
    """Serve one HTTP connection until the peer hangs up or the server's process ends."""
    server = UiAutomator2Server(device, instrumentation)
    serving = asyncio.ensure_future(serve_http(reader, write, server.answer))
    ended = asyncio.ensure_future(instrumentation.ended.wait())
    try:
        await asyncio.wait([serving, ended], return_when=asyncio.FIRST_COMPLETED)
    finally:
        ended.cancel()
        serving.cancel()
        await asyncio.gather(serving, ended, return_exceptions=True)


class UiAutomator2Server:
    """Answers requests for one run of the instrumentation."""

    def __init__(self, device: Device, instrumentation: Instrumentation) -> None:
        self._device = device
        self._instrumentation = instrumentation

    def answer(self, request: Request) -> Response:
        """Give the answer in WebDriver's envelope; errors are answers too."""
        path = request.path.removeprefix("/wd/hub")
        status = HTTPStatus.OK
        value: JSON
        try:
            value = self._value(request.method, path, request.body)
        except WebDriverError as error:
            status = error.status
            value = {"error": error.code, "message": str(error), "stacktrace": ""}
            if isinstance(error, UnknownCommandError):
                self._device.events.record(EventKind.UNKNOWN_ENDPOINT, request=f"{request.method} {path}")
        self._device.events.record(EventKind.UI_REQUEST, request=f"{request.method} {path}", status=status.value)
        session = self._instrumentation.session
        return Response(status=status, body={"sessionId": session.id if session else None, "value": value})

    def _value(self, method: str, path: str, body: dict[str, JSON]) -> JSON:
        if path == "/status":
            return {"ready": True, "message": "UiAutomator2 Server is ready to accept commands"}
        if (method, path) == ("POST", "/session"):
            return self._begin_session()
        match = _SESSION_PATH.fullmatch(path)
        if match is None:
            raise UnknownCommandError(f"{method} {path} is unknown to this server")
        session = self._instrumentation.session
        if session is None or match["id"] != session.id:
            raise InvalidSessionIdError(f"the session {match['id']} does not run")
        if method == "DELETE" and not match["rest"]:
            return self._end_session()
        return _dispatch(method, match["rest"] or "", Call(device=self._device, session=session, body=body))

    def _begin_session(self) -> JSON:
        package = self._device.activities.foreground.package
        self._instrumentation.session = Session(package=package)
        self._device.counters.sessions[package] += 1
        self._device.events.record(EventKind.SESSION_BEGAN, package=package)
        return {"sessionId": self._instrumentation.session.id, "capabilities": {}}

    def _end_session(self) -> JSON:
        asyncio.get_running_loop().call_later(END_DELAY_S, self._end)
        return None

    def _end(self) -> None:
        if self._device.instrumentation is self._instrumentation:
            self._device.end_instrumentation()


def _dispatch(method: str, path: str, call: Call) -> JSON:
    for route_method, pattern, endpoint in _ROUTES:
        if route_method == method and (match := pattern.fullmatch(path)):
            return endpoint(call, *match.groups())
    raise UnknownCommandError(f"{method} {path} is unknown to this server")
