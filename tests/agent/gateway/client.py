"""A test process as the gateway sees it: requests over kept connections, which close when the process ends."""

from collections.abc import Mapping
from dataclasses import dataclass

import aiohttp

ASKED = {
    "capabilities": {
        "alwaysMatch": {
            "platformName": "android",
            "appium:automationName": "uiautomator2",
            "appium:appPackage": "com.example.shop",
            "appium:app": "/builds/shop.apk",
            "appium:fullReset": True,
        },
        "firstMatch": [{}],
    }
}
"""What Appwright 0.1.1 asks for, in short."""


@dataclass(frozen=True, kw_only=True)
class Reply:
    status: int
    value: object
    headers: Mapping[str, str]

    @property
    def error(self) -> str:
        assert isinstance(self.value, dict)
        return str(self.value["error"])

    @property
    def message(self) -> str:
        assert isinstance(self.value, dict)
        return str(self.value["message"])


class TestProcess:
    __test__ = False  # not a class of tests

    def __init__(self, port: int) -> None:
        self.port = port
        self._client = aiohttp.ClientSession(f"http://127.0.0.1:{port}")

    async def ask(
        self, method: str, path: str, json: object = None, *, headers: Mapping[str, str] | None = None
    ) -> Reply:
        async with self._client.request(method, path, json=json, headers=headers) as response:
            content = await response.json()
            return Reply(status=response.status, value=content["value"], headers=response.headers)

    async def open_session(self, *, case: str | None = None, retry: int = 0) -> Reply:
        headers = {} if case is None else {"x-qgjob-case": case, "x-qgjob-retry": str(retry)}
        return await self.ask("POST", "/session", ASKED, headers=headers)

    async def end_session(self, session_id: str, *, status: str = "passed") -> Reply:
        return await self.ask("DELETE", f"/session/{session_id}", headers={"x-qgjob-status": status})

    async def end(self) -> None:
        await self._client.close()
