"""What the agent's tests share."""

import pytest


@pytest.fixture
def anyio_backend() -> str:
    """The agent is asyncio throughout."""
    return "asyncio"
