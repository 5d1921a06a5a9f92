"""Strangers' bytes: whatever they are, the answer is a BinaryError with a sentence, and nothing else."""

import plistlib
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qgjob.binary.contents import read_contents
from qgjob.core.errors import BinaryError
from tests.binary.archives import INFO, REFERENCED, SHOP_2, shop_manifest, write_zip

pytestmark = pytest.mark.exam

Mutation = tuple[int, bytes]
mutations = st.lists(st.tuples(st.integers(0, 10_000), st.binary(min_size=1, max_size=8)), min_size=1, max_size=6)


def mutated(data: bytes, changes: list[Mutation]) -> bytes:
    changed = bytearray(data)
    for at, new in changes:
        start = at % len(changed)
        changed[start : start + len(new)] = new
    return bytes(changed)


def read_or_refuse(path: Path) -> None:
    """Read a file that may be broken; any error but BinaryError fails the test that called."""
    try:
        facts = read_contents(path)
    except BinaryError as error:
        assert error.message.endswith(".")  # noqa: PT017 (it need not be raised)
    else:
        assert facts.package


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Callable[[bytes], Path]:
    path = tmp_path_factory.mktemp("hostile") / "app"

    def write(data: bytes) -> Path:
        path.write_bytes(data)
        return path

    return write


@given(changes=mutations)
@settings(deadline=None, max_examples=150)
def test_a_mutated_archive_is_read_or_refused(scratch: Callable[[bytes], Path], changes: list[Mutation]) -> None:
    read_or_refuse(scratch(mutated(SHOP_2.read_bytes(), changes)))


@given(changes=mutations)
@settings(deadline=None, max_examples=300)
def test_a_mutated_manifest_is_read_or_refused(scratch: Callable[[bytes], Path], changes: list[Mutation]) -> None:
    read_or_refuse(write_zip(scratch(b""), {"AndroidManifest.xml": mutated(shop_manifest(), changes)}))


@given(changes=mutations)
@settings(deadline=None, max_examples=150)
def test_mutated_resources_are_read_or_refused(scratch: Callable[[bytes], Path], changes: list[Mutation]) -> None:
    with zipfile.ZipFile(REFERENCED) as archive:
        manifest, resources = archive.read("AndroidManifest.xml"), archive.read("resources.arsc")

    members = {"AndroidManifest.xml": manifest, "resources.arsc": mutated(resources, changes)}
    read_or_refuse(write_zip(scratch(b""), members))


@given(changes=mutations, form=st.sampled_from([plistlib.FMT_BINARY, plistlib.FMT_XML]))
@settings(deadline=None, max_examples=300)
def test_a_mutated_plist_is_read_or_refused(
    scratch: Callable[[bytes], Path], changes: list[Mutation], form: plistlib.PlistFormat
) -> None:
    plist = mutated(plistlib.dumps(INFO, fmt=form), changes)
    read_or_refuse(write_zip(scratch(b""), {"Payload/Shop.app/Info.plist": plist}))


@given(data=st.binary(max_size=200))
@settings(deadline=None)
def test_junk_is_refused(scratch: Callable[[bytes], Path], data: bytes) -> None:
    with pytest.raises(BinaryError, match="is no app: it cannot be opened as a zip archive"):
        read_contents(scratch(data))


@pytest.mark.parametrize("kept", [0, 100, 4000, 8000])
def test_a_truncated_apk_is_refused(scratch: Callable[[bytes], Path], kept: int) -> None:
    with pytest.raises(BinaryError, match="is no app: it cannot be opened as a zip archive"):
        read_contents(scratch(SHOP_2.read_bytes()[:kept]))


def test_an_archive_that_holds_no_app_is_refused_by_name(tmp_path: Path) -> None:
    archive = write_zip(tmp_path / "notes.apk", {"notes.txt": b"no app"})

    with pytest.raises(BinaryError, match=r"^notes.apk holds neither an AndroidManifest.xml"):
        read_contents(archive)


def test_a_zip_bomb_is_not_unpacked(tmp_path: Path) -> None:
    bomb = write_zip(tmp_path / "bomb.apk", {"AndroidManifest.xml": bytes(64 * 1024 * 1024)})

    assert bomb.stat().st_size < 100_000
    with pytest.raises(BinaryError, match=r"^AndroidManifest.xml unpacks to more than 4194304 bytes"):
        read_contents(bomb)


def test_an_encrypted_manifest_is_refused(tmp_path: Path) -> None:
    apk = write_zip(tmp_path / "a.apk", {"AndroidManifest.xml": shop_manifest()})
    data = bytearray(apk.read_bytes())
    data[6] |= 1  # the flag in the member's own header
    data[data.index(b"PK\x01\x02") + 8] |= 1  # and in the directory
    apk.write_bytes(data)

    with pytest.raises(BinaryError, match=r"^AndroidManifest.xml cannot be unpacked"):
        read_contents(apk)


def test_a_folder_is_not_an_app(tmp_path: Path) -> None:
    with pytest.raises(BinaryError, match="is not a file"):
        read_contents(tmp_path)
