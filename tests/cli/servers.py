"""A real server on a port of loopback whose log stays out of the streams that a test reads."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from structlog.testing import capture_logs

from qgjob.server.settings import read_settings
from tests.server.threaded import a_server_beside


@contextmanager
def running_server(data_dir: Path, *, port: int = 0) -> Iterator[str]:
    """Serve from this folder while the block lasts; gives the server's URL."""
    settings = read_settings(host="127.0.0.1", port=port, data_dir=data_dir, database_url=None, environ={})
    with capture_logs(), a_server_beside(settings) as url:
        yield url
