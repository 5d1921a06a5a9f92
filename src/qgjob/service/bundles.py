"""Look into a bundle's zip without unpacking it: only plain files, inside the folder, within bounds."""

import stat
from pathlib import Path
from zipfile import BadZipFile, ZipFile, ZipInfo

from qgjob.core.bundle import BundleEntry, check_entries
from qgjob.core.errors import InvalidRequest

_ENCRYPTED = 0x1


def list_bundle(path: Path) -> tuple[str, ...]:
    """List the paths of the files in a bundle's zip, sorted.

    Raises InvalidRequest naming the entry: no zip, an absolute path, `..`, a backslash, a symbolic link, an encrypted
    or repeated entry; TooLarge beyond the bounds of `core.bundle` on files and unpacked bytes.
    """
    try:
        with ZipFile(path) as bundle:
            entries = [_entry(info) for info in bundle.infolist() if not info.is_dir()]
    except (BadZipFile, ValueError, NotImplementedError, UnicodeDecodeError) as error:
        raise InvalidRequest(f"The bundle cannot be read as a zip file ({error}): pack it again.") from error
    return check_entries(entries)


def _entry(info: ZipInfo) -> BundleEntry:
    """Read an entry. Zips made on systems without file modes say 0, which is a plain file."""
    kind = stat.S_IFMT(info.external_attr >> 16)
    plain = kind in {0, stat.S_IFREG} and not info.flag_bits & _ENCRYPTED
    return BundleEntry(path=info.orig_filename, size_bytes=info.file_size, plain=plain)
