"""Signals while a run is prepared, submitted and waited for: an exception where they meet the work, and what to do.

A CI that cancels a job sends SIGINT or SIGTERM and kills a few seconds later: the run must not stay behind.
"""

from __future__ import annotations

import signal
import threading
from contextlib import contextmanager
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

_WATCHED = (signal.SIGINT, signal.SIGTERM)


class OnSignal(StrEnum):
    """What SIGINT and SIGTERM do to the run."""

    CANCEL = "cancel"
    DETACH = "detach"
    ASK = "ask"


class Stopped(KeyboardInterrupt):
    """One of the signals came. `by` says which."""

    def __init__(self, by: signal.Signals) -> None:
        super().__init__()
        self.by = by


@contextmanager
def stoppable() -> Iterator[None]:
    """Raise Stopped in the block when a signal comes."""

    def stop(number: int, frame: FrameType | None) -> None:
        del frame
        raise Stopped(signal.Signals(number))

    with _handled_by(stop):
        yield


@contextmanager
def unstoppable() -> Iterator[None]:
    """Let signals pass by while the block lasts: what it does is what they ask for."""
    with _handled_by(_pass_by):
        yield


def unstoppable_from_now_on() -> None:
    """Let signals pass by until the process ends, which it is about to do: it has its exit code."""
    if threading.current_thread() is threading.main_thread():
        for number in _WATCHED:
            signal.signal(number, _pass_by)


def _pass_by(number: int, frame: FrameType | None) -> None:
    del number, frame


@contextmanager
def _handled_by(handler: object) -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread():
        yield  # Python hears signals in its main thread alone
        return
    before = {number: signal.getsignal(number) for number in _WATCHED}
    try:
        for number in _WATCHED:
            signal.signal(number, handler)  # type: ignore[arg-type]  # one of the two above
        yield
    finally:
        for number, handled in before.items():
            signal.signal(number, handled)
