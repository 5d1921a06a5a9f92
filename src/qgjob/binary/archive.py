"""Zip archives from strangers: opens them and reads single members, never more bytes of one than the caller allows."""

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from qgjob.core.errors import BinaryError

_BROKEN = (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError)
"""What `zipfile` raises on bytes that are no zip, on foreign compression, on encryption and on broken streams."""


@contextmanager
def opened(path: Path) -> Iterator[zipfile.ZipFile]:
    """Open the file at `path` as a zip archive; BinaryError when it is none."""
    try:
        archive = zipfile.ZipFile(path)
    except _BROKEN as error:
        raise BinaryError(f"{path.name} is no app: it cannot be opened as a zip archive ({error}).") from error
    with archive:
        yield archive


def member(archive: zipfile.ZipFile, name: str, *, limit: int) -> bytes:
    """Return the bytes of the one member of this name; BinaryError when it is there twice, broken or above `limit`."""
    found = [info for info in archive.infolist() if info.filename == name]
    if len(found) != 1:
        raise BinaryError(f"{name} is in the archive {len(found)} times, which leaves open what would be installed.")
    try:
        with archive.open(found[0]) as stream:
            data = stream.read(limit + 1)
    except (*_BROKEN, zlib.error) as error:
        raise BinaryError(f"{name} cannot be unpacked ({error}).") from error
    if len(data) > limit:
        raise BinaryError(f"{name} unpacks to more than {limit} bytes, far above that of any real app.")
    return data
