"""What every test may rely on: asynchronous tests run on asyncio, marked `@pytest.mark.anyio`; either database.

A test that asks for a real part (adb's server, a server of its own) is an exam, left by `./run check` to `./run test`.
"""

import signal

import pytest

pytest_plugins = ["tests.postgres", "tests.databases"]
REAL_PARTS = {"adb", "live", "own_server"}


def pytest_configure() -> None:
    """Hear Ctrl-C as a terminal's programs do: a shell's background job, and all it starts, would ignore it."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if isinstance(item, pytest.Function) and REAL_PARTS & set(item.fixturenames):
            item.add_marker(pytest.mark.exam)
