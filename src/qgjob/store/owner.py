"""One owner per database file or folder, or several who share it: by a lock that goes when its process does."""

import fcntl
import os
from pathlib import Path

from qgjob.core.errors import Conflict


class OwnerLock:
    """An exclusive lock on a file beside the database. The file stays; only the lock on it means anything."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor: int | None = None

    def take(self) -> None:
        """Take the lock for ourselves alone. Raises Conflict naming the process that has it."""
        descriptor = self._open(fcntl.LOCK_EX)
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, str(os.getpid()).encode(), 0)

    def share(self) -> None:
        """Take the lock together with others who share it. Raises Conflict when somebody has it alone."""
        self._open(fcntl.LOCK_SH)

    def _open(self, kind: int) -> int:
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            owner = os.pread(descriptor, 20, 0).decode("ascii", "replace").strip() or "unknown"
            os.close(descriptor)
            raise Conflict(
                f"Another qgjob server (process {owner}) owns the data in {self._path.parent}: "
                "stop it first, or give this one a data folder of its own."
            ) from None
        self._descriptor = descriptor
        return descriptor

    def give_back(self) -> None:
        """Release the lock, if it is held."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
