"""The way from the gateway to the agent's Appium: one request, one bounded answer, or a word for why there is none."""

import asyncio
from typing import Self

import aiohttp
from yarl import URL

from qgjob.agent.gateway.messages import MOST_BODY_BYTES, Answer, Asked
from qgjob.core.errors import InfrastructureError

_OURS_ALONE = frozenset(
    {
        "accept-encoding",  # answers are read here, so they come uncompressed
        "connection",
        "content-length",
        "expect",
        "host",
        "keep-alive",
        "transfer-encoding",
    }
)
_FROM_PRELOAD = "x-qgjob-"


class AppiumGone(InfrastructureError):
    """Nothing answers on Appium's port any more, or it hung up in the middle of an answer."""


class AppiumSilent(InfrastructureError):
    """Appium did not answer in time; it may still be at work."""


class AnswerTooLarge(InfrastructureError):
    """Appium's answer is larger than we hold in memory."""


class Upstream:
    """Speaks to one Appium on loopback. Use `open` within a running event loop."""

    def __init__(self, port: int, client: aiohttp.ClientSession) -> None:
        self._address = f"http://127.0.0.1:{port}"
        self._client = client

    @classmethod
    def open(cls, port: int) -> Self:
        """Prepare to speak; nothing is connected yet."""
        client = aiohttp.ClientSession(
            # A kept connection that Appium closes just then would look like an Appium that is gone.
            connector=aiohttp.TCPConnector(force_close=True),
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            skip_auto_headers=("Accept", "Accept-Encoding", "Content-Type", "User-Agent"),
            trust_env=False,
        )
        return cls(port, client)

    async def close(self) -> None:
        """Let go of all connections."""
        await self._client.close()

    async def pass_on(self, asked: Asked, *, timeout_s: float, body: bytes | None = None) -> Answer:
        """Pass a test's request on, `body` in place of its own. Raises AppiumGone, AppiumSilent, AnswerTooLarge."""
        headers = {
            name: value
            for name, value in asked.headers.items()
            if name.lower() not in _OURS_ALONE and not name.lower().startswith(_FROM_PRELOAD)
        }
        return await self._ask(
            asked.method, asked.path, headers=headers, body=asked.body if body is None else body, timeout_s=timeout_s
        )

    async def ask(self, method: str, path: str, *, timeout_s: float) -> Answer:
        """Ask something of our own. Raises as `pass_on` does."""
        return await self._ask(method, path, headers={}, body=b"", timeout_s=timeout_s)

    async def _ask(self, method: str, path: str, *, headers: dict[str, str], body: bytes, timeout_s: float) -> Answer:
        what = f"{method} {path.partition('?')[0]}"
        try:
            async with asyncio.timeout(timeout_s):
                return await self._exchange(method, path, headers, body)
        except TimeoutError:
            raise AppiumSilent(f"Appium did not answer {what} within {timeout_s:g} s.") from None
        except (aiohttp.ClientError, OSError) as error:
            raise AppiumGone(f"Appium at {self._address} is gone ({what}: {type(error).__name__} {error}).") from error

    async def _exchange(self, method: str, path: str, headers: dict[str, str], body: bytes) -> Answer:
        # Our own bounds are above; aiohttp's default of five minutes would cut in between.
        no_limit = aiohttp.ClientTimeout(total=None)
        url = URL(self._address + path, encoded=True)
        async with self._client.request(
            method, url, headers=headers, data=body or None, allow_redirects=False, timeout=no_limit
        ) as response:
            content = await _bounded(response)
            kept = {name: value for name, value in response.headers.items() if name.lower() not in _OURS_ALONE}
            return Answer(status=response.status, body=content, headers=kept)


async def _bounded(response: aiohttp.ClientResponse) -> bytes:
    content = bytearray()
    async for chunk in response.content.iter_any():
        content += chunk
        if len(content) > MOST_BODY_BYTES:
            raise AnswerTooLarge(f"An answer of Appium is larger than {MOST_BODY_BYTES} bytes.")
    return bytes(content)
