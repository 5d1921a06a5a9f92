"""The server as a process of its own."""

import asyncio
import json
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from qgjob.core.errors import ConfigurationError, Conflict
from qgjob.server.run import serving
from qgjob.server.settings import Access, Settings, read_settings

pytestmark = pytest.mark.exam

A_WHILE_S = 60
"""For a process to start or to end: that is the machine's to say, the server itself takes two seconds at most."""

PROGRAM = """
import sys
from pathlib import Path
from qgjob.server.run import serve
from qgjob.server.settings import Access, Settings
data_dir = Path(sys.argv[1])
settings = Settings(
    host="127.0.0.1", port=0, data_dir=data_dir, database=data_dir / "qgjob.db", access=Access(sys.argv[2])
)
serve(settings, on_listening=lambda url: print(url, flush=True), verbose=True)
"""


@contextmanager
def a_server(data_dir: Path, *, access: Access = Access.LOOPBACK) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run a server; gives its process and its URL."""
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(data_dir), access],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    with process:
        try:
            yield process, process.stdout.readline().strip()
        finally:
            process.kill()


def test_it_says_where_it_listens_and_ends_well_on_a_signal(tmp_path: Path) -> None:
    with a_server(tmp_path) as (process, url):
        with urllib.request.urlopen(f"{url}/health", timeout=A_WHILE_S) as answer:
            health = json.load(answer)
        announced = json.loads((tmp_path / "server.json").read_text())
        process.send_signal(signal.SIGTERM)
        code = process.wait(timeout=A_WHILE_S)

    assert health["status"] == "healthy"
    assert announced == {"url": url, "pid": process.pid}
    assert code == 0
    assert not (tmp_path / "server.json").exists()


def test_a_killed_server_leaves_its_data_to_the_next(tmp_path: Path) -> None:
    with a_server(tmp_path) as (process, url):
        body = b'{"org_id": "acme", "app_version_id": "v1", "test_path": "tests/a.spec.js"}'
        request = urllib.request.Request(f"{url}/jobs", data=body, headers={"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=A_WHILE_S) as answer:
            job_id = json.load(answer)["job_id"]
        process.kill()
        process.wait(timeout=A_WHILE_S)
    with a_server(tmp_path) as (_, url), urllib.request.urlopen(f"{url}/jobs/{job_id}", timeout=A_WHILE_S) as answer:
        assert json.load(answer)["status"] == "pending"


def test_opening_to_everybody_is_logged_at_every_start(tmp_path: Path) -> None:
    with a_server(tmp_path, access=Access.NONE) as (process, _):
        process.send_signal(signal.SIGTERM)
        _, stderr = process.communicate(timeout=A_WHILE_S)

    assert '"event": "access_control_is_off"' in stderr


def test_a_request_is_one_line_of_the_log_without_what_it_carried(tmp_path: Path) -> None:
    with a_server(tmp_path) as (process, url):
        body = b'{"org_id": "acme", "app_version_id": "v1", "test_path": "tests/secret.spec.js"}'
        request = urllib.request.Request(
            f"{url}/jobs?secret=1", data=body, headers={"Content-Type": "application/json"}
        )
        urllib.request.urlopen(request, timeout=A_WHILE_S).close()
        process.send_signal(signal.SIGTERM)
        _, stderr = process.communicate(timeout=A_WHILE_S)
    lines = [json.loads(line) for line in stderr.splitlines()]

    assert [(line["method"], line["path"], line["status"]) for line in lines if line["event"] == "request"] == [
        ("POST", "/jobs", 201)
    ]
    assert "secret" not in stderr


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return read_settings(host="127.0.0.1", port=0, data_dir=tmp_path, database_url=None, environ={})


def start(settings: Settings) -> None:
    """Start a server that must not come up."""

    async def never() -> None:
        async with serving(settings) as url:
            pytest.fail(f"it listens at {url}")

    asyncio.run(never())


def test_a_second_server_does_not_touch_the_firsts_data(tmp_path: Path, settings: Settings) -> None:
    with a_server(tmp_path), pytest.raises(Conflict):
        start(settings)


def test_a_taken_port_is_said_with_what_to_do(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        settings = read_settings(host="127.0.0.1", port=port, data_dir=tmp_path, database_url=None, environ={})
        with pytest.raises(ConfigurationError, match=f"Cannot listen on 127.0.0.1:{port}: .*--port"):
            start(settings)


def test_a_data_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    settings = read_settings(
        host="127.0.0.1", port=0, data_dir=tmp_path / "file" / "data", database_url=None, environ={}
    )

    with pytest.raises(ConfigurationError, match="cannot be made"):
        start(settings)
