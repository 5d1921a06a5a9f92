import hashlib
import os
from pathlib import Path
from zipfile import ZipFile

import pytest

from qgjob.cli.submission import pack as packing
from qgjob.cli.submission.listing import list_files
from qgjob.cli.submission.pack import Bundle, pack
from qgjob.core.errors import ConfigurationError, TooLarge
from tests.cli.projects import make_project, write_files


def pack_all(root: Path, to: Path) -> Bundle:
    return pack(root, list_files(root), to=to)


def test_a_bundle_holds_the_files_of_the_project(tmp_path: Path) -> None:
    root = make_project(tmp_path / "shop")
    bundle = pack_all(root, tmp_path / "bundle.zip")
    with ZipFile(bundle.path) as archive:
        assert archive.namelist() == ["appwright.config.ts", "package.json", "tests/login.spec.ts"]
        assert archive.read("tests/login.spec.ts") == b"test('login', async () => {});\n"
    assert bundle.files == ("appwright.config.ts", "package.json", "tests/login.spec.ts")
    assert bundle.sha256 == hashlib.sha256(bundle.path.read_bytes()).hexdigest()
    assert bundle.size_bytes == bundle.path.stat().st_size


def test_the_same_tree_makes_the_same_bytes_whenever_and_wherever_it_is_packed(tmp_path: Path) -> None:
    first = make_project(tmp_path / "one/shop")
    second = make_project(tmp_path / "another/place")
    (second / "package.json").chmod(0o755)
    os.utime(second / "package.json", (0, 0))
    one = pack_all(first, tmp_path / "one.zip")
    other = pack(second, list(reversed(list_files(second))), to=tmp_path / "other.zip")
    assert one.path.read_bytes() == other.path.read_bytes()


def test_the_bytes_of_a_bundle_are_the_same_on_every_machine(tmp_path: Path) -> None:
    write_files(tmp_path, {"package.json": "{}\n"})
    bundle = pack(tmp_path, ["package.json"], to=tmp_path / "bundle.zip")
    assert bundle.sha256 == "481db96d7b46659afb4277f3387f24b961c035be0094f6a5c9eba4f7569b19b9"


def test_a_link_to_a_file_of_the_project_is_packed_as_that_file(tmp_path: Path) -> None:
    root = make_project(tmp_path / "shop")
    (root / "tests/alias.spec.ts").symlink_to("login.spec.ts")
    bundle = pack_all(root, tmp_path / "bundle.zip")
    with ZipFile(bundle.path) as archive:
        assert archive.read("tests/alias.spec.ts") == b"test('login', async () => {});\n"


@pytest.mark.parametrize("target", ["../outside.txt", "/etc/hostname", "tests", "gone.ts"])
def test_any_other_link_is_refused(tmp_path: Path, target: str) -> None:
    root = make_project(tmp_path / "shop")
    write_files(tmp_path, {"outside.txt": "secret"})
    (root / "link").symlink_to(target)
    with pytest.raises(ConfigurationError, match=f"link is a symbolic link to {target}, which is no file inside"):
        pack_all(root, tmp_path / "bundle.zip")


def test_too_much_is_refused_before_a_byte_is_written_and_the_largest_files_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packing, "MOST_BYTES", 1000)
    root = make_project(tmp_path / "shop", {"videos/long.mp4": "x" * 5_000_000, "videos/short.mp4": "x" * 1_000_000})
    with pytest.raises(TooLarge) as refusal:
        pack_all(root, tmp_path / "bundle.zip")
    assert refusal.value.message == (
        "the project is too large for a bundle: 5 files of 5.7 MiB together, and a bundle holds 20,000 files of "
        "0.0 MiB. The largest: videos/long.mp4 (4.8 MiB), videos/short.mp4 (1.0 MiB), appwright.config.ts (0.0 MiB), "
        "tests/login.spec.ts (0.0 MiB), package.json (0.0 MiB). Have git ignore what the tests do not need"
    )
    assert not (tmp_path / "bundle.zip").exists()


def test_too_many_files_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packing, "MOST_FILES", 2)
    root = make_project(tmp_path / "shop")
    with pytest.raises(TooLarge, match=r"3 files of 0\.0 MiB together, and a bundle holds 2 files"):
        pack_all(root, tmp_path / "bundle.zip")


def test_a_name_that_is_no_utf8_is_refused(tmp_path: Path) -> None:
    name = os.fsdecode(b"tests/\xff.ts")
    root = make_project(tmp_path / "shop", {name: ""})
    with pytest.raises(ConfigurationError, match="is not UTF-8 and fits in no bundle"):
        pack_all(root, tmp_path / "bundle.zip")
