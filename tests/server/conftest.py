"""A server in this process, over a real SQLite file in the test's own folder."""

import logging
from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest
import structlog
from fastapi import FastAPI

from qgjob.server.app import create_app
from qgjob.server.run import serving
from qgjob.server.settings import Settings, read_settings


@pytest.fixture(autouse=True, scope="session")
def plain_logs() -> None:
    """Structlog's own way to show an exception takes seconds; a line for each request helps nobody here."""
    structlog.configure(
        processors=[structlog.processors.format_exc_info, structlog.processors.KeyValueRenderer()],
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING),
    )


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return read_settings(host="127.0.0.1", port=0, data_dir=tmp_path / "data", database_url=None, environ={})


@pytest.fixture
async def app(settings: Settings) -> AsyncIterator[FastAPI]:
    app = create_app(settings)
    async with app.router.lifespan_context(app):
        yield app


@pytest.fixture
async def api(app: FastAPI) -> AsyncIterator[httpx2.AsyncClient]:
    """The application without a network: for everything that is one request and one answer."""
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://127.0.0.1:5000") as client:
        yield client


@pytest.fixture
async def live(settings: Settings) -> AsyncIterator[httpx2.AsyncClient]:
    """The server on a port of loopback: for what takes time, streams or breaks off."""
    async with serving(settings) as url, httpx2.AsyncClient(base_url=url, timeout=40, trust_env=False) as client:
        yield client
