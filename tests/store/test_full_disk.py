"""A disk without room: said so, nothing half-stored, and life goes on when there is room again."""

import resource
from collections.abc import Iterator
from concurrent.futures import wait
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest

from qgjob.core.errors import Unavailable
from qgjob.core.words import Sha256
from qgjob.store import Blobs, Store, Transaction
from tests.store.verbs import note, notes

SOON_S = 20
LARGE = "x" * 200_000


@contextmanager
def files_at_most(size_bytes: int) -> Iterator[None]:
    """Let no file of this process grow beyond a size, as on a disk that is full."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size_bytes, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.fixture
def database(path: Path) -> Path:
    """A file: what a server's disk does to PostgreSQL is not ours to bound."""
    return path


def allow_pages(tx: Transaction, *, extra: int) -> None:
    """Let the database grow by so many pages and no more. A verb, since it needs the writer's own connection."""
    raw = tx._connection._raw  # type: ignore[attr-defined]  # behind the seam of the dialect
    pages = raw.execute("PRAGMA page_count").fetchone()[0]
    raw.execute(f"PRAGMA max_page_count = {pages + extra}")


def test_a_full_disk_is_said_so_and_nothing_is_half_stored(store: Store) -> None:
    store.write(partial(note, text="before")).result(SOON_S)
    store.write(partial(allow_pages, extra=2)).result(SOON_S)
    futures = [store.write(partial(note, text=text)) for text in ("small", LARGE, "also small")]
    wait(futures, SOON_S)
    stored = store.read(notes).result(SOON_S)

    assert isinstance(futures[1].exception(), Unavailable)
    assert "is full, so nothing was stored: free some space" in str(futures[1].exception())
    assert stored == ["before", *(future.result() for future in futures if future.exception() is None)]


def test_when_there_is_room_again_the_same_verb_succeeds(store: Store) -> None:
    store.write(partial(allow_pages, extra=2)).result(SOON_S)
    assert store.write(partial(note, text=LARGE)).exception(SOON_S) is not None
    store.write(partial(allow_pages, extra=1000)).result(SOON_S)

    assert store.write(partial(note, text=LARGE)).result(SOON_S) == LARGE


def test_a_commit_that_the_disk_refuses_fails_every_verb_in_it_and_the_writer_goes_on(store: Store, path: Path) -> None:
    store.write(partial(note, text="before")).result(SOON_S)
    wal = path.with_name(path.name + "-wal")
    with files_at_most(wal.stat().st_size):
        futures = [store.write(partial(note, text=LARGE)) for _ in range(3)]
        wait(futures, SOON_S)

    assert [type(future.exception()) for future in futures] == [Unavailable] * 3
    assert all("nothing was stored" in str(future.exception()) for future in futures)
    assert store.read(notes).result(SOON_S) == ["before"]
    assert store.write(partial(note, text="after")).result(SOON_S) == "after"
    assert store.read(notes).result(SOON_S) == ["before", "after"]


def test_a_disk_too_full_for_a_new_database_is_said_so(path: Path) -> None:
    with files_at_most(20_000), pytest.raises(Unavailable, match="nothing was stored"):
        Store.open(path)

    Store.open(path).close()


def test_an_upload_that_does_not_fit_leaves_nothing(tmp_path: Path) -> None:
    blobs = Blobs(tmp_path / "blobs")
    with files_at_most(100_000), pytest.raises(Unavailable, match="is full"):
        blobs.put([b"x" * 60_000] * 3, most_bytes=1_000_000)

    assert [path for path in (tmp_path / "blobs").rglob("*") if path.is_file()] == []
    assert blobs.put([b"x"], most_bytes=10).size_bytes == 1


def test_a_folder_that_cannot_be_written_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "blobs").write_text("a file in the way")
    with pytest.raises(Unavailable, match="cannot be written to"):
        Blobs(tmp_path / "blobs").put([b"x"], most_bytes=10, expected=Sha256("0" * 64))
