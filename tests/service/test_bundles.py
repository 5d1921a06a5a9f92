"""A bundle's zip is read without being unpacked."""

import stat
import struct
from pathlib import Path
from zipfile import ZipFile, ZipInfo

import pytest

from qgjob.core.errors import InvalidRequest, TooLarge
from qgjob.service.bundles import list_bundle


def zipped(folder: Path, *entries: str | ZipInfo) -> Path:
    path = folder / "bundle.zip"
    with ZipFile(path, "w") as bundle:
        for entry in ("package.json", *entries):
            bundle.writestr(entry, b"x")
    return path


def test_the_files_are_listed_and_folders_are_not(tmp_path: Path) -> None:
    path = zipped(tmp_path, "tests/", "tests/b.spec.js", "tests/a.spec.js")

    assert list_bundle(path) == ("package.json", "tests/a.spec.js", "tests/b.spec.js")


@pytest.mark.parametrize("entry", ["../x.js", "/etc/x.js", "tests/../../x.js", "tests\\x.js"])
def test_an_entry_that_could_land_elsewhere_is_refused(tmp_path: Path, entry: str) -> None:
    with pytest.raises(InvalidRequest, match="could land outside"):
        list_bundle(zipped(tmp_path, entry))


def test_a_symbolic_link_is_refused(tmp_path: Path) -> None:
    link = ZipInfo("tests/link.js")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with pytest.raises(InvalidRequest, match="is no plain file"):
        list_bundle(zipped(tmp_path, link))


def test_what_is_no_zip_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bundle.zip"
    path.write_bytes(b"PK\x03\x04 and then nothing of the kind")
    with pytest.raises(InvalidRequest, match="cannot be read as a zip file"):
        list_bundle(path)


def test_a_zip_that_is_nothing_but_a_huge_list_of_entries_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "bundle.zip"
    huge = 200 * 1024 * 1024
    with path.open("wb") as file:
        file.truncate(huge)
        file.seek(huge)
        file.write(struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 1, 1, huge, 0, 0))

    with pytest.raises(TooLarge, match="list of entries alone has 209715200 bytes"):
        list_bundle(path)
