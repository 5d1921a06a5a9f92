"""`qgjob db copy`: a lively farm moves from SQLite to a real PostgreSQL, and goes on there."""

import json
import sqlite3
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from functools import partial
from pathlib import Path

import psycopg
import pytest

from qgjob.cli.commands import db_copy
from qgjob.service.check import broken
from qgjob.store import Store
from tests.cli.test_db_commands import db, folder
from tests.cli.users import Answered
from tests.service.farm import Farm, a_request
from tests.store.verbs import note

__all__ = ["folder"]

pytestmark = pytest.mark.exam


def copy(folder: Path, url: str, *options: str) -> Answered:
    return db("copy", "--from", f"sqlite:///{folder / 'qgjob.db'}", "--to", url, *options)


def rows_of(folder: Path, table: str) -> int:
    with closing(sqlite3.connect(folder / "qgjob.db")) as raw:
        return int(raw.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0])


def test_every_table_is_the_same_on_both_sides(folder: Path, postgres_url: str) -> None:
    answered = copy(folder, postgres_url, "-o", "json")
    tables = {each["table"]: each for each in json.loads(answered.stdout)["tables"]}

    assert answered.code == 0, answered.stderr
    assert {"jobs", "attempts", "cases", "leases", "facts", "groups", "workers"} <= tables.keys()
    assert {name: each["rows"] for name, each in tables.items()} == {name: rows_of(folder, name) for name in tables}
    assert all(len(each["digest"]) == 64 for each in tables.values())


def test_the_farm_is_well_where_it_has_moved_to_and_goes_on_counting_there(folder: Path, postgres_url: str) -> None:
    copy(folder, postgres_url)
    tokens, facts = rows_of(folder, "leases"), rows_of(folder, "facts")
    farm = Farm.on(postgres_url)
    farm.stock("v9")
    (worker,) = farm.register("emulator-new", holding=())
    farm.submit(a_request(version="v9"))
    lease = farm.claim_one(worker)
    farm.run_through(lease)

    assert farm.read(broken) == ()
    assert lease.token == tokens + 1
    farm.store.close()
    with psycopg.connect(postgres_url) as raw:
        newest = raw.execute("SELECT MIN(fact_id) FROM facts WHERE fact_id > %s", [facts]).fetchone()
    assert newest == (facts + 1,)


def test_a_database_that_holds_something_is_left_as_it_is(folder: Path, postgres_url: str) -> None:
    assert copy(folder, postgres_url).code == 0
    again = copy(folder, postgres_url)

    assert again.code == 2
    assert "is not empty: a farm is moved into a new database only" in again.stderr


def test_a_file_that_a_server_owns_is_copied_only_when_that_is_meant(folder: Path, postgres_url: str) -> None:
    owner = Farm.on(folder / "qgjob.db")
    refused = copy(folder, postgres_url)
    rehearsed = copy(folder, postgres_url, "--live")
    owner.store.close()

    assert refused.code == 2
    assert "owns the data in" in refused.stderr
    assert rehearsed.code == 0
    assert "UTC is not in the copy" in rehearsed.stderr


def test_nothing_is_kept_of_a_row_that_the_target_cannot_keep(folder: Path, postgres_url: str) -> None:
    with closing(sqlite3.connect(folder / "qgjob.db")) as raw:
        raw.execute("UPDATE jobs SET test_path = 'a' || char(0) || 'b' WHERE number = 1")
        raw.commit()
    answered = copy(folder, postgres_url)

    assert answered.code == 3
    assert "A row of the table jobs cannot be kept in the target" in answered.stderr
    with psycopg.connect(postgres_url) as target:
        assert target.execute("SELECT COUNT(*) FROM runs").fetchone() == (0,)


def test_places_of_the_wrong_kind_are_refused(folder: Path) -> None:
    answered = db("copy", "--from", "postgresql://localhost/a", "--to", f"sqlite:///{folder}/b.db")

    assert answered.code == 2
    assert "copied from SQLite to PostgreSQL" in answered.stderr


def test_a_target_that_does_not_answer_is_said_without_its_password(folder: Path) -> None:
    answered = copy(folder, "postgresql://farm:secret@127.0.0.1:1/farm")

    assert answered.code == 3
    assert "The database farm at 127.0.0.1 does not answer" in answered.stderr
    assert "secret" not in answered.stderr


def test_a_server_that_is_started_too_early_waits_until_all_is_in_its_place(
    folder: Path, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is started in the middle of the copy, and attends to the farm at once."""
    started: list[Future[str]] = []
    with ThreadPoolExecutor() as pool:

        def start_early(*_: object) -> None:
            if not started:
                started.append(pool.submit(write_a_fact, postgres_url))

        monkeypatch.setattr(db_copy, "_tell", start_early)
        answered = copy(folder, postgres_url)
        (early,) = started

        assert answered.code == 0, answered.stderr
        assert early.result(20) == "noted"


def write_a_fact(url: str) -> str:
    store = Store.open(url)
    try:
        return store.write(partial(note, text="noted")).result(20)
    finally:
        store.close()
