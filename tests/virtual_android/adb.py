"""The real adb, with a server of its own on a free port: it looks for no USB device, no emulator and no mDNS."""

import json
import os
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import adbutils

BINARY = Path(adbutils.__file__).parent / "binaries" / "adb"
DEADLINE_S = 30
CALL_TIMEOUT_S = 60


@dataclass(frozen=True, kw_only=True)
class Result:
    code: int
    out: str
    err: str


@dataclass(frozen=True, kw_only=True)
class Adb:
    port: int
    environment: dict[str, str]

    def argv(self, *words: str) -> list[str]:
        return [str(BINARY), "-P", str(self.port), *words]

    def run(self, *words: str, stdin: str | None = None) -> Result:
        done = subprocess.run(
            self.argv(*words),
            env=self.environment,
            input=stdin,
            stdin=subprocess.DEVNULL if stdin is None else None,
            capture_output=True,
            text=True,
            timeout=CALL_TIMEOUT_S,
            check=False,
        )
        return Result(code=done.returncode, out=done.stdout, err=done.stderr)


@dataclass(frozen=True, kw_only=True)
class AdbDevice:
    """A virtual device as adb sees it."""

    adb: Adb
    serial: str

    def run(self, *words: str, stdin: str | None = None) -> Result:
        return self.adb.run("-s", self.serial, *words, stdin=stdin)

    def shell(self, line: str) -> Result:
        return self.run("shell", line)

    def state(self) -> str:
        return self.run("get-state").out.strip()

    def counters(self) -> dict[str, dict[str, int]]:
        counters: dict[str, dict[str, int]] = json.loads(self.shell("virtual counters").out)
        return counters

    def events(self, kind: str) -> list[dict[str, object]]:
        events = [json.loads(line) for line in self.shell("virtual events").out.splitlines()]
        return [event for event in events if event["event"] == kind]

    def connect(self) -> None:
        wait_until(lambda: "connected" in self.adb.run("connect", self.serial).out and self.state() == "device")

    def reconnect(self) -> None:
        """Connect anew, without waiting for adb to try again by itself."""
        self.adb.run("disconnect", self.serial)
        self.connect()


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + DEADLINE_S
    while not condition():
        assert time.monotonic() < deadline, f"not so within {DEADLINE_S} s"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def adb_server(home: Path) -> Iterator[Adb]:
    adb = Adb(
        port=free_port(),
        environment={**os.environ, "HOME": str(home), "ADB_MDNS": "0", "ADB_USB": "0", "ADB_EMU": "0"},
    )
    with (home / "adb.log").open("w") as log:
        process = subprocess.Popen(adb.argv("nodaemon", "server"), env=adb.environment, stdout=log, stderr=log)
        try:
            wait_until(lambda: _listens(adb.port))
            yield adb
        finally:
            process.kill()
            process.wait()
