"""Files by the hash of their bytes, in a folder of their own. It knows nothing of who may read them."""

import errno
import os
import secrets
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from hashlib import file_digest, sha256
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Self

from qgjob.core.errors import InvalidRequest, NotFound, TooLarge, Unavailable
from qgjob.core.words import Sha256
from qgjob.store.owner import OwnerLock

_INCOMING = "incoming"
_UNTOUCHED_S = 2 * 3600.0
"""Longer than any upload may take from beginning to end."""
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


@dataclass(frozen=True, kw_only=True)
class Blob:
    """A stored file."""

    sha256: Sha256
    size_bytes: int


class BlobWriter:
    """One upload under way: `write` chunks, then `commit`. Leaving the `with` block without a commit leaves nothing."""

    def __init__(self, folder: Path, *, most_bytes: int) -> None:
        self._folder = folder
        self._most_bytes = most_bytes
        self._hash = sha256()
        self._size = 0
        with _disk(folder):
            incoming = folder / _INCOMING
            incoming.mkdir(parents=True, exist_ok=True)
            self._file = NamedTemporaryFile(dir=incoming, delete=False)  # noqa: SIM115  # closed by __exit__
            self._unnamed = Path(self._file.name)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        with suppress(OSError):  # on a full disk closing flushes in vain; the file goes anyway
            self._file.close()
        self._unnamed.unlink(missing_ok=True)

    @property
    def path(self) -> Path:
        """Where the bytes are until the commit, to be read and judged there first."""
        with _disk(self._folder):
            self._file.flush()
        return self._unnamed

    def write(self, chunk: bytes) -> None:
        """Add bytes. Raises TooLarge beyond the bound that was given, Unavailable when the disk is full."""
        self._size += len(chunk)
        if self._size > self._most_bytes:
            raise TooLarge(f"The upload has more than the {self._most_bytes} bytes that are accepted.")
        self._hash.update(chunk)
        with _disk(self._folder):
            self._file.write(chunk)

    def commit(self, expected: Sha256 | None = None) -> Blob:
        """Make the bytes durable under their hash. Raises InvalidRequest when they are not the bytes `expected`."""
        blob = Blob(sha256=Sha256(self._hash.hexdigest()), size_bytes=self._size)
        if expected is not None and blob.sha256 != expected:
            raise InvalidRequest(
                f"The {blob.size_bytes} bytes that came have the sha256 {blob.sha256}, not {expected}: send them again."
            )
        with _disk(self._folder):
            self._file.flush()
            os.fsync(self._file.fileno())
            home = _home(self._folder, blob.sha256)
            home.parent.mkdir(exist_ok=True)
            self._unnamed.replace(home)
            _sync_folder(home.parent)
        return blob


class Blobs:
    """A folder of blobs. Writing the same bytes twice stores them once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._owner = OwnerLock(folder.with_name(folder.name + ".owner"))

    def own(self) -> None:
        """Become the only one who writes here, and clear away uploads that an owner which was killed left unfinished.

        Raises Conflict when another process owns or shares the folder, Unavailable when the disk does not let us.
        """
        with _disk(self._folder):
            self._folder.parent.mkdir(parents=True, exist_ok=True)
            self._owner.take()
            self._clear_unfinished(untouched_s=0.0)

    def share(self) -> None:
        """Become one of several who write here, and clear away uploads that nobody can be at any more.

        Raises Conflict when another process owns the folder, Unavailable when the disk does not let us.
        """
        with _disk(self._folder):
            self._folder.parent.mkdir(parents=True, exist_ok=True)
            self._owner.share()
            self._clear_unfinished(untouched_s=_UNTOUCHED_S)

    def _clear_unfinished(self, *, untouched_s: float) -> None:
        for unfinished in (self._folder / _INCOMING).glob("*"):
            with suppress(FileNotFoundError):  # another who shares the folder clears as well
                if time.time() - unfinished.stat().st_mtime >= untouched_s:
                    unfinished.unlink()

    def disown(self) -> None:
        """Give up ownership, if it is held."""
        self._owner.give_back()

    def writer(self, *, most_bytes: int) -> BlobWriter:
        """Begin an upload of at most `most_bytes`. Raises Unavailable when the disk does not let us."""
        return BlobWriter(self._folder, most_bytes=most_bytes)

    def put(self, chunks: Iterable[bytes], *, most_bytes: int, expected: Sha256 | None = None) -> Blob:
        """Store a whole stream of chunks: a writer, all chunks, a commit."""
        with self.writer(most_bytes=most_bytes) as writer:
            for chunk in chunks:
                writer.write(chunk)
            return writer.commit(expected)

    def path(self, sha256: Sha256) -> Path:
        """Say where the bytes are. Raises NotFound when there are none."""
        if not self.has(sha256):
            raise NotFound(f"No file with the sha256 {sha256} is stored here: upload it first.")
        return _home(self._folder, sha256)

    def has(self, sha256: Sha256) -> bool:
        """Say whether the bytes are there."""
        return len(sha256) == 64 and sha256.isalnum() and _home(self._folder, sha256).is_file()  # noqa: PLR2004

    def remove(self, sha256: Sha256, *, untouched_s: float) -> bool:
        """Remove a file unless it was stored in the last `untouched_s` seconds; whether it is gone.

        An upload of the same bytes at the same moment is not lost: what turns out to be fresh is put back.
        """
        home = _home(self._folder, sha256)
        aside = self._folder / _INCOMING / f"{sha256}.{secrets.token_hex(4)}"
        with (
            _disk(self._folder),
            suppress(FileNotFoundError),
        ):  # it is gone, or another who shares the folder was faster
            if _age_s(home) < untouched_s:
                return False
            aside.parent.mkdir(exist_ok=True)
            home.rename(aside)
            if _age_s(aside) < untouched_s:
                aside.rename(home)
                return False
            aside.unlink()
        return True

    def problem(self, sha256: Sha256) -> str | None:
        """Read a file and say what is wrong with it; None: it is there and has the bytes of its hash."""
        if not self.has(sha256):
            return "missing"
        with _home(self._folder, sha256).open("rb") as file:
            found = file_digest(file, "sha256").hexdigest()
        return None if found == sha256 else "has other bytes"


def _age_s(path: Path) -> float:
    return time.time() - path.stat().st_mtime


def _home(folder: Path, sha256: Sha256) -> Path:
    return folder / sha256[:2] / sha256


def _sync_folder(folder: Path) -> None:
    """Make a rename outlive a crash of the machine."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _disk(folder: Path) -> Iterator[None]:
    """Translate what a disk can refuse."""
    try:
        yield
    except OSError as error:
        if error.errno in _NO_ROOM:
            raise Unavailable(f"The disk under {folder} is full, so nothing was stored: free some space.") from error
        raise Unavailable(
            f"The folder {folder} cannot be written to ({error.strerror}); nothing was stored."
        ) from error
