"""Files by the hash of their bytes."""

import os
import time
from hashlib import sha256
from pathlib import Path

import pytest

from qgjob import store
from qgjob.core.errors import Conflict, InvalidRequest, NotFound, TooLarge
from qgjob.core.words import Sha256
from qgjob.store import Blobs

HELLO = Sha256(sha256(b"hello").hexdigest())


@pytest.fixture
def blobs(tmp_path: Path) -> Blobs:
    return Blobs(tmp_path / "blobs")


def files(tmp_path: Path) -> list[Path]:
    return [path for path in tmp_path.rglob("*") if path.is_file()]


def test_bytes_are_found_by_their_hash(blobs: Blobs) -> None:
    blob = blobs.put([b"hel", b"lo"], most_bytes=5)

    assert (blob.sha256, blob.size_bytes) == (HELLO, 5)
    assert blobs.has(HELLO)
    assert blobs.path(HELLO).read_bytes() == b"hello"


def test_the_same_bytes_are_stored_once(blobs: Blobs, tmp_path: Path) -> None:
    blobs.put([b"hello"], most_bytes=5)
    blobs.put([b"hello"], most_bytes=5)

    assert len(files(tmp_path)) == 1


def test_bytes_with_another_hash_than_expected_are_refused(blobs: Blobs, tmp_path: Path) -> None:
    with pytest.raises(InvalidRequest, match="send them again"):
        blobs.put([b"hello!"], most_bytes=10, expected=HELLO)

    assert files(tmp_path) == []


def test_more_bytes_than_the_bound_are_refused(blobs: Blobs, tmp_path: Path) -> None:
    with pytest.raises(TooLarge):
        blobs.put([b"hello", b"!"], most_bytes=5)

    assert files(tmp_path) == []


def test_a_file_is_removed_and_removing_it_again_changes_nothing(blobs: Blobs, tmp_path: Path) -> None:
    blobs.put([b"hello"], most_bytes=5)

    assert blobs.remove(HELLO, untouched_s=0)
    assert blobs.remove(HELLO, untouched_s=0)
    assert not blobs.has(HELLO)
    assert files(tmp_path) == []


def test_a_fresh_file_is_not_removed(blobs: Blobs) -> None:
    blobs.put([b"hello"], most_bytes=5)

    assert not blobs.remove(HELLO, untouched_s=60)
    assert blobs.has(HELLO)


def test_a_file_that_is_stored_afresh_while_it_is_removed_is_put_back(
    blobs: Blobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    blobs.put([b"hello"], most_bytes=5)
    ages = iter([120.0, 0.0])
    monkeypatch.setattr(store.blobs, "_age_s", lambda _: next(ages))

    assert not blobs.remove(HELLO, untouched_s=60)
    assert blobs.path(HELLO).read_bytes() == b"hello"


def test_a_file_is_read_to_say_what_is_wrong_with_it(blobs: Blobs) -> None:
    missing = blobs.problem(HELLO)
    blobs.put([b"hello"], most_bytes=5)
    right = blobs.problem(HELLO)
    blobs.path(HELLO).write_bytes(b"hullo")

    assert (missing, right, blobs.problem(HELLO)) == ("missing", None, "has other bytes")


def test_an_upload_that_was_not_committed_leaves_nothing(blobs: Blobs, tmp_path: Path) -> None:
    with blobs.writer(most_bytes=5) as writer:
        writer.write(b"hello")
        assert writer.path.read_bytes() == b"hello"

    assert files(tmp_path) == []


def test_an_owner_clears_away_what_a_killed_one_left_unfinished(blobs: Blobs, tmp_path: Path) -> None:
    blobs.put([b"hello"], most_bytes=5)
    unfinished = tmp_path / "blobs" / "incoming" / "tmp1234"
    unfinished.write_bytes(b"hel")

    blobs.own()

    assert not unfinished.exists()
    assert blobs.has(HELLO)
    blobs.disown()


def test_a_folder_has_one_owner_at_a_time(blobs: Blobs, tmp_path: Path) -> None:
    blobs.own()
    with pytest.raises(Conflict, match="owns the data in"):
        Blobs(tmp_path / "blobs").own()
    blobs.disown()

    second = Blobs(tmp_path / "blobs")
    second.own()
    second.disown()


def test_a_folder_is_shared_by_many_or_owned_by_one(blobs: Blobs, tmp_path: Path) -> None:
    second, third = Blobs(tmp_path / "blobs"), Blobs(tmp_path / "blobs")
    blobs.share()
    second.share()
    with pytest.raises(Conflict):
        third.own()
    blobs.disown()
    second.disown()

    third.own()
    with pytest.raises(Conflict, match="owns the data in"):
        blobs.share()
    third.disown()


def test_who_shares_a_folder_clears_away_only_what_nobody_can_be_at_any_more(blobs: Blobs, tmp_path: Path) -> None:
    with blobs.writer(most_bytes=10) as under_way:
        under_way.write(b"hel")
        given_up = tmp_path / "blobs" / "incoming" / "tmp1234"
        given_up.write_bytes(b"hel")
        two_hours_ago = time.time() - 2 * 3600
        os.utime(given_up, (two_hours_ago, two_hours_ago))
        Blobs(tmp_path / "blobs").share()
        under_way.write(b"lo")

        assert not given_up.exists()
        assert under_way.commit(HELLO).size_bytes == 5


@pytest.mark.parametrize("name", ["", "0" * 64, "../../etc/passwd", "a/" * 32])
def test_what_is_not_there_is_not_found(blobs: Blobs, name: str) -> None:
    assert not blobs.has(Sha256(name))
    with pytest.raises(NotFound):
        blobs.path(Sha256(name))
