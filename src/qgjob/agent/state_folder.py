"""The folder in which an agent keeps what must survive it, and the lock that makes it the only one there."""

import fcntl
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from qgjob.core.errors import ConfigurationError
from qgjob.core.words import AgentId


@dataclass(frozen=True, kw_only=True)
class StateFolder:
    """Names of what is in the folder. `agent_id` was chosen once, so the devices keep their workers."""

    folder: Path
    agent_id: AgentId

    @property
    def processes(self) -> Path:
        """The record of running programs."""
        return self.folder / "processes.json"

    @property
    def held(self) -> Path:
        """Which package each device was last given."""
        return self.folder / "held.json"

    @property
    def journal(self) -> Path:
        """Events that the server has not confirmed."""
        return self.folder / "journal"

    @property
    def work(self) -> Path:
        """One folder per session, gone when its evidence is uploaded."""
        return self.folder / "work"

    @property
    def home(self) -> Path:
        """HOME of adb and Appium, with their logs."""
        return self.folder / "home"

    @property
    def fake_devices(self) -> Path:
        """One folder per fake device."""
        return self.folder / "fake-devices"

    @property
    def android_home(self) -> Path:
        """The small Android SDK of hosts that have none."""
        return self.folder / "android-home"


@contextmanager
def own_state_folder(folder: Path) -> Iterator[StateFolder]:
    """Own the folder while the block lasts; what an earlier agent left of its sessions is deleted.

    Raises ConfigurationError when another agent has it, or when it cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / "agent.lock").open("a")
    except OSError as error:
        raise ConfigurationError(
            f"The state folder {folder} cannot be used ({error.strerror}): name another one with --state-dir."
        ) from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ConfigurationError(
                f"Another agent runs with the state folder {folder}: give this one its own with --state-dir."
            ) from None
        state = StateFolder(folder=folder.absolute(), agent_id=_agent_id(folder / "agent-id"))
        shutil.rmtree(state.work, ignore_errors=True)
        for path in (state.work, state.home):
            path.mkdir(exist_ok=True)
        yield state


def _agent_id(path: Path) -> AgentId:
    if path.exists() and (known := path.read_text(encoding="utf-8").strip()):
        return AgentId(known)
    chosen = f"agent-{uuid.uuid4().hex}"
    path.write_text(chosen + "\n", encoding="utf-8")
    return AgentId(chosen)
