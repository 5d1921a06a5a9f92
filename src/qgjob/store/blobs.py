"""Files by the hash of their bytes, in a folder of their own. It knows nothing of who may read them."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from qgjob.core.words import Sha256


@dataclass(frozen=True, kw_only=True)
class Blob:
    """A stored file."""

    sha256: Sha256
    size_bytes: int


class BlobWriter:
    """One upload under way: `write` chunks, then `commit`. Leaving the `with` block without a commit leaves nothing."""

    def __enter__(self) -> "BlobWriter":
        raise NotImplementedError

    def __exit__(self, *_error: object) -> None:
        raise NotImplementedError

    def write(self, chunk: bytes) -> None:
        """Add bytes. Raises TooLarge beyond the bound given, Unavailable when the disk is full."""
        raise NotImplementedError

    @property
    def path(self) -> Path:
        """Where the bytes are before the commit, flushed: to read and judge them first."""
        raise NotImplementedError

    def commit(self, expected: Sha256 | None = None) -> Blob:
        """Make the bytes durable under their hash. Raises InvalidRequest when they are not the bytes `expected`."""
        raise NotImplementedError


class Blobs:
    """A folder of blobs. Writing the same bytes twice stores them once."""

    def __init__(self, folder: Path) -> None:
        raise NotImplementedError

    def writer(self, *, most_bytes: int) -> BlobWriter:
        """Begin an upload of at most `most_bytes`."""
        raise NotImplementedError

    def put(self, chunks: Iterable[bytes], *, most_bytes: int, expected: Sha256 | None = None) -> Blob:
        """Store a whole stream of chunks: a writer, all chunks, a commit."""
        raise NotImplementedError

    def path(self, sha256: Sha256) -> Path:
        """Where the bytes are. Raises NotFound when there are none."""
        raise NotImplementedError

    def has(self, sha256: Sha256) -> bool:
        """Whether the bytes are there."""
        raise NotImplementedError
