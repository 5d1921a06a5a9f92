"""What every test may rely on: asynchronous tests run on asyncio, marked `@pytest.mark.anyio`."""

import pytest


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"
