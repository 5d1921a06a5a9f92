"""One owner per database."""

import subprocess
import sys
from pathlib import Path

import pytest

from qgjob.core.errors import Conflict
from qgjob.store import Store

OPEN_AND_WAIT = """
import sys
from pathlib import Path
from qgjob.store import Store
store = Store.open(Path(sys.argv[1]))
print("open", flush=True)
sys.stdin.read()
store.close()
"""


def test_a_second_owner_is_refused_and_told_who_the_first_is(path: Path) -> None:
    owner = subprocess.Popen(
        [sys.executable, "-c", OPEN_AND_WAIT, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert owner.stdout is not None
    assert owner.stdout.readline() == "open\n"
    with pytest.raises(Conflict, match=rf"Another qgjob server \(process {owner.pid}\) owns the data in"):
        Store.open(path)
    owner.communicate(timeout=20)

    Store.open(path).close()


def test_an_owner_that_was_killed_leaves_the_database_free(path: Path) -> None:
    owner = subprocess.Popen(
        [sys.executable, "-c", OPEN_AND_WAIT, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert owner.stdout is not None
    assert owner.stdout.readline() == "open\n"
    owner.kill()
    owner.communicate(timeout=20)

    Store.open(path).close()


def test_a_store_that_could_not_be_opened_owns_nothing(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"this is no database, whatever its name says" * 100)
    with pytest.raises(Exception, match="is not a SQLite database"):
        Store.open(path)
    path.unlink()

    Store.open(path).close()
