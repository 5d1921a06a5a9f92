"""The programs an agent starts: each in a process group of its own, on record while it runs, ended as a whole.

It never ends a process by its name, and none that it did not start.
"""

import asyncio
import os
import signal as signals
from asyncio.subprocess import DEVNULL, PIPE, STDOUT, Process
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from qgjob.agent.process_record import ProcessRecord
from qgjob.core.errors import InfrastructureError

MOST_OUTPUT_BYTES = 64 * 1024
"""Of a finished program's output the tail is kept, where programs say why they failed."""
_CHUNK_BYTES = 16 * 1024
_POLL_S = 0.02


@dataclass(frozen=True, kw_only=True)
class Finished:
    """A program that has ended. `code` is negative when a signal ended it; `output` is the tail of all it said."""

    code: int
    output: str


class ProgramTimedOut(InfrastructureError):
    """A program did not end in the time it was given; its whole group was ended."""


class Processes:
    """Starts and ends programs. One per agent: it owns the record file.

    A kill -9 of the agent leaves the record behind; the next one calls `reap` before it starts anything.
    """

    def __init__(self, record: Path) -> None:
        self._record = ProcessRecord(record)
        self._running: dict[int, Process] = {}

    @property
    def record_path(self) -> Path:
        """The file that knows what is running, for a reaper in another process."""
        return self._record.path

    async def start(
        self,
        argv: Sequence[str],
        *,
        name: str,
        env: Mapping[str, str],
        cwd: Path,
        stdout: int | IO[bytes] = DEVNULL,
        stderr: int | IO[bytes] = STDOUT,
        stdin: int = DEVNULL,
    ) -> Process:
        """Start a program in a session of its own, stderr joined to stdout if not told; `env` is all it gets.

        Raises InfrastructureError when it cannot be started.
        """
        try:
            process = await asyncio.create_subprocess_exec(
                *argv,
                stdin=stdin,
                stdout=stdout,
                stderr=stderr,
                env={**env, **self._record.environment()},
                cwd=cwd,
                start_new_session=True,
            )
        except OSError as error:
            raise InfrastructureError(f"Could not start {name} ({argv[0]} in {cwd}): {error.strerror}.") from error
        self._record.add(name, process.pid)
        self._running[process.pid] = process
        return process

    async def run(
        self, argv: Sequence[str], *, name: str, env: Mapping[str, str], cwd: Path, timeout_s: float
    ) -> Finished:
        """Run a program to its end; whatever it left in its group is ended with it, also on timeout and cancel.

        Raises InfrastructureError when it cannot be started, ProgramTimedOut when its time is up.
        """
        process = await self.start(argv, name=name, env=env, cwd=cwd, stdout=PIPE)
        tail = bytearray()
        reading = asyncio.create_task(_keep_tail(process, tail))
        try:
            code = await asyncio.wait_for(exit_code(process), timeout_s)
        except TimeoutError:
            raise ProgramTimedOut(
                f"{name} did not end within {timeout_s:g} s and was stopped. It said last: {_text(tail)[-500:]}"
            ) from None
        finally:
            await self._kill(process)
            # Nobody of the group can write any more; who left the group with our pipe must not hold us up.
            await asyncio.wait([reading], timeout=1)
            reading.cancel()
        return Finished(code=code, output=_text(tail))

    async def end(self, process: Process, *, grace_s: float, signal: int = signals.SIGTERM) -> int:
        """Send a signal to the whole group, kill what is left of it after `grace_s`; returns the exit code."""
        self._signal(process, signal)
        try:
            await asyncio.wait_for(self._group_ended(process), grace_s)
        except TimeoutError:
            pass
        finally:
            await self._kill(process)
        return await exit_code(process)

    async def end_all(self, *, grace_s: float) -> None:
        """End every group that is still on record, side by side."""
        await asyncio.gather(*(self.end(process, grace_s=grace_s) for process in list(self._running.values())))

    async def reap(self) -> list[str]:
        """End what an earlier agent with this record left behind, before anything is started; returns its names."""
        return await asyncio.to_thread(self._record.reap)

    def _signal(self, process: Process, number: int) -> None:
        if self._record.living(process.pid):
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, number)

    async def _kill(self, process: Process) -> None:
        """End the group at once and forget it. The kill itself comes before any wait, so a cancel cannot skip it."""
        self._signal(process, signals.SIGKILL)
        self._running.pop(process.pid, None)
        self._record.remove(process.pid)
        await exit_code(process)

    async def _group_ended(self, process: Process) -> None:
        await exit_code(process)
        while self._record.living(process.pid):  # noqa: ASYNC110 - nobody tells a group's starter of its members
            await asyncio.sleep(_POLL_S)


async def exit_code(process: Process) -> int:
    """Wait for a program's end. `Process.wait` would also wait for whoever else still holds its pipes."""
    while process.returncode is None:  # noqa: ASYNC110 - asyncio has no event for the exit alone
        await asyncio.sleep(_POLL_S)
    return process.returncode


async def _keep_tail(process: Process, tail: bytearray) -> None:
    stream = process.stdout
    while stream is not None and (chunk := await stream.read(_CHUNK_BYTES)):
        tail += chunk
        del tail[:-MOST_OUTPUT_BYTES]


def _text(output: bytearray) -> str:
    return output.decode("utf-8", errors="replace")
