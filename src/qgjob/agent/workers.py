"""The devices of an agent as its workers: which are free, at work, or away, and what the server is told of them."""

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

    async def facts(self) -> list[WorkerFacts]:
        """What those devices that are there say of themselves; one that does not answer now is left out."""
        facts = []
        for worker in self._all:
            if worker.state is State.AWAY:
                continue
            try:
                facts.append(await _facts(worker.slot))
            except InfrastructureError:
                continue
        return facts

    def know(self, registered: Iterable[RegisteredWorker]) -> None:
        """Take over the ids that the server gave."""
        ids = {each["serial"]: WorkerId(each["worker_id"]) for each in registered}
        for worker in self._all:
            worker.worker_id = ids.get(worker.serial, worker.worker_id)


async def _facts(slot: Slot) -> WorkerFacts:
    device = await slot.device.facts()
    found = await slot.installation.found()
    return WorkerFacts(
        serial=device.serial,
        target=device.target,
        platform=device.platform,
        os_version=device.os_version,
        model=device.model,
        tags=sorted(device.tags),
        installed=None if found is None else InstalledBody(package=found.package, sha256=found.sha256),
    )
