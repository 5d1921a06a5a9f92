"""What the gateway's tests share: Appium's stand-in, a gateway before it, a client as Appwright's."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from qgjob.agent.gateway import DeviceCapabilities, Gateway
from qgjob.core.words import ResetMode
from tests.agent.gateway.appium_standin import AppiumStandIn
from tests.agent.gateway.client import TestProcess

SCREENSHOTS = "screenshots"


async def nothing_to_say() -> None:
    """Prove the app without any doubt."""


@pytest.fixture
async def appium() -> AsyncIterator[AppiumStandIn]:
    standin = AppiumStandIn()
    await standin.start()
    yield standin
    await standin.stop()


OpenGateway = Callable[..., Awaitable[tuple[Gateway, TestProcess]]]


@pytest.fixture
async def opened(appium: AppiumStandIn, tmp_path: Path) -> AsyncIterator[OpenGateway]:
    """Start a gateway and a test process that speaks to it; both are closed afterwards."""
    (tmp_path / SCREENSHOTS).mkdir()
    async with AsyncExitStack() as stack:

        async def open_gateway(
            *, reset: ResetMode = ResetMode.CLEAR, prove: Callable[[], Awaitable[None]] = nothing_to_say
        ) -> tuple[Gateway, TestProcess]:
            gateway = Gateway(
                appium_port=appium.port,
                capabilities=DeviceCapabilities(serial="127.0.0.1:6655", system_port=8301, adb_port=5999, reset=reset),
                prove=prove,
                screenshots=tmp_path / SCREENSHOTS,
            )
            port = await gateway.start()
            stack.push_async_callback(gateway.close)
            process = TestProcess(port)
            stack.push_async_callback(process.end)
            return gateway, process

        yield open_gateway
