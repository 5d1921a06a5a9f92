"""`qgjob db` on real databases, with and without a server that works on them meanwhile."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from qgjob.cli.main import cli
from qgjob.store import Store
from tests.cli.users import Answered, User
from tests.service.farm import BUNDLE, Farm
from tests.service.lively import enliven


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The data of a lively farm that nobody serves."""
    folder = tmp_path / "data"
    farm = Farm.on(folder / "qgjob.db")
    enliven(farm)
    farm.store.close()
    return folder


def db(*arguments: str) -> Answered:
    result = CliRunner().invoke(cli, ["db", *arguments], prog_name="qgjob")
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return Answered(code=result.exit_code, stdout=result.stdout, stderr=result.stderr)


def spoil(folder: Path) -> None:
    with closing(sqlite3.connect(folder / "qgjob.db")) as raw:
        raw.execute("UPDATE groups SET waiting = waiting + 1 WHERE org_id = 'globex'")
        raw.commit()


def test_a_farm_that_is_well_is_said_to_be(folder: Path) -> None:
    answered = db("check", "--data-dir", str(folder), "-q")

    assert answered.code == 0, answered.stdout
    assert "A group's sums are what its jobs, places and leases say.  " in answered.stdout
    assert "NO" not in answered.stdout


def test_what_is_broken_is_named_and_the_exit_code_says_so(folder: Path) -> None:
    spoil(folder)
    answered = db("check", "--data-dir", str(folder))

    assert answered.code == 3
    assert "Broken: A group's sums are what its jobs, places and leases say." in answered.stdout
    assert "waiting=2, true_waiting=1" in answered.stdout


def test_a_check_as_json_has_all_that_a_script_needs(folder: Path) -> None:
    spoil(folder)
    answered = db("check", "--data-dir", str(folder), "-o", "json")
    document = json.loads(answered.stdout)
    broken = [finding for finding in document["findings"] if not finding["kept"]]

    assert document["ok"] is False
    assert [finding["name"] for finding in broken] == ["check_group_sums"]
    assert broken[0]["broken_by"][0]["true_waiting"] == 1


def test_files_are_compared_with_their_hashes_where_that_is_asked_for(folder: Path) -> None:
    """This farm's verbs were told of files that nobody has uploaded."""
    (folder / "blobs" / BUNDLE[:2]).mkdir(parents=True)
    (folder / "blobs" / BUNDLE[:2] / BUNDLE).write_text("not what its hash stands for")
    answered = db("check", "--data-dir", str(folder), "--files")

    assert answered.code == 3
    assert f"sha256={BUNDLE}, problem=has other bytes, kind=bundle, named_by=acme" in answered.stdout
    assert f"sha256={'d' * 64}, problem=missing, kind=evidence" in answered.stdout


def test_a_damaged_file_is_found(folder: Path) -> None:
    path = folder / "qgjob.db"
    with closing(sqlite3.connect(path)) as raw:
        page = raw.execute("SELECT rootpage FROM sqlite_master WHERE name = 'jobs_of_org'").fetchone()[0]
        size = raw.execute("PRAGMA page_size").fetchone()[0]
    with path.open("r+b") as file:
        file.seek((page - 1) * size + size // 2)
        file.write(b"\xff" * (size // 2))
    answered = db("check", "--data-dir", str(folder), "-o", "json")

    assert answered.code == 3


def test_a_database_that_is_not_there_is_said(tmp_path: Path) -> None:
    answered = db("check", "--data-dir", str(tmp_path))

    assert answered.code == 2
    assert f"There is no database {tmp_path / 'qgjob.db'}" in answered.stderr
    assert list(tmp_path.iterdir()) == []


def test_the_database_of_another_program_is_said(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "qgjob.db")) as raw:
        raw.execute("CREATE TABLE photos (title TEXT)")
    answered = db("check", "--data-dir", str(tmp_path))

    assert answered.code == 2
    assert "This is no database of qgjob" in answered.stderr


def test_an_address_that_is_none_is_said() -> None:
    answered = db("check", "--database-url", "oracle://x")

    assert answered.code == 2
    assert "'oracle://x' is no database" in answered.stderr


@pytest.mark.exam
def test_a_farm_is_checked_and_copied_while_its_server_works(own_user: User, own_server: str, tmp_path: Path) -> None:
    (own_user.folder / "login.spec.js").touch()
    submitted = own_user.does("submit", "--app-version-id", "v1", "--test", "login.spec.js")
    assert submitted.code == 0, (own_server, submitted.stderr)
    checked = db("check", "--data-dir", str(tmp_path / "server"))
    backed_up = db("backup", "--data-dir", str(tmp_path / "server"), str(tmp_path / "copy.db"))
    read_back = db("check", "--database-url", f"sqlite:///{tmp_path / 'copy.db'}")

    assert (checked.code, backed_up.code, read_back.code) == (0, 0, 0)
    assert backed_up.stdout.startswith(f"Backup: {tmp_path / 'copy.db'} (")
    assert f"copy {tmp_path / 'server' / 'blobs'} as well" in backed_up.stderr
    with closing(sqlite3.connect(tmp_path / "copy.db")) as raw:
        assert raw.execute("SELECT job_id FROM jobs").fetchall() == [(submitted.job_ids()[0],)]


def test_a_backup_never_overwrites(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "copy.db").write_text("precious")
    answered = db("backup", "--data-dir", str(folder), str(tmp_path / "copy.db"))

    assert answered.code == 2
    assert "exists already and was left as it is" in answered.stderr


def test_postgresql_is_backed_up_by_its_own_tool_and_its_line_has_no_password() -> None:
    answered = db(
        "backup", "--database-url", "postgresql://farm:secret@db.example:5433/qgjob?sslmode=require", "x.dump"
    )

    assert answered.code == 2
    assert answered.stderr == (
        "Error: PostgreSQL makes its own backups. Run: pg_dump --format=custom --file=x.dump "
        "'--dbname=postgresql://farm@db.example:5433/qgjob?sslmode=require'\n"
    )


def test_a_new_database_is_made_by_migrating(tmp_path: Path) -> None:
    made = db("migrate", "--data-dir", str(tmp_path / "data"), "-q")
    again = db("migrate", "--data-dir", str(tmp_path / "data"), "-q")

    assert (made.code, again.code) == (0, 0)
    assert "in a new database." in made.stdout
    assert "there was nothing to do." in again.stdout


def test_a_database_whose_server_runs_is_not_migrated(folder: Path) -> None:
    store = Store.open(folder / "qgjob.db")
    answered = db("migrate", "--data-dir", str(folder))
    store.close()

    assert answered.code == 2
    assert "Another qgjob server" in answered.stderr


@pytest.mark.exam
def test_a_database_in_postgresql_is_migrated_and_checked(postgres_url: str) -> None:
    too_early = db("check", "--database-url", postgres_url)
    migrated = db("migrate", "--database-url", postgres_url)
    checked = db("check", "--database-url", postgres_url)

    assert (too_early.code, migrated.code, checked.code) == (2, 0, 0)
    assert "This is no database of qgjob" in too_early.stderr
    assert "run pg_amcheck" in checked.stderr
