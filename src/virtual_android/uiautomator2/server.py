"""UiAutomator2's server as it listens on the device: sessions, the routes, and WebDriver's envelope around answers."""

import asyncio
import logging
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

logger = logging.getLogger(__name__)

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
        if server.has_ended and device.instrumentation is instrumentation:
            device.end_instrumentation()
    finally:
        ended.cancel()
        serving.cancel()
        await asyncio.gather(serving, ended, return_exceptions=True)


class UiAutomator2Server:
    """Answers requests for one run of the instrumentation."""

    def __init__(self, device: Device, instrumentation: Instrumentation) -> None:
        self._device = device
        self._instrumentation = instrumentation
        self.has_ended = False
        """Set by DELETE of the session: the real server ends its process once that is answered."""

    def answer(self, request: Request) -> Response:
        """Give the answer in WebDriver's envelope; errors are answers too."""
        path = request.path.removeprefix("/wd/hub")
        self._device.faults.command_began()
        status = HTTPStatus.OK
        value: JSON
        try:
            value = self._value(request.method, path, request.body)
        except WebDriverError as error:
            status, value = error.status, _error_value(error)
            if isinstance(error, UnknownCommandError):
                self._device.events.record(EventKind.UNKNOWN_ENDPOINT, request=f"{request.method} {path}")
        except Exception:  # a fault of this program: told to the peer as such, and kept whole in the log
            logger.exception("%s %s failed", request.method, path)
            broken = WebDriverError("the virtual device failed; its standard error says how")
            status, value = broken.status, _error_value(broken)
        self._device.events.record(EventKind.UI_REQUEST, request=f"{request.method} {path}", status=status.value)
        session = self._instrumentation.session
        body: JSON = {"sessionId": session.id if session else None, "value": value}
        return Response(status=status, body=body, ends_server=self.has_ended)

    def _value(self, method: str, path: str, body: dict[str, JSON]) -> JSON:
        if path == "/status":
            return {"ready": True, "message": "UiAutomator2 Server is ready to accept commands"}
        if (method, path) == ("POST", "/session"):
            return self._begin_session(body)
        match = _SESSION_PATH.fullmatch(path)
        if match is None:
            raise UnknownCommandError(f"{method} {path} is unknown to this server")
        session = self._instrumentation.session
        if session is None or match["id"] != session.id:
            raise InvalidSessionIdError(f"the session {match['id']} does not run")
        if method == "DELETE" and not match["rest"]:
            self.has_ended = True
            return None
        return _dispatch(method, match["rest"] or "", Call(device=self._device, session=session, body=body))

    def _begin_session(self, body: dict[str, JSON]) -> JSON:
        package = _asked_package(body) or self._device.activities.foreground.package
        self._instrumentation.session = Session(package)
        self._device.counters.sessions[package] += 1
        self._device.events.record(EventKind.SESSION_BEGAN, package=package)
        return {"sessionId": self._instrumentation.session.id, "capabilities": {}}


def _error_value(error: WebDriverError) -> JSON:
    return {"error": error.code, "message": str(error), "stacktrace": ""}


def _asked_package(body: dict[str, JSON]) -> str | None:
    """Find the app that the session is for: the driver sends the user's capabilities along."""
    capabilities = body.get("capabilities")
    matches = capabilities.get("firstMatch") if isinstance(capabilities, dict) else None
    first = matches[0] if isinstance(matches, list) and matches else None
    package = first.get("appPackage") if isinstance(first, dict) else None
    return package if isinstance(package, str) else None


def _dispatch(method: str, path: str, call: Call) -> JSON:
    for route_method, pattern, endpoint in _ROUTES:
        if route_method == method and (match := pattern.fullmatch(path)):
            return endpoint(call, *match.groups())
    raise UnknownCommandError(f"{method} {path} is unknown to this server")
