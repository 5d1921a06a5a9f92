"""What happened in a simulation, as it happens: for the events file and for the measures."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TextIO

from qgjob.sim.trace import Trace, TraceWorker

Tell = Callable[[float, str, str, str, str], None]
"""Takes the time, the event, the worker, and the name and value of what it is about (both empty: nothing)."""

MANY_JOBS = 5_000
"""They take long enough to be told how far it is."""


@dataclass(kw_only=True)
class Happened:
    """`started`: when each job first began; `ended`: when its result came; `gave_up`: the farm gave it none.

    `installing_s`, `testing_s`: by class of workers, what was lost with a worker included. `installs` were finished.
    """

    trace: Trace
    started: dict[str, float] = field(default_factory=dict)
    ended: dict[str, float] = field(default_factory=dict)
    gave_up: set[str] = field(default_factory=set)
    installs: int = 0
    installing_s: dict[str, float] = field(default_factory=dict)
    testing_s: dict[str, float] = field(default_factory=dict)

    def installing(self, worker: TraceWorker, seconds: float) -> None:
        """Count time that a worker spent on installing."""
        self.installing_s[worker.worker_class] = self.installing_s.get(worker.worker_class, 0) + seconds

    def testing(self, worker: TraceWorker, seconds: float) -> None:
        """Count time that a worker spent on testing."""
        self.testing_s[worker.worker_class] = self.testing_s.get(worker.worker_class, 0) + seconds


def tell_nobody(t: float, event: str, worker: str, what: str, value: str) -> None:
    """Tell no one."""


def teller(stream: TextIO) -> Tell:
    """Write each event as a line of JSON."""

    def tell(t: float, event: str, worker: str, what: str, value: str) -> None:
        about = {what: value} if what else {}
        stream.write(json.dumps({"t": round(t, 6), "event": event, "worker": worker} | about) + "\n")

    return tell


def aloud(tell: Tell, *, jobs: int, say: Callable[[str], None]) -> Tell:
    """Say as well how far a simulation of many jobs is, after each tenth of them."""
    if jobs < MANY_JOBS:
        return tell
    done = 0

    def tell_aloud(t: float, event: str, worker: str, what: str, value: str) -> None:
        nonlocal done
        tell(t, event, worker, what, value)
        if event == "job_done":
            done += 1
            if done * 10 // jobs > (done - 1) * 10 // jobs:
                say(f"simulated {done:,} of {jobs:,} jobs, until {t:,.0f} s of virtual time")

    return tell_aloud
