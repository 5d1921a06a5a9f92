"""Small disks that can be full: file systems in memory, in a mount namespace of our own, so that nothing is left.

Only root may mount. Where that does not work a disk is a folder, and fills by a limit on the size of the files that
its users write.
"""

import ctypes
import os
import shutil
import sys
from contextlib import suppress
from pathlib import Path

_NEW_NAMESPACE = 0x00020000
"""CLONE_NEWNS of unshare(2)."""
_PRIVATE = 0x4000 | 1 << 18
"""MS_REC | MS_PRIVATE of mount(2)."""
_DETACH = 2
"""MNT_DETACH of umount2(2)."""
_HAS_PROC = sys.platform == "linux"
_CHUNK_BYTES = 1 << 16


def mounts_of_our_own() -> bool:
    """Leave the machine's mount namespace with all processes started from now on; whether that was possible."""
    libc = ctypes.CDLL(None, use_errno=True)
    if not hasattr(libc, "unshare") or os.geteuid() != 0:
        return False
    return bool(libc.unshare(_NEW_NAMESPACE) == 0 and libc.mount(b"none", b"/", None, _PRIVATE, None) == 0)


class Disk:
    """A folder on a disk of its own, where that was possible (`is_small`)."""

    def __init__(self, folder: Path, *, size_mb: int, mount: bool) -> None:
        folder.mkdir(parents=True)
        self.folder = folder
        self.is_small = mount and _mount(folder, size_mb)
        self._ballast = folder / "ballast"

    def fill(self) -> None:
        """Leave no room, down to the last byte."""
        with suppress(OSError), self._ballast.open("ab", buffering=0) as file:
            while True:
                file.write(bytes(_CHUNK_BYTES))

    def empty(self) -> None:
        """Give the room back."""
        self._ballast.unlink(missing_ok=True)


def remove_with_disks(folder: Path) -> None:
    """Remove a folder with all the disks that are mounted in it."""
    mounts = Path("/proc/self/mounts").read_text(encoding="utf-8") if _HAS_PROC else ""
    for line in mounts.splitlines():
        place = Path(line.split()[1])
        if place.is_relative_to(folder):
            ctypes.CDLL(None).umount2(os.fsencode(place), _DETACH)
    shutil.rmtree(folder, ignore_errors=True)


def _mount(folder: Path, size_mb: int) -> bool:
    options = f"size={size_mb}m,mode=0755".encode()
    return bool(ctypes.CDLL(None).mount(b"tmpfs", os.fsencode(folder), b"tmpfs", 0, options) == 0)
