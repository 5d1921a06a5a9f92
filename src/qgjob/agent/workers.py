"""The devices of an agent as its workers: which are free, at work, or away, and what the server is told of them."""

import asyncio
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum

from qgjob.agent.session.round import Slot
from qgjob.core.errors import InfrastructureError
from qgjob.core.words import WorkerId
from qgjob.wire.agents import InstalledBody, RegisteredWorker, WorkerFacts


class State(Enum):
    """What a worker is doing, for its agent."""

    FREE = "free"
    CLAIMING = "claiming"
    BUSY = "busy"
    AWAY = "away"


@dataclass(kw_only=True)
class DeviceWorker:
    """One device and its state. `worker_id` is the server's name for it, once it is registered."""

    slot: Slot
    state: State = State.FREE
    worker_id: WorkerId | None = None

    @property
    def serial(self) -> str:
        """What adb knows the device by."""
        return self.slot.device.serial


class Workers:
    """All workers of an agent."""

    def __init__(self, slots: Iterable[Slot]) -> None:
        self._all = [DeviceWorker(slot=slot) for slot in slots]

    def __iter__(self) -> Iterator[DeviceWorker]:
        return iter(self._all)

    def in_state(self, state: State) -> list[DeviceWorker]:
        """Those in this state."""
        return [worker for worker in self._all if worker.state is state]

    def of_id(self, worker_id: WorkerId) -> DeviceWorker | None:
        """The one that the server calls so."""
        return next((worker for worker in self._all if worker.worker_id == worker_id), None)

    @property
    def present_ids(self) -> list[WorkerId]:
        """Ids of those whose device is there."""
        return [each.worker_id for each in self._all if each.state is not State.AWAY and each.worker_id is not None]

    async def facts(self) -> tuple[list[WorkerFacts], list[DeviceWorker]]:
        """Return what the devices that are there say of themselves, and those that do not answer after all."""
        present = [worker for worker in self._all if worker.state is not State.AWAY]
        answers = await asyncio.gather(*(_facts(worker.slot) for worker in present))
        silent = [worker for worker, answer in zip(present, answers, strict=True) if answer is None]
        return [answer for answer in answers if answer is not None], silent

    def know(self, registered: Iterable[RegisteredWorker]) -> None:
        """Take over the ids that the server gave."""
        ids = {each["serial"]: WorkerId(each["worker_id"]) for each in registered}
        for worker in self._all:
            worker.worker_id = ids.get(worker.serial, worker.worker_id)


async def _facts(slot: Slot) -> WorkerFacts | None:
    try:
        device = await slot.device.facts()
        found = await slot.installation.found()
    except InfrastructureError:
        return None
    return WorkerFacts(
        serial=device.serial,
        target=device.target,
        platform=device.platform,
        os_version=device.os_version,
        model=device.model,
        tags=sorted(device.tags),
        installed=None if found is None else InstalledBody(package=found.package, sha256=found.sha256),
        fake=device.fake,
    )
