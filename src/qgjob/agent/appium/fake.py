"""An Appium without a device: it grants every session, and answers nothing within one."""

import asyncio
import secrets

from aiohttp import web

_SHUTDOWN_S = 0.1


class FakeAppium:
    """What stands beneath the gateway of an agent with fake devices. It listens once somebody asks where."""

    def __init__(self) -> None:
        app = web.Application()
        app.router.add_post("/session", _create)
        app.router.add_delete("/session/{id}", _delete)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=_SHUTDOWN_S)
        self._one_at_a_time = asyncio.Lock()

    async def port(self) -> int:
        """Return where it listens."""
        async with self._one_at_a_time:
            if not self._runner.addresses:
                await self._runner.setup()
                await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        port: int = self._runner.addresses[0][1]
        return port

    async def stop(self) -> None:
        """Listen no more."""
        await self._runner.cleanup()

    def log_end(self) -> int:
        """Return the end of a log that is always empty."""
        return 0

    def device_log(self, _serial: str, *, since: int) -> bytes:  # noqa: ARG002  # as the real one is called
        """Return nothing."""
        return b""


async def _create(_request: web.Request) -> web.Response:
    return web.json_response({"value": {"sessionId": f"fake-{secrets.token_hex(8)}", "capabilities": {}}})


async def _delete(_request: web.Request) -> web.Response:
    return web.json_response({"value": None})
