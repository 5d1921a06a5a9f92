"""What becomes of a run when a signal stops the command that waits for it: detached from, or cancelled."""

from __future__ import annotations

import signal
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

from qgjob.cli.connect import connect
from qgjob.cli.exits import Interrupted
from qgjob.cli.follow import Watched
from qgjob.cli.running.ending import Ending
from qgjob.cli.running.signals import OnSignal, Stopped, stoppable
from qgjob.cli.say import ask
from qgjob.core.errors import Unavailable, Unreachable
from qgjob.core.outcome import ExitCode
from qgjob.core.words import JobStatus

if TYPE_CHECKING:
    from collections.abc import Callable

    from qgjob.cli.say import Say
    from qgjob.cli.settings import Settings
    from qgjob.client import Client

T = TypeVar("T")

_BOUND_S = 20.0
"""For the cancel and for what runs to stop; a CI kills some seconds after its signal."""
_ANSWER_S = 5.0
"""For one answer of the server meanwhile."""
_PAUSE_S = 0.5


@dataclass(frozen=True, kw_only=True)
class Stopping:
    """How to stop. `find`: asks which run was submitted, None if none can have been. `note`: keeps the end to come."""

    settings: Settings
    say: Say
    on_signal: OnSignal
    find: Callable[[Client], str | None]
    note: Callable[[Ending], None]


def stop(stopping: Stopping, stopped: Stopped) -> Ending:
    """Cancel the run or leave it alone; signals are expected to pass by meanwhile.

    Raises Interrupted when it is left alone, Unreachable when nobody can tell.
    """
    cancels = stopping.on_signal is OnSignal.CANCEL
    if stopping.on_signal is OnSignal.ASK:
        cancels = stopped.by is not signal.SIGINT
    with _quick(stopping.settings) as client:
        run_id = stopping.find(client)
    if run_id is None:
        return _before_any(stopping.on_signal, stopped)
    if stopping.on_signal is OnSignal.ASK and stopped.by is signal.SIGINT:
        cancels = _wants_cancel(run_id)
    if not cancels:
        raise Interrupted(_left_alone(run_id))
    return _cancelled(stopping, run_id, stopped)


def _before_any(on_signal: OnSignal, stopped: Stopped) -> Ending:
    message = f"stopped by {stopped.by.name} before anything was submitted"
    if on_signal is OnSignal.DETACH or (on_signal is OnSignal.ASK and stopped.by is signal.SIGINT):
        raise Interrupted(message)
    return Ending(exit_code=ExitCode.CANCELLED, message=message)


def _wants_cancel(run_id: str) -> bool:
    """Ask; a second Ctrl-C, or an answer that is none, leaves the run alone."""
    try:
        with stoppable():
            answer = ask(f"Run {run_id} is under way. Detach from it, or cancel it? [d/c]")
    except (Stopped, OSError, ValueError):
        return False
    return answer in {"c", "cancel"}


def _left_alone(run_id: str) -> str:
    watched = Watched(run_id=run_id)
    return (
        f"interrupted; the run goes on. Go on watching with: {watched.resume_command}\n"
        f"Stop it with: {watched.stop_command}"
    )


def _cancelled(stopping: Stopping, run_id: str, stopped: Stopped) -> Ending:
    """Cancel at once, then wait for what runs to stop, in all no longer than the bound."""
    stopping.say.progress(f"Stopped by {stopped.by.name}: cancelling run {run_id}")
    deadline = time.monotonic() + _BOUND_S
    with _quick(stopping.settings) as client:
        _insisting(deadline, lambda: client.jobs.cancel_run(run_id), run_id=run_id)
        message = f"cancelled by {stopped.by.name}"
        stopping.note(Ending(exit_code=ExitCode.CANCELLED, message=message))  # whoever waits may not wait for the rest
        while time.monotonic() < deadline:
            run = _insisting(deadline, lambda: client.jobs.get_run(run_id, prospect=False), run_id=run_id)
            if run["status"] == JobStatus.COMPLETED:
                return Ending(exit_code=ExitCode.CANCELLED, message=message, document=run)
            time.sleep(_PAUSE_S)
    return Ending(
        exit_code=ExitCode.CANCELLED,
        message=f"{message}; what was running is still being stopped. See how it ends with: "
        f"{Watched(run_id=run_id).resume_command}",
    )


def _insisting(deadline: float, call: Callable[[], T], *, run_id: str) -> T:
    """Call until the server answers or the time is up; then it is not known what becomes of the run."""
    while True:
        try:
            return call()
        except (Unreachable, Unavailable) as error:
            if time.monotonic() >= deadline:
                raise Unreachable(
                    f"the run may go on, since it could not be cancelled: {error.message}\n"
                    f"Stop it with: {Watched(run_id=run_id).stop_command}"
                ) from error
        time.sleep(_PAUSE_S)


def _quick(settings: Settings) -> Client:
    return connect(replace(settings, timeout_s=min(settings.timeout_s, _ANSWER_S)))
