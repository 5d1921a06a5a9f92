"""The farm's processes from outside: born in the nursery, hurt by signals, seen to end."""

import asyncio
import json
import os
import signal
import sys
import tempfile
from asyncio.subprocess import PIPE
from collections import deque
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from chaos.nursery import Birth

ROOT = Path(__file__).parents[1]
_PYTHON_PATH = (ROOT / "chaos" / "hurried", ROOT / "src", ROOT)
_READY_S = 120.0
_MOST_LINE_BYTES = 1 << 16


@dataclass(eq=False, kw_only=True)
class Process:
    """One that was born. `code` is negative when a signal ended it, None while it lives."""

    pid: int
    code: int | None = None
    ended: asyncio.Event = field(default_factory=asyncio.Event)

    def send(self, number: signal.Signals) -> None:
        """Send a signal; nothing happens when it has ended."""
        if self.code is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)


class Nursery:
    """Where processes are born: one for all runs. What is in `folder` is gone when it ends."""

    def __init__(self, process: asyncio.subprocess.Process, folder: Path) -> None:
        self.folder = folder
        self._process = process
        self._expected = deque[asyncio.Future[Process]]()
        self._living: dict[int, Process] = {}

    async def bear(self, *argv: str, env: Mapping[str, str], log: Path) -> Process:
        """Start `qgjob` with these words; its output is appended to the log."""
        born: asyncio.Future[Process] = asyncio.get_running_loop().create_future()
        self._expected.append(born)
        assert self._process.stdin is not None  # noqa: S101  # `a_nursery` asked for a pipe
        self._process.stdin.write(Birth(argv=argv, env=env, log=str(log)).line())
        return await born

    async def listen(self) -> None:
        """Take in the nursery's news, until it has ended."""
        assert self._process.stdout is not None  # noqa: S101  # as above
        while line := await self._process.stdout.readline():
            self._hear(json.loads(line))

    def _hear(self, news: Mapping[str, int]) -> None:
        if "born" in news:
            process = Process(pid=news["born"])
            self._living[process.pid] = process
            self._expected.popleft().set_result(process)
        elif "dead" in news:
            process = self._living.pop(news["dead"])
            process.code = news["code"]
            process.ended.set()


@asynccontextmanager
async def a_nursery() -> AsyncIterator[Nursery]:
    """Keep a nursery while the block lasts; what it bore and still lives is killed with it."""
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, _PYTHON_PATH)), "QGJOB_ALLOW_FAKE": "1"}
    folder = Path(tempfile.mkdtemp(prefix="qgjob-chaos-"))
    process = await asyncio.create_subprocess_exec(
        *[sys.executable, "-m", "chaos.nursery", str(folder)],
        stdin=PIPE,
        stdout=PIPE,
        env=env,
        cwd=ROOT,
        start_new_session=True,
        limit=_MOST_LINE_BYTES,
    )
    assert process.stdin is not None  # noqa: S101  # asked for
    assert process.stdout is not None  # noqa: S101  # asked for
    if not await asyncio.wait_for(process.stdout.readline(), _READY_S):
        raise RuntimeError("The nursery ended before it was ready; it has said why.")
    nursery = Nursery(process, folder)
    listening = asyncio.create_task(nursery.listen())
    try:
        yield nursery
    finally:
        process.stdin.close()
        await process.wait()
        await listening
