"""Look into a bundle's zip without unpacking it: only plain files, inside the folder, within bounds."""

import stat
from io import FileIO
from pathlib import Path
from zipfile import BadZipFile, ZipFile, ZipInfo

from qgjob.core.bundle import BundleEntry, check_entries
from qgjob.core.errors import InvalidRequest, TooLarge

_ENCRYPTED = 0x1
_MOST_DIRECTORY_BYTES = 8 * 1024 * 1024
"""Of the zip's own list of its entries: 400 bytes for each file that a bundle may have."""


def list_bundle(path: Path) -> tuple[str, ...]:
    """List the paths of the files in a bundle's zip, sorted.

    Raises InvalidRequest naming the entry: no zip, an absolute path, `..`, a backslash, a symbolic link, an encrypted
    or repeated entry; TooLarge beyond the bounds of `core.bundle` on files and unpacked bytes, or when the list of
    entries alone is larger than any honest one.
    """
    try:
        with _InSmallPieces(path) as file, ZipFile(file) as bundle:
            entries = [_entry(info) for info in bundle.infolist() if not info.is_dir()]
    except (BadZipFile, ValueError, NotImplementedError, UnicodeDecodeError) as error:
        raise InvalidRequest(f"The bundle cannot be read as a zip file ({error}): pack it again.") from error
    return check_entries(entries)


class _InSmallPieces(FileIO):
    """A file of which nobody gets much at once: `ZipFile` reads the list of entries in one piece, whatever its size."""

    def read(self, size: int | None = -1, /) -> bytes:
        """Read. Raises TooLarge rather than make a piece that is."""
        if size is not None and size > _MOST_DIRECTORY_BYTES:
            raise TooLarge(
                f"The bundle's list of entries alone has {size} bytes, more than {_MOST_DIRECTORY_BYTES}: "
                "leave out what tests do not need."
            )
        return super().read(size)


def _entry(info: ZipInfo) -> BundleEntry:
    """Read an entry. Zips made on systems without file modes say 0, which is a plain file."""
    kind = stat.S_IFMT(info.external_attr >> 16)
    plain = kind in {0, stat.S_IFREG} and not info.flag_bits & _ENCRYPTED
    return BundleEntry(path=info.orig_filename, size_bytes=info.file_size, plain=plain)
