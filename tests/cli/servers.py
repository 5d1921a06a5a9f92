"""Runs the real server on a free port of loopback, in a thread of the test's own process: it starts in a moment."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn
from structlog.testing import capture_logs

from qgjob.server.app import create_app
from qgjob.server.settings import read_settings

LAST_WAIT_S = 20


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.is_up = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.is_up.set()


@contextmanager
def running_server(data_dir: Path, *, port: int = 0) -> Iterator[str]:
    """Serve from this folder while the block lasts; yields the server's URL. Its log is kept from all streams."""
    settings = read_settings(host="127.0.0.1", port=0, data_dir=data_dir, database_url=None, environ={})
    with capture_logs(), socket.create_server(("127.0.0.1", port)) as listener:
        server = _Server(uvicorn.Config(create_app(settings), log_config=None, timeout_graceful_shutdown=1))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            assert server.is_up.wait(LAST_WAIT_S), "the server did not start"
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(LAST_WAIT_S)
            assert not thread.is_alive(), "the server did not stop"
