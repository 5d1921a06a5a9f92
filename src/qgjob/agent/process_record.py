"""The file that remembers which process groups an agent started, and the reaper that ends what a kill -9 left of them.

A recorded pid alone proves nothing, pids are used again: only a process with the recorded birth, or one that carries
this record's own mark in its environment, is ever ended.
"""

import json
import os
import secrets
import signal
import time
from collections.abc import Collection, Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from qgjob.agent import process_table

MARK_VARIABLE = "QGJOB_PROCESS_MARK"
_ROUNDS = (signal.SIGTERM, signal.SIGKILL, signal.SIGKILL, signal.SIGKILL)
_GRACE_S = 3.0
_POLL_S = 0.05


@dataclass(frozen=True, kw_only=True)
class RecordedGroup:
    """One process group, by its leader. `birth` is `process_table.birth` of that leader."""

    name: str
    pid: int
    birth: str


class ProcessRecord:
    """The groups an agent has running, kept on disk at every change. One agent at a time may own the file.

    A life of an agent lasts from one `reap` to the next and has a mark of its own.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        self.mark, groups = _read(path) or (secrets.token_hex(16), [])
        self._groups = {group.pid: group for group in groups}
        self._write()

    def environment(self) -> dict[str, str]:
        """Environment that marks a process, and all it starts, as this record's."""
        return {MARK_VARIABLE: self.mark}

    def add(self, name: str, pid: int) -> None:
        """Remember a group just started. Its leader may have ended already, its children may not."""
        self._groups[pid] = RecordedGroup(name=name, pid=pid, birth=process_table.birth(pid) or "ended at once")
        self._write_if_possible()

    def living(self, pid: int) -> list[int]:
        """Pids of a recorded group that still run; none when the number belongs to somebody else by now."""
        group = self._groups.get(pid)
        if group is None or process_table.birth(pid) not in {group.birth, None}:
            return []
        return process_table.members(pid)

    def remove(self, pid: int) -> None:
        """Forget a group that has ended."""
        if self._groups.pop(pid, None) is not None:
            self._write_if_possible()

    def reap(self) -> list[str]:
        """End what an earlier life of the agent left running, and begin a new life; returns the names. Blocks."""
        ended = _end_life(f"{MARK_VARIABLE}={self.mark}", self._groups.values())
        self.mark, self._groups = secrets.token_hex(16), {}
        self._write()
        return ended

    def _write_if_possible(self) -> None:
        """A full disk costs the safety net, and must cost neither the program nor its orderly end."""
        with suppress(OSError):
            self._write()

    def _write(self) -> None:
        """Replace the file whole: it has to survive a kill of ours, not of the machine, so it is not synced."""
        content = {"mark": self.mark, "groups": [asdict(group) for group in self._groups.values()]}
        fresh = self.path.with_suffix(".new")
        fresh.write_text(json.dumps(content), encoding="utf-8")
        fresh.replace(self.path)


def end_own_life(path: Path) -> list[str]:
    """End what the life of the agent that started the calling process has left running, save the caller.

    For a process that outlives its agent. A new agent may own the record by then: its life has another mark, and
    nothing of it is touched. Blocks.
    """
    mark = os.environ[MARK_VARIABLE]
    known = _read(path)
    groups = known[1] if known is not None and known[0] == mark else ()
    return _end_life(f"{MARK_VARIABLE}={mark}", groups)


def end_carriers(mark: str) -> None:
    """End every process that was started with this mark (NAME=value), also outside of its starter's group. Blocks."""
    _end_life(mark, ())


def _end_life(mark: str, groups: Collection[RecordedGroup]) -> list[str]:
    """End every process that belongs to one life beyond doubt, save the caller; returns the names of what it ended.

    It looks again after each round, because what is about to end may still have started something.
    """
    names = {group.pid: group.name for group in groups}
    ended: set[str] = set()
    for number in _ROUNDS:
        births = _living(mark, groups)
        if not births:
            break
        ended |= {names.get(pid, "a process left behind by them") for pid in births}
        _end(births, number)
    return sorted(ended)


def _living(mark: str, groups: Iterable[RecordedGroup]) -> dict[int, str]:
    """Pid and birth of the processes of one life that run now."""
    pids = set(process_table.carriers(mark))
    for group in groups:
        if process_table.birth(group.pid) == group.birth:
            pids.update(process_table.members(group.pid))  # where the mark cannot be read
    births = {pid: process_table.birth(pid) for pid in pids - {os.getpid()}}
    return {pid: birth for pid, birth in births.items() if birth is not None}


def _read(path: Path) -> tuple[str, list[RecordedGroup]] | None:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return content["mark"], [RecordedGroup(**group) for group in content["groups"]]
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        # Only a machine that lost power can leave a torn file, and it has no processes of ours left.
        return None


def _end(births: dict[int, str], number: signal.Signals) -> None:
    """Send a signal to these processes, and wait for their end as long as `_GRACE_S`."""
    for pid, birth in births.items():
        if process_table.birth(pid) == birth:
            with suppress(ProcessLookupError):
                os.kill(pid, number)
    deadline = time.monotonic() + _GRACE_S
    while any(process_table.birth(pid) == birth for pid, birth in births.items()):
        if time.monotonic() > deadline:
            return
        time.sleep(_POLL_S)
