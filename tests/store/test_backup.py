"""Copies of a SQLite file that somebody reads and writes meanwhile."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import pytest

from qgjob.core.errors import ConfigurationError, Conflict, Unavailable
from qgjob.store.backup import back_up


class Usage(NamedTuple):
    """What a disk has, as `shutil` says it."""

    total: int
    used: int
    free: int


@pytest.fixture
def raw(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """A database of some pages, in autocommit."""
    with closing(sqlite3.connect(tmp_path / "farm.db", isolation_level=None)) as raw:
        raw.execute("PRAGMA journal_mode = WAL")
        raw.execute("PRAGMA synchronous = OFF")
        raw.execute("CREATE TABLE notes (number INTEGER PRIMARY KEY, text TEXT)")
        raw.executemany("INSERT INTO notes (text) VALUES (?)", [("x" * 1000,)] * 500)
        yield raw


def numbers_in(path: Path) -> list[int]:
    with closing(sqlite3.connect(path)) as raw:
        return [row[0] for row in raw.execute("SELECT number FROM notes ORDER BY number")]


def test_a_copy_has_all_that_was_committed(raw: sqlite3.Connection, tmp_path: Path) -> None:
    back_up(raw, tmp_path / "copy.db")

    assert numbers_in(tmp_path / "copy.db") == [*range(1, 501)]


def test_what_is_written_meanwhile_neither_waits_nor_gets_into_the_copy(
    raw: sqlite3.Connection, tmp_path: Path
) -> None:
    told: list[tuple[int, int]] = []
    with closing(sqlite3.connect(tmp_path / "farm.db", isolation_level=None, timeout=0)) as writer:

        def write(copied: int, of: int) -> None:
            writer.execute("INSERT INTO notes (text) VALUES ('meanwhile')")
            told.append((copied, of))

        back_up(raw, tmp_path / "copy.db", on_progress=write)

    assert told[-1][0] == told[-1][1] > 500_000
    assert numbers_in(tmp_path / "copy.db") == [*range(1, 501)]
    assert len(numbers_in(tmp_path / "farm.db")) == 500 + len(told)


def test_only_its_owner_can_read_a_copy(raw: sqlite3.Connection, tmp_path: Path) -> None:
    back_up(raw, tmp_path / "copy.db")

    assert (tmp_path / "copy.db").stat().st_mode & 0o777 == 0o600


def test_a_file_that_is_there_is_left_as_it_is(raw: sqlite3.Connection, tmp_path: Path) -> None:
    (tmp_path / "copy.db").write_text("precious")
    with pytest.raises(Conflict, match="exists already and was left as it is"):
        back_up(raw, tmp_path / "copy.db")

    assert (tmp_path / "copy.db").read_text() == "precious"


def test_a_folder_that_is_not_there_is_said(raw: sqlite3.Connection, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="There is no folder"):
        back_up(raw, tmp_path / "nowhere" / "copy.db")


def test_a_disk_without_room_is_said_before_anything_is_written(
    raw: sqlite3.Connection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(total=20_000_000, used=19_000_000, free=1_000_000))
    with pytest.raises(Unavailable, match=r"needs 18 MB beside it, and .* has 1 MB free: free some space"):
        back_up(raw, tmp_path / "copy.db")

    assert [path.name for path in tmp_path.glob("copy*")] == []


def test_a_copy_that_breaks_off_leaves_nothing_behind(raw: sqlite3.Connection, tmp_path: Path) -> None:
    def interrupt(_copied: int, _of: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        back_up(raw, tmp_path / "copy.db", on_progress=interrupt)

    assert [path.name for path in tmp_path.glob("copy*")] == []
    back_up(raw, tmp_path / "copy.db")
