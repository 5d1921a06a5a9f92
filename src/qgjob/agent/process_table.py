"""What the operating system tells of running processes: when each was born, its group, the mark it carries.

Linux answers from /proc, macOS from ps. It looks and never ends anything.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

_PS_TIMEOUT_S = 10
_PROC = Path("/proc")
_HAS_PROC = sys.platform == "linux"

_STATE, _GROUP, _START_TICKS = 0, 2, 19
"""Places in /proc/PID/stat, counted after the closing bracket of the command's name (proc(5) fields 3, 5, 22)."""


def birth(pid: int) -> str | None:
    """Tell when a process was born, in words that no later process with the same pid can repeat.

    None: there is no such process, or only its zombie.
    """
    if not _HAS_PROC:
        return _ps("-o", "lstart=", "-p", str(pid)).strip() or None
    fields = _stat(pid)
    if fields is None or fields[_STATE] == "Z":
        return None
    return f"{_boot_id()} {fields[_START_TICKS]}"


def members(group: int) -> list[int]:
    """Pids of the processes of a group that still run; zombies, which nobody may ever collect, are left out."""
    if not _exists(group):
        return []
    return [pid for pid, group_of_pid in _living() if group_of_pid == group]


def carriers(mark: str) -> list[int]:
    """Pids of the processes that were started with `mark` (NAME=value) in their environment.

    Children inherit it, also those that left their group for a session of their own, as adb's server does.
    Empty on macOS, which does not show the environment of a process.
    """
    if not _HAS_PROC:
        return []
    wanted = mark.encode()
    return [pid for pid, _group in _living() if wanted in _environment(pid).split(b"\0")]


def _exists(group: int) -> bool:
    """Whether the group has any process, a zombie at least: asked first, as it costs no look at every process."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _living() -> Iterator[tuple[int, int]]:
    """Yield pid and group of every process that is not a zombie."""
    if not _HAS_PROC:
        for line in _ps("-axo", "pid=,pgid=,state=").splitlines():
            pid, group, state = line.split(maxsplit=2)
            if not state.startswith("Z"):
                yield int(pid), int(group)
        return
    for folder in _PROC.iterdir():
        fields = _stat(int(folder.name)) if folder.name.isdigit() else None
        if fields is not None and fields[_STATE] != "Z":
            yield int(folder.name), int(fields[_GROUP])


def _stat(pid: int) -> list[str] | None:
    try:
        text = (_PROC / str(pid) / "stat").read_text(encoding="utf-8", errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return None
    return text.rpartition(")")[2].split()


def _environment(pid: int) -> bytes:
    try:
        return (_PROC / str(pid) / "environ").read_bytes()
    except OSError:  # ended meanwhile, or somebody else's
        return b""


def _boot_id() -> str:
    return (_PROC / "sys/kernel/random/boot_id").read_text(encoding="ascii").strip()


def _ps(*arguments: str) -> str:
    finished = subprocess.run(
        ["/bin/ps", *arguments], capture_output=True, text=True, timeout=_PS_TIMEOUT_S, check=False
    )
    return finished.stdout
