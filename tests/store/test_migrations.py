"""The schema is made and migrated when a store opens."""

import hashlib
import sqlite3
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

import qgjob.store.migrations
from qgjob.core.errors import ConfigurationError
from qgjob.store import Store
from qgjob.store.migrations import revision_of, revisions

STEPS = Path(str(qgjob.store.migrations.__file__)).parent / "sql"
RELEASED = {
    "0001_first_light.sqlite.sql": "4f93d8b0ed6279809f3adcdbbc07fe51be40029e66cd7ba0acbf854bd546af93",
}
"""The migrations that users have run, by the hash of their bytes. A release adds its own; no line ever changes."""


@pytest.mark.parametrize("name", RELEASED)
def test_a_released_migration_never_changes(name: str) -> None:
    assert hashlib.sha256((STEPS / name).read_bytes()).hexdigest() == RELEASED[name], "write another migration instead"


def test_a_new_database_has_the_newest_schema(path: Path) -> None:
    Store.open(path).close()
    with sqlite3.connect(path) as raw:
        assert revision_of(raw) == revisions()[-1]
    raw.close()


def test_revisions_are_numbered_without_a_gap() -> None:
    assert revisions() == [f"{number:04}" for number in range(1, len(revisions()) + 1)]


def test_a_database_of_a_newer_program_is_refused(path: Path) -> None:
    Store.open(path).close()
    with sqlite3.connect(path) as raw:
        raw.execute("UPDATE alembic_version SET version_num = '9999'")
    raw.close()

    with pytest.raises(ConfigurationError, match="made by a newer qgjob"):
        Store.open(path)


def test_a_file_that_is_no_database_is_refused_and_left_alone(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"a letter to my grandmother " * 100)
    with pytest.raises(ConfigurationError, match="is not a SQLite database"):
        Store.open(path)

    assert path.read_bytes().startswith(b"a letter")


def test_the_database_of_another_program_is_refused_and_left_alone(path: Path) -> None:
    path.parent.mkdir()
    with sqlite3.connect(path) as raw:
        raw.execute("CREATE TABLE photos (title TEXT)")
    raw.close()
    with pytest.raises(ConfigurationError, match=r"belongs to another program \(it has a table photos\)"):
        Store.open(path)

    with sqlite3.connect(path) as raw:
        assert raw.execute("SELECT name FROM sqlite_master").fetchall() == [("photos",)]
    raw.close()


def test_a_folder_that_cannot_be_made_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ConfigurationError, match="cannot be used"):
        Store.open(tmp_path / "file" / "qgjob.db")


def test_a_migration_that_breaks_off_leaves_no_half_made_schema(path: Path) -> None:
    path.parent.mkdir()
    with sqlite3.connect(path) as raw:
        raw.execute("CREATE TABLE alembic_version (version_num TEXT)")
        raw.execute("CREATE TABLE totals (in_the_way INTEGER)")
    raw.close()
    with pytest.raises(sqlite3.OperationalError, match="totals already exists"):
        Store.open(path)

    with sqlite3.connect(path) as raw:
        assert raw.execute("SELECT name FROM sqlite_master WHERE name IN ('jobs', 'groups')").fetchall() == []
    raw.close()


def test_a_start_that_has_nothing_to_migrate_does_not_import_alembic(path: Path) -> None:
    Store.open(path).close()
    program = (
        "import sys; from pathlib import Path; from qgjob.store import Store; "
        "Store.open(Path(sys.argv[1])).close(); print('alembic' in sys.modules, 'sqlalchemy' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(path)], capture_output=True, text=True, timeout=30, check=True
    )

    assert done.stdout == "False False\n"


@pytest.mark.exam
def test_of_replicas_that_start_at_once_one_migrates_and_the_others_wait(postgres_url: str) -> None:
    program = (
        "import logging, sys; logging.basicConfig(level=logging.INFO, format='%(message)s'); "
        "from qgjob.store import Store; Store.open(sys.argv[1]).close()"
    )
    replicas = [
        subprocess.Popen([sys.executable, "-c", program, postgres_url], stderr=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    said = [replica.communicate(timeout=60)[1] for replica in replicas]

    assert [replica.returncode for replica in replicas] == [0] * 4, said
    assert sum("Made the schema" in log for log in said) == 1


@pytest.mark.exam
def test_a_database_in_postgresql_of_a_newer_program_or_of_another_is_refused(postgres_url: str) -> None:
    with psycopg.connect(postgres_url, autocommit=True) as raw:
        raw.execute("CREATE TABLE photos (title TEXT)")
        with pytest.raises(ConfigurationError, match=r"belongs to another program \(it has a table photos\)"):
            Store.open(postgres_url)
        raw.execute("DROP TABLE photos")
        Store.open(postgres_url).close()
        raw.execute("UPDATE alembic_version SET version_num = '9999'")
        with pytest.raises(ConfigurationError, match="made by a newer qgjob"):
            Store.open(postgres_url)


@pytest.mark.exam
def test_a_migration_of_postgresql_that_breaks_off_leaves_no_half_made_schema(postgres_url: str) -> None:
    with psycopg.connect(postgres_url, autocommit=True) as raw:
        raw.execute("CREATE TABLE alembic_version (version_num TEXT)")
        raw.execute("CREATE TABLE totals (in_the_way BIGINT)")
        with pytest.raises(psycopg.errors.DuplicateTable, match="totals"):
            Store.open(postgres_url)

        assert raw.execute("SELECT to_regclass('jobs'), to_regclass('groups')").fetchone() == (None, None)
