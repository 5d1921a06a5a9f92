"""The servers that are measured: real processes on loopback, and what they hold in memory."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.broke import BenchBroke
from bench.http.reference import LISTENING
from bench.program import ROOT, environment
from demo.farm import Program, end, end_with_parent

_START_S = 60.0


@dataclass(frozen=True, kw_only=True)
class Server:
    """A running server of qgjob."""

    url: str
    pid: int

    def memory_mb(self) -> float:
        """How much of it is in memory now, as the system says."""
        asked = subprocess.run(["ps", "-o", "rss=", "-p", str(self.pid)], capture_output=True, text=True, check=True)
        return int(asked.stdout) / 1024


@contextmanager
def a_server(folder: Path, *, database_url: str) -> Iterator[Server]:
    """Serve while the block lasts. Raises DidNotStart."""
    folder.mkdir(parents=True)
    arguments = ("server", "--port", "0", "--data-dir", str(folder / "data"), "--database-url", database_url)
    with Program.started("server", arguments, log=folder / "server.log", env=environment()) as program:
        url = program.wait_for_line("qgjob server listening on ", timeout_s=_START_S)
        yield Server(url=url, pid=program.process.pid)


@contextmanager
def a_reference() -> Iterator[str]:
    """Serve the bare route while the block lasts; gives its URL. Raises BenchBroke."""
    with subprocess.Popen(
        [sys.executable, "-m", "bench.http.reference"],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, env=environment(), cwd=ROOT, text=True,
        start_new_session=True, preexec_fn=end_with_parent,  # noqa: PLW1509  one system call, and no threads here
    ) as process:  # fmt: skip
        try:
            line = process.stdout.readline() if process.stdout else ""
            if not line.startswith(LISTENING):
                raise BenchBroke(f"The reference did not start: {line!r}")
            yield line.removeprefix(LISTENING).strip()
        finally:
            end(process)  # type: ignore[arg-type]  # it only waits and signals
