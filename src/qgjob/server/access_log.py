"""One line per request for the operator, and the last net under the handlers: an unknown error is logged and answered.

No body, no query and no header is ever logged.
"""

import logging
import time
from collections.abc import Callable
from http import HTTPStatus

import structlog
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qgjob.server.problems import unknown_error_id, unknown_error_response

log = structlog.stdlib.get_logger("qgjob.server")
_stdlib_log = logging.getLogger("qgjob.server")

_NO_ANSWER = 0


class AccessLog:
    """The outermost part of the application."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, and answer it whatever happens."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = time.perf_counter()
        status = _NO_ANSWER

        async def noting_status(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, noting_status)
        except ClientDisconnect:
            log.info("request_abandoned", method=scope["method"], path=scope["path"])
        except Exception:
            error_id = unknown_error_id()
            log.exception("request_failed", method=scope["method"], path=scope["path"], error_id=error_id)
            if status == _NO_ANSWER:
                await unknown_error_response(error_id)(scope, receive, noting_status)
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            _tell(log.warning, scope, status=status, began=began)
        elif _stdlib_log.isEnabledFor(logging.DEBUG):  # asked first: a line that nobody wants costs as much as one
            _tell(log.debug, scope, status=status, began=began)


def _tell(say: Callable[..., None], scope: Scope, *, status: int, began: float) -> None:
    ms = round((time.perf_counter() - began) * 1000, 1)
    say("request", method=scope["method"], path=scope["path"], status=status, ms=ms)
