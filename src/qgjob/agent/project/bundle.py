"""Unpacks a bundle: plain files into one new folder, nothing outside it, nothing beyond the bounds of `core.bundle`."""

import shutil
import stat
import zipfile
from pathlib import Path

from qgjob.core.bundle import BundleEntry, check_entries
from qgjob.core.errors import ConfigurationError, InvalidRequest, TooLarge

_BROKEN = (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError)


def unpack_bundle(bundle: Path, folder: Path) -> None:
    """Unpack the zip file `bundle` into the empty `folder`; blocks.

    Raises ConfigurationError when it is no zip or holds what no bundle may, OSError when the disk fails.
    """
    try:
        with zipfile.ZipFile(bundle) as archive:
            members = {info.filename: info for info in archive.infolist() if not info.is_dir()}
            entries = [_entry(info) for info in archive.infolist() if not info.is_dir()]
            paths = check_entries(entries)
            if any(path.startswith("node_modules/") for path in paths):
                raise ConfigurationError(
                    "The bundle holds node_modules: leave it out, agents install from the lockfile."
                )
            for path in paths:
                _unpack(archive, members[path], folder / path)
    except (InvalidRequest, TooLarge) as error:
        raise ConfigurationError(error.message) from error
    except (FileExistsError, NotADirectoryError) as error:
        raise ConfigurationError("The bundle has a file and a folder of the same name: pack it again.") from error
    except _BROKEN as error:
        raise ConfigurationError(f"The bundle cannot be unpacked ({error}): pack it again.") from error


def _entry(info: zipfile.ZipInfo) -> BundleEntry:
    kind = stat.S_IFMT(info.external_attr >> 16)  # where the zip was made on Unix; 0 elsewhere
    encrypted = bool(info.flag_bits & 1)
    plain = kind in {0, stat.S_IFREG} and not encrypted
    return BundleEntry(path=info.filename, size_bytes=info.file_size, plain=plain)


def _unpack(archive: zipfile.ZipFile, info: zipfile.ZipInfo, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    # zipfile returns no more than the size that the directory states, which the bounds were checked against.
    with archive.open(info) as packed, path.open("xb") as file:
        shutil.copyfileobj(packed, file)
