"""The command `virtual-android`: what it says, what it refuses, and that it never stays behind."""

import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.virtual_android.adb import wait_until
from virtual_android.farm import DeviceDidNotStartError, start_device

pytestmark = pytest.mark.exam

COMMAND = (sys.executable, "-m", "virtual_android")


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*COMMAND, *arguments], capture_output=True, text=True, timeout=30, check=False)


def accepts(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_one_line_says_where_it_listens(tmp_path: Path) -> None:
    with start_device(name="Virtual Android B", events=tmp_path / "events.jsonl") as device:
        assert device.serial == f"127.0.0.1:{device.port}"
        assert accepts(device.port)
        assert not 5555 <= device.port <= 5585

    event = json.loads((tmp_path / "events.jsonl").read_text().splitlines()[0])
    assert (event["event"], event["name"]) == ("booted", "Virtual Android B")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_cleanly_when_told(number: signal.Signals) -> None:
    with start_device(name="Virtual Android A") as device, socket.create_connection(("127.0.0.1", device.port)):
        device.process.send_signal(number)

        assert device.process.wait(60) == 0


def test_it_ends_with_the_process_that_started_it() -> None:
    starter = f"import subprocess, sys\nsubprocess.Popen({[*COMMAND, '--die-with-parent']!r})\nsys.stdin.read()\n"
    with subprocess.Popen(
        [sys.executable, "-c", starter], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        port = json.loads(parent.stdout.readline())["port"]
        assert accepts(port)

        parent.kill()
        wait_until(lambda: not accepts(port))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--name", "Pixel 8"], "a virtual device never passes for a real one"),
        (["--name", "Virtual Android;ro.x=1"], "has no ; = [ ]"),
        (["--model", "/does/not/exist.json"], "/does/not/exist.json: not readable"),
        (["--install-mb-per-s", "0"], "0 is no positive number"),
    ],
)
def test_what_makes_no_sense_is_refused_in_a_sentence(arguments: list[str], said: str) -> None:
    done = run(*arguments)

    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_a_taken_port_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        done = run("--port", str(port))

    assert done.returncode == 2
    assert f"127.0.0.1', {port}): address already in use" in done.stderr


def test_a_device_that_cannot_start_is_reported_to_the_starter() -> None:
    with pytest.raises(DeviceDidNotStartError, match="ended with exit code 2"), start_device(name="Pixel 8"):
        pass


def test_a_device_is_gone_after_its_block() -> None:
    with start_device(name="Virtual Android A") as device:
        pid = device.process.pid

    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
