"""Which idle devices ask: as few as it takes to find out that none of them would get anything.

A decision depends on the picture alone, so of the devices of a class that hold nothing that waits one speaks for all.
On a real farm every one of them would ask, and get the same answer.
"""

from collections.abc import Iterator

from qgjob.sim.device import Device, Version
from qgjob.sim.trace import Trace, TraceJob


class WaitingRoom:
    """The idle devices by class, the longest idle first, and how many jobs wait that each class could serve."""

    def __init__(self, trace: Trace) -> None:
        there = trace.classes
        self._classes = {name: sorted(classes & there.keys()) for name, classes in trace.requirements.items()}
        self._idle: dict[str, dict[str, Device]] = {name: {} for name in there}
        self._jobs: dict[str, int] = dict.fromkeys(there, 0)
        self._fresh: set[tuple[str, Version]] = set()

    def enter(self, device: Device) -> None:
        """A device is idle from now on."""
        self._idle[device.worker.worker_class][device.worker.name] = device

    def leave(self, device: Device) -> None:
        """A device is not idle, or gone."""
        self._idle[device.worker.worker_class].pop(device.worker.name, None)

    def job_waits(self, job: TraceJob) -> None:
        """A job waits from now on."""
        for name in self._classes[job.requirement]:
            self._jobs[name] += 1
        self.job_is_fresh(job)

    def job_is_fresh(self, job: TraceJob) -> None:
        """A job that waits can be leased from now on."""
        for name in self._classes[job.requirement]:
            self._fresh.add((name, (job.org, job.app_version)))

    def job_leaves(self, job: TraceJob) -> None:
        """A job was leased."""
        for name in self._classes[job.requirement]:
            self._jobs[name] -= 1

    @property
    def somebody_could_ask(self) -> bool:
        """Whether a device is idle while jobs wait for its class."""
        return any(self._jobs[name] and idle for name, idle in self._idle.items())

    def asking(self) -> Iterator[Device]:
        """Name devices to ask, one after another; one that was given nothing is still idle when the next is wanted.

        Those that hold a version of which jobs have just come go first.
        """
        fresh, self._fresh = self._fresh, set()
        for name, version in sorted(fresh):
            for device in [each for each in self._idle[name].values() if each.holds == version]:
                if self._jobs[name]:
                    yield device
        for name, idle in self._idle.items():
            while self._jobs[name] and idle:
                device = next(iter(idle.values()))
                yield device
                if device.idle:
                    break
