"""The gateway itself: listens on loopback for one lease, and sends each request of a test where it belongs."""

import re
from pathlib import Path

from aiohttp import web

from qgjob.agent.gateway import limits
from qgjob.agent.gateway.capabilities import DeviceCapabilities, android_rules
from qgjob.agent.gateway.creation import Prove, SessionMaker
from qgjob.agent.gateway.faults import FaultKind, GatewayFault
from qgjob.agent.gateway.messages import MOST_BODY_BYTES, Answer, Asked, AskingTest, final_refusal, refusal
from qgjob.agent.gateway.screenshots import Screenshots
from qgjob.agent.gateway.session import Session
from qgjob.agent.gateway.sessions import DeviceSessions
from qgjob.agent.gateway.upstream import AnswerTooLarge, AppiumGone, AppiumSilent, Upstream

_SESSION_PATH = re.compile(r"/session/(?P<id>[A-Za-z0-9-]+)(?P<command>/.*)?")
_KEEP_ALIVE_S = 3600.0  # a session counts as abandoned when its connections are closed, so we never close them first
_SHUTDOWN_S = 1.0


class Gateway:
    """A WebDriver server for the tests of one lease, in front of the agent's Appium.

    `prove` is asked before every session and raises an InfrastructureError when the device does not hold the submitted
    app. `screenshots` is the folder for pictures of cases that did not pass. To be made where an event loop runs;
    `start` first, `close` always.
    """

    def __init__(
        self,
        *,
        appium_port: int,
        capabilities: DeviceCapabilities,
        prove: Prove,
        screenshots: Path | None = None,
    ) -> None:
        self._upstream = Upstream.open(appium_port)
        maker = SessionMaker(self._upstream, android_rules(capabilities), prove)
        self._sessions = DeviceSessions(self._upstream, maker, Screenshots(screenshots))
        self._closed = False
        app = web.Application(client_max_size=MOST_BODY_BYTES)
        app.router.add_route("*", "/{path:.*}", self._handle)
        self._runner = web.AppRunner(
            app, access_log=None, keepalive_timeout=_KEEP_ALIVE_S, shutdown_timeout=_SHUTDOWN_S
        )

    @property
    def sessions(self) -> tuple[Session, ...]:
        """Every session that was opened, in order."""
        return self._sessions.records

    @property
    def faults(self) -> tuple[GatewayFault, ...]:
        """Everything that went wrong beneath the tests, in order."""
        return tuple(self._sessions.faults)

    @property
    def is_lost(self) -> bool:
        """Whether Appium or the device is lost, so that every request is refused."""
        return self._sessions.fatal is not None

    async def wait_until_lost(self) -> GatewayFault:
        """Wait for the fault that makes it pointless to go on; the runner is best stopped then."""
        while (fault := self._sessions.fatal) is None:
            await self._sessions.lost.wait()
        return fault

    def give_up(self, message: str) -> None:
        """Tell the gateway that the device is gone, when the agent is the first to know."""
        self._sessions.note(FaultKind.DEVICE_GONE, message, case_id=None, hopeless=True)

    async def start(self) -> int:
        """Listen on a free port of 127.0.0.1; returns it."""
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        port: int = self._runner.addresses[0][1]
        return port

    async def close(self) -> None:
        """Take no more requests and end the sessions that are still open; a second call does nothing."""
        if self._closed:
            return
        self._closed = True
        for site in list(self._runner.sites):
            await site.stop()
        await self._sessions.close()
        await self._runner.cleanup()
        await self._upstream.close()

    async def _handle(self, request: web.Request) -> web.Response:
        try:
            body = await request.read()
        except web.HTTPRequestEntityTooLarge:
            return _response(refusal("invalid argument", f"The request is larger than {MOST_BODY_BYTES} bytes."))
        asked = Asked(
            method=request.method,
            path=request.raw_path,
            headers=request.headers,
            body=body,
            test=AskingTest.of(request.headers),
            connection=request.transport,
        )
        try:
            return _response(await self._answer(asked))
        except AppiumGone as error:
            self._sessions.note(FaultKind.APPIUM_GONE, error.message, case_id=asked.test.case_id, hopeless=True)
            return _response(final_refusal(error.message))
        except (AppiumSilent, AnswerTooLarge) as error:
            return _response(refusal("unknown error", error.message))

    async def _answer(self, asked: Asked) -> Answer:
        path = asked.path.partition("?")[0].rstrip("/")
        session = _SESSION_PATH.fullmatch(path)
        if session is not None and asked.method == "DELETE" and session["command"] is None:
            return await self._sessions.end(asked, session["id"])
        if (fatal := self._sessions.fatal) is not None:
            return final_refusal(fatal.message)
        if session is not None:
            return await self._sessions.command(asked, session["id"])
        if asked.method == "POST" and path == "/session":
            return await self._sessions.create(asked)
        return await self._upstream.pass_on(asked, timeout_s=limits.COMMAND_S)


def _response(answer: Answer) -> web.Response:
    return web.Response(status=answer.status, body=answer.body, headers=answer.headers)
