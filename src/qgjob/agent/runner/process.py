"""One runner process with the specs of a lease: started, followed, and ended with all that it started itself.

It does not judge: whether an ending is the test's, the app's or the device's fault is for the agent's session to say.
"""

import asyncio
import secrets
import signal
import time
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import ExitStack, closing
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from qgjob.agent.process_record import end_carriers
from qgjob.agent.processes import Processes
from qgjob.agent.runner.event_file import EventFile
from qgjob.agent.runner.events import FailureReason, RunBegan, RunCrashed, RunEnded, RunFailed, RunnerEvent
from qgjob.agent.runner.files import RunFiles
from qgjob.agent.runner.output import Output
from qgjob.agent.runner.reader import EventReader, NotAnEvent

BEGIN_TIMEOUT_S = 120.0
"""From the start of the process until the project is loaded."""
EXIT_TIMEOUT_S = 20.0
"""From Playwright's last word until the process has ended; a user's open handle can keep it for ever."""
CANCEL_GRACE_S = 15.0
"""Playwright closes the session and writes its reports in well under this."""
_POLL_S = 0.05
_DRAIN_S = 1.0
_MARK_VARIABLE = "QGJOB_RUN_MARK"
_MOST_SAID = 1000
_NO_ROOM = ("ENOSPC", "EDQUOT", "EFBIG", "No space left on device", "Disk quota exceeded", "File too large")
"""What programs say when a disk takes no more: also one that has room again by the time we look."""


class RunnerProcess:
    """A running Playwright process. Use it as a context: leaving it ends the process group, whatever happened.

    `files` is the evidence it leaves in the request's work folder.
    """

    def __init__(
        self,
        process: Process,
        processes: Processes,
        *,
        mark: str,
        files: RunFiles,
        events: EventFile,
        output: Output,
    ) -> None:
        self.files = files
        self.exit_code: int | None = None
        self._mark = mark
        self._process = process
        self._processes = processes
        self._events = events
        self._output = output
        stream = process.stdout
        assert stream is not None  # noqa: S101 -- `start` asked for a pipe
        self._keeping = asyncio.create_task(self._output.keep(stream))
        self._ending = asyncio.create_task(process.wait())
        self._deadline: float | None = time.monotonic() + BEGIN_TIMEOUT_S
        self._is_loading = True
        self._was_cancelled = False
        self._crash: str | None = "the process ended without saying that it had finished"

    @classmethod
    async def start(
        cls, argv: Sequence[str], *, name: str, env: Mapping[str, str], cwd: Path, files: RunFiles, processes: Processes
    ) -> Self:
        """Start a program that appends its events to `files.events`. Raises InfrastructureError when it does not start.

        `env` is all that it gets, beside a mark by which all it starts is found again.
        """
        mark = secrets.token_hex(16)
        with ExitStack() as opened:
            events = opened.enter_context(closing(EventFile(files.events)))
            output = opened.enter_context(closing(Output(files.output)))
            process = await processes.start(argv, name=name, env={**env, _MARK_VARIABLE: mark}, cwd=cwd, stdout=PIPE)
            opened.pop_all()  # from here on `close` closes them
        return cls(process, processes, mark=mark, files=files, events=events, output=output)

    async def events(self) -> AsyncIterator[RunnerEvent]:
        """Everything that happens, as it happens, to the end of the process; to be iterated once.

        The last event is RunEnded, or RunFailed where the project could not be loaded, or RunCrashed.
        """
        reader = EventReader()
        while True:
            exited = self._process.returncode is not None  # asked first: what it wrote before is then in the file
            try:
                for line in self._events.new_lines():
                    event = reader.read(line)
                    self._note(event)
                    yield event
            except NotAnEvent as error:
                self._is_loading = False
                self._crash = f"the reporter wrote what is no event: {error}"
                break
            if exited or self._overdue():
                break
            await self._pause()
        code = self._process.returncode
        # A spec or a config may call process.exit or never return; a signal comes from elsewhere.
        may_be_spoilt = self._is_loading and not self._was_cancelled and (code is None or code >= 0)
        await self.close()
        spoiled = may_be_spoilt and not any(words in self._output.tail for words in _NO_ROOM)
        if self._crash is not None:
            yield self._not_loaded(code) if spoiled else self._crashed(self._crash)

    async def cancel(self, *, grace_s: float = CANCEL_GRACE_S) -> None:
        """Ask Playwright to stop, as Ctrl-C would, and end the whole group after the grace; `events` then ends too."""
        self._was_cancelled = True
        self.exit_code = await self._processes.end(self._process, grace_s=grace_s, signal=signal.SIGINT)
        # A child that left the group may still hold the pipe.
        await asyncio.wait([self._keeping], timeout=_DRAIN_S)
        self._keeping.cancel()

    async def close(self) -> None:
        """End what still runs, also what tests started in sessions of their own, and let go of the files."""
        await self.cancel(grace_s=0 if self._process.returncode is not None else CANCEL_GRACE_S)
        await asyncio.to_thread(end_carriers, f"{_MARK_VARIABLE}={self._mark}")
        self._events.close()
        self._output.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    def _note(self, event: RunnerEvent) -> None:
        match event:
            case RunBegan():
                self._is_loading = False
                self._deadline = None
            case RunFailed(reason=FailureReason.CONFIGURATION):
                self._is_loading = False
                self._crash = None
            case RunEnded():
                self._crash = None
                self._deadline = time.monotonic() + EXIT_TIMEOUT_S

    def _overdue(self) -> bool:
        return self._deadline is not None and time.monotonic() >= self._deadline

    async def _pause(self) -> None:
        await asyncio.wait([self._ending], timeout=_POLL_S)

    def _not_loaded(self, code: int | None) -> RunFailed:
        how = f"took more than {BEGIN_TIMEOUT_S:g} s" if code is None else f"ended the process with exit code {code}"
        said = self._output.tail[-_MOST_SAID:].strip() or "nothing"
        message = f"Loading the config and the spec files {how}. It said last: {said}"
        return RunFailed(at=datetime.now(UTC), reason=FailureReason.CONFIGURATION, message=message, location=None)

    def _crashed(self, message: str) -> RunCrashed:
        return RunCrashed(
            at=datetime.now(UTC), message=message, exit_code=self.exit_code or 0, output=self._output.tail
        )
