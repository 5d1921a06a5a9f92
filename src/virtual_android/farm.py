"""Starts virtual devices as programs of their own, for tests and demos; none outlives the one who started it."""

import json
import os
import select
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

START_TIMEOUT_S = 30
END_TIMEOUT_S = 5


class DeviceDidNotStartError(Exception):
    """The program ended, or said nothing in time; what it wrote is on standard error."""


@dataclass(frozen=True, kw_only=True)
class VirtualDevice:
    """A running device; `serial` is what `adb connect` takes and what `adb -s` knows it by."""

    serial: str
    port: int
    name: str
    process: subprocess.Popen[str]


@contextmanager
def start_device(
    *,
    name: str,
    models: Sequence[Path] = (),
    events: Path | None = None,
    port: int = 0,
    release: str = "13",
    sdk: int = 33,
    install_mb_per_s: float | None = None,
) -> Iterator[VirtualDevice]:
    """Run a device while the block lasts; raises DeviceDidNotStartError when it does not come up."""
    argv = [sys.executable, "-m", "virtual_android", "--name", name, "--port", str(port)]
    argv += ["--release", release, "--sdk", str(sdk), "--die-with-parent", str(os.getpid())]
    for model in models:
        argv += ["--model", str(model)]
    if events:
        argv += ["--events", str(events)]
    if install_mb_per_s is not None:
        argv += ["--install-mb-per-s", str(install_mb_per_s)]
    with subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield _started(process, name)
        finally:
            _end(process)


def _started(process: subprocess.Popen[str], name: str) -> VirtualDevice:
    if process.stdout is None or not select.select([process.stdout], [], [], START_TIMEOUT_S)[0]:
        raise DeviceDidNotStartError(f"{name} did not say within {START_TIMEOUT_S} s where it listens")
    line = process.stdout.readline()
    if not line:
        raise DeviceDidNotStartError(f"{name} ended with exit code {process.wait()}; its standard error says why")
    said = json.loads(line)
    return VirtualDevice(serial=said["serial"], port=said["port"], name=name, process=process)


def _end(process: subprocess.Popen[str]) -> None:
    process.terminate()
    try:
        process.wait(END_TIMEOUT_S)
    except subprocess.TimeoutExpired:
        process.kill()
