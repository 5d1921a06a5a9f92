"""A simulated device slot: what it holds, what it is at, and what its agent has yet to tell of that."""

from collections import deque
from dataclasses import dataclass, field

from qgjob.core.lease import Lease, LeasedJob, LeaseEvent
from qgjob.core.words import AgentId, WorkerId
from qgjob.sim.trace import TraceWorker

Version = tuple[str, str]
"""An org and its app version: no org shares an installation with another."""


@dataclass(kw_only=True)
class Work:
    """A lease on its way: what is left of it, and the events of it that are not reported yet."""

    lease: Lease
    left: deque[LeasedJob]
    since_s: float
    installing: bool = False
    lost: bool = False
    seq: int = 0
    untold: list[LeaseEvent] = field(default_factory=list)

    def note(self, event: LeaseEvent) -> None:
        """Keep an event for the next report."""
        self.untold.append(event)

    def next_seq(self) -> int:
        """Number the next event."""
        self.seq += 1
        return self.seq


@dataclass(kw_only=True)
class Device:
    """`life` grows when it is lost: what was due to happen on it before does not. `work` None: it is free."""

    worker: TraceWorker
    agent: AgentId
    worker_id: WorkerId
    up: bool = True
    life: int = 0
    holds: Version | None = None
    work: Work | None = None

    @property
    def idle(self) -> bool:
        """Whether it can be given work."""
        return self.up and self.work is None

    @property
    def at_work(self) -> Work:
        """What it is at. Only for a device that is not free."""
        if self.work is None:
            raise ValueError(f"The simulated device {self.worker.name} has nothing in hand.")
        return self.work
