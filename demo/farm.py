"""The programs of the demo's farm: a server, an agent and two virtual devices, on free ports of loopback only.

Everything lives in one temporary folder, except the agent's cache of tools and dependencies, which makes a second run
start in seconds.
"""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from demo.story import DEVICES, ROOT, SHOP
from virtual_android.farm import VirtualDevice, start_device

START_TIMEOUT_S = 60
PREPARE_TIMEOUT_S = 600
"""The first start of an agent installs Appium and its driver from the npm registry."""
END_TIMEOUT_S = 20


@dataclass(frozen=True, kw_only=True)
class Farm:
    """A running farm. `adb_port`: of the adb server that the agent started for itself."""

    url: str
    devices: tuple[VirtualDevice, ...]
    adb_port: int
    environment: Mapping[str, str]
    server: "Program"
    agent: "Program"

    def check(self) -> None:
        """Raise Broke when a program of the farm has ended."""
        self.server.check()
        self.agent.check()

    def asides(self) -> Iterator[str]:
        """What the agent said lately that is about no one device, such as fetching packages: no fact of the farm."""
        about_a_device = tuple(f"{device.serial}: " for device in self.devices)
        return (line for line in self.agent.new_lines() if not line.startswith(about_a_device))


class Broke(Exception):
    """A program of the farm ended or refused in the middle of its work."""


class DidNotStart(Broke):
    """A program of the farm ended, or said nothing for too long. Carries the end of what it wrote."""


@contextmanager
def start_farm(folder: Path, *, cache: Path, say: Callable[[str], None]) -> Iterator[Farm]:
    """Start server, devices and agent, wait until both devices are registered, end all of them on the way out."""
    adb_port = free_port()
    environment = {**os.environ, "PYTHONUNBUFFERED": "1", "NO_COLOR": "1"}
    with ExitStack() as stack:

        def start(name: str, *arguments: str) -> "Program":
            return stack.enter_context(Program.started(name, arguments, log=folder / f"{name}.log", env=environment))

        server = start("server", "server", "--port", "0", "--data-dir", str(folder / "server"))
        url = server.wait_for_line("qgjob server listening on ", timeout_s=START_TIMEOUT_S)
        say(f"server listens on {url}")
        devices = tuple(
            stack.enter_context(
                start_device(name=name, models=[SHOP / "app-model.json"], events=folder / f"{name}.jsonl")
            )
            for name in DEVICES
        )
        for device in devices:
            say(f"device {device.serial} is up: a virtual Android device, not a phone")
        serials = [argument for device in devices for argument in ("--device", device.serial)]
        agent = start(
            "agent", "agent", "--server", url, *serials, "--adb-port", str(adb_port),
            "--state-dir", str(folder / "agent"), "--cache-dir", str(cache),
        )  # fmt: skip
        agent.wait_for_line("qgjob agent serves ", timeout_s=PREPARE_TIMEOUT_S, relay=say)
        yield Farm(url=url, devices=devices, adb_port=adb_port, environment=environment, server=server, agent=agent)


@dataclass(kw_only=True)
class Program:
    """One `qgjob` process of the farm, in a process group of its own, writing to a log file."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path
    lines_read: int = 0

    @classmethod
    @contextmanager
    def started(
        cls, name: str, arguments: tuple[str, ...], *, log: Path, env: Mapping[str, str]
    ) -> Iterator["Program"]:
        """Start it; on the way out SIGTERM, wait, and SIGKILL for the whole group."""
        with log.open("wb") as output:
            process = subprocess.Popen(
                [sys.executable, "-m", "qgjob", *arguments],
                stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, env=dict(env), cwd=ROOT,
                start_new_session=True, preexec_fn=end_with_parent,  # noqa: PLW1509  one system call, and no threads here
            )  # fmt: skip
        try:
            yield cls(name=name, process=process, log=log)
        finally:
            end(process)

    def wait_for_line(self, prefix: str, *, timeout_s: float, relay: Callable[[str], None] | None = None) -> str:
        """Wait until the program writes a line that begins so, and return its rest. Other lines go to `relay`.

        Raises DidNotStart.
        """
        deadline = time.monotonic() + timeout_s
        while time.monotonic() < deadline:
            for line in self.new_lines():
                if line.startswith(prefix):
                    return line.removeprefix(prefix).strip()
                if relay and not line.startswith("Error: "):
                    relay(f"{self.name}: {line}")
            try:
                self.check()
            except Broke as error:
                raise DidNotStart(str(error)) from None
            time.sleep(0.05)
        raise DidNotStart(f"The {self.name} did not come up in {timeout_s:.0f} s. It said last: {self.last_words()}")

    def new_lines(self) -> Iterator[str]:
        """Yield the whole lines that it wrote since the last call."""
        lines = self.log.read_text(errors="replace").splitlines(keepends=True)
        for line in lines[self.lines_read :]:
            if not line.endswith("\n"):
                return
            self.lines_read += 1
            yield line.strip()

    def check(self) -> None:
        """Raise Broke when it has ended."""
        if self.process.poll() is not None:
            raise Broke(f"The {self.name} ended with code {self.process.returncode}. It said last: {self.last_words()}")

    def last_words(self) -> str:
        """The last line of its log."""
        lines = self.log.read_text(errors="replace").strip().splitlines()
        return lines[-1] if lines else "nothing"


def end(process: subprocess.Popen[bytes]) -> None:
    """Ask a program to end, and end its whole group if it does not."""
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
    try:
        process.wait(END_TIMEOUT_S)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def end_with_parent() -> None:
    """Have the kernel send SIGTERM to this process when the demo dies, however it dies (Linux: prctl(2))."""
    if sys.platform == "linux":
        pr_set_pdeathsig = 1
        ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGTERM)


def free_port() -> int:
    """A port of loopback that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
