import subprocess
import sys
from pathlib import Path

import pytest

from qgjob.client import Client
from tests.cli.users import environment, qgjob

pytestmark = pytest.mark.exam


def test_a_server_says_where_it_listens_and_ends_with_sigterm(tmp_path: Path) -> None:
    with (tmp_path / "server.log").open("wb") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "qgjob", "server", "--port", "0", "--data-dir", "data"],
            cwd=tmp_path,
            env=environment(tmp_path, {}),
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
        assert server.stdout is not None
        with server.stdout:
            line = server.stdout.readline()
            assert line.startswith("qgjob server listening on http://127.0.0.1:"), (tmp_path / "server.log").read_text()
            with Client(line.removeprefix("qgjob server listening on ").strip(), timeout_s=10) as client:
                assert client.farm.health()["status"] == "healthy"
            server.terminate()
            assert server.stdout.read() == ""
        assert server.wait(20) == 0


def test_a_server_keeps_to_this_machine(tmp_path: Path) -> None:
    answered = qgjob("server", "--host", "0.0.0.0", "--data-dir", "data", cwd=tmp_path)
    assert (answered.code, answered.stdout) == (2, "")
    assert "QGJOB_ACCESS=none" in answered.stderr


def test_a_database_that_is_none_is_refused(tmp_path: Path) -> None:
    answered = qgjob("server", "--database-url", "oracle://x", "--data-dir", "data", cwd=tmp_path)
    assert answered.code == 2
    assert "--database-url 'oracle://x' is unknown" in answered.stderr


def test_two_servers_never_share_their_data(own_server: str, tmp_path: Path) -> None:
    answered = qgjob("server", "--port", "0", "--data-dir", str(tmp_path / "server"), cwd=tmp_path)
    assert (answered.code, answered.stdout) == (2, ""), own_server
    assert str(tmp_path / "server") in answered.stderr
