"""One line per request for the operator, and the last net under the handlers: an unknown error is logged and answered.

No body, no query and no header is ever logged.
"""

import time
from http import HTTPStatus

import structlog
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qgjob.server.problems import unknown_error_id, unknown_error_response

log = structlog.stdlib.get_logger("qgjob.server")

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
        ms = round((time.perf_counter() - began) * 1000, 1)
        say = log.warning if status >= HTTPStatus.INTERNAL_SERVER_ERROR else log.debug
        say("request", method=scope["method"], path=scope["path"], status=status, ms=ms)
