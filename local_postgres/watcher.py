"""Ends a server and removes its folder when the pipe on its standard input closes: also after a kill -9 of its starter.

A program of its own, started by its path, so it uses the standard library alone. Arguments: the server's data
folder, and the folder to remove.
"""

import ctypes
import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

_GRACE_S = 10.0
_POLL_S = 0.02
_REMOVE = 0
"""IPC_RMID of shmctl(2)."""
_SEGMENT_LINE = 6
"""Of postmaster.pid: key and id of the small System V segment by which a server knows a living predecessor."""


def main(data: Path, folder: Path) -> None:
    """Wait for the end of the pipe, then tidy up."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sys.stdin.buffer.read()
    end(data)
    shutil.rmtree(folder, ignore_errors=True)


def end(data: Path) -> None:
    """End the server of this data folder, whatever state it is in, with all its processes."""
    try:
        lines = (data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return
    pid = int(lines[0])
    if serves(pid, data):
        pids = [pid, *children(pid)]
        for number in (signal.SIGCONT, signal.SIGQUIT):
            _signal(pids, number)
        deadline = time.monotonic() + _GRACE_S
        while serves(pid, data) and time.monotonic() < deadline:
            time.sleep(_POLL_S)
        _signal([pid] if serves(pid, data) else [], signal.SIGKILL)
    if (data / "postmaster.pid").exists() and len(lines) > _SEGMENT_LINE:
        ctypes.CDLL(None).shmctl(int(lines[_SEGMENT_LINE].split()[1]), _REMOVE, None)


def serves(pid: int, data: Path) -> bool:
    """Whether the process is the server of this folder: the number may be somebody else's by now."""
    return str(data) in _ps("-o", "command=", "-p", str(pid))


def children(pid: int) -> list[int]:
    """Pids of the processes that a server has started."""
    pairs = (line.split() for line in _ps("-axo", "pid=,ppid=").splitlines())
    return [int(child) for child, parent in pairs if int(parent) == pid]


def _signal(pids: list[int], number: signal.Signals) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, number)


def _ps(*arguments: str) -> str:
    """What ps says, in lines of any width: it would cut them where COLUMNS is set."""
    return subprocess.run(["ps", "-ww", *arguments], capture_output=True, text=True, check=False).stdout


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
