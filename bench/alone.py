"""One benchmark at a time in a folder: each would falsify, and clear away, the other."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from qgjob.core.errors import ConfigurationError


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Refuse a second benchmark while the block lasts. Raises ConfigurationError."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ConfigurationError("Another benchmark is running in this folder: wait for its end.") from None
        yield
