"""`gunicorn app:app` as a process of its own, from the project's root."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2

ROOT = Path(__file__).parents[2]
_READY_WITHIN_S = 60
_LISTENING = re.compile(r"Listening at: http://[\d.]+:(\d+)")


@dataclass(frozen=True, kw_only=True)
class Gunicorn:
    process: subprocess.Popen[bytes]
    log: Path
    url: str

    def said(self, words: str) -> int:
        """How often the log says so, until now."""
        return self.log.read_text().count(words)

    def wait_until_said(self, words: str, *, times: int = 1) -> None:
        _wait(lambda: self.said(words) >= times, f"{words!r} in {self.log}")


@contextmanager
def a_gunicorn(
    folder: Path, *flags: str, bind: str = "127.0.0.1:0", name: str = "gunicorn", **environ: str
) -> Iterator[Gunicorn]:
    """Run the deployment line while the block lasts; its data is in `folder`, and so is its log."""
    log = folder / f"{name}.log"
    env = {**os.environ, "QGJOB_DATA_DIR": str(folder / "data"), **environ}
    with log.open("wb") as stream:
        process = subprocess.Popen(
            [Path(sys.executable).with_name("gunicorn"), "--bind", bind, *flags, "app:app"],
            cwd=ROOT,
            env=env,
            stdout=stream,
            stderr=stream,
        )
    try:
        _wait(lambda: _LISTENING.search(log.read_text()) or process.poll() is not None, f"a listening server in {log}")
        found = _LISTENING.search(log.read_text())
        assert found, log.read_text()
        url = f"http://127.0.0.1:{found[1]}"
        _wait(lambda: _is_well(url) or process.poll() is not None, f"a healthy server in {log}")
        yield Gunicorn(process=process, log=log, url=url)
    finally:
        process.terminate()
        process.wait(60)


def _is_well(url: str) -> bool:
    try:
        return httpx2.get(f"{url}/health", timeout=20, trust_env=False).is_success
    except httpx2.TransportError:
        return False


def _wait(what: Callable[[], object], name: str) -> None:
    deadline = time.monotonic() + _READY_WITHIN_S
    while not what():
        assert time.monotonic() < deadline, f"no {name}"
        time.sleep(0.05)  # between two looks, within the deadline above
