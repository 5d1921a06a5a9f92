"""Named SQL: every statement has a name and a sentence, fits the schema, and is used."""

import re
import sqlite3
from pathlib import Path

import psycopg
import pytest

import qgjob.service
import qgjob.store
from qgjob.store import Store, postgres_statements, sqlite_connection
from qgjob.store.postgres_statements import PostgresStatements
from qgjob.store.statements import parameters_of, parse, shipped

SOURCES = [Path(str(package.__file__)).parent for package in (qgjob.store, qgjob.service)]


def test_statements_are_read_with_their_names_in_order() -> None:
    text = "-- name: one\n-- Says one.\nSELECT 1;\n\n-- name: two\n-- Says two.\nSELECT\n  2;\n"

    assert list(parse(text, source="x.sql").items()) == [("one", "SELECT 1"), ("two", "SELECT\n  2")]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("SELECT 1;", "without a name"),
        ("-- name: one\nSELECT 1;", "one has no sentence"),
        ("-- name: one\n-- Says one.\nSELECT 1;\n-- name: one\n-- Again.\nSELECT 1;", "one comes twice"),
        ("-- name: one\n-- Says one.\nSELECT 1", "semicolon"),
        ("-- name: one\n-- Says one.\nSELECT 1; SELECT 2;", "semicolon"),
    ],
)
def test_a_statement_that_breaks_the_form_is_refused(text: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        parse(text, source="x.sql")


@pytest.mark.parametrize("name", sorted(shipped()))
def test_every_statement_fits_the_schema(name: str, migrated: Path) -> None:
    sql = sqlite_connection.spoken(shipped()[name])
    with sqlite3.connect(migrated) as raw:
        raw.execute(f"EXPLAIN {sql}", [None] * len(parameters_of(shipped()[name])))
    raw.close()


@pytest.mark.exam
def test_every_postgresql_understands_every_statement(every_postgres_url: str) -> None:
    Store.open(every_postgres_url).close()
    with psycopg.connect(every_postgres_url, autocommit=True) as raw:
        for name, sql in shipped().items():
            raw.execute(f"PREPARE {name} AS ".encode() + postgres_statements.spoken(sql))


@pytest.mark.exam
def test_every_postgresql_understands_for_many_rows_what_is_written_so(every_postgres_url: str) -> None:
    Store.open(every_postgres_url).close()
    code = "\n".join(path.read_text("utf-8") for source in SOURCES for path in source.rglob("*.py"))
    written = set(re.findall(r'\.(?:put|book|note|add|send_rows)\(\s*"([a-z_0-9]+)"', code)) | {"insert_fact"}
    with psycopg.connect(every_postgres_url, autocommit=True) as raw:
        statements = PostgresStatements(raw)
        put = {name: sql for name in written if (sql := statements.for_many(shipped()[name])) is not None}
        for name, sql in put.items():
            raw.execute(f"PREPARE {name} AS ".encode() + postgres_statements.spoken(sql))

    assert {"move_job", "move_attempt", "add_to_group", "count_jobs", "see_worker", "keep_test_estimate"} <= put.keys()


def test_every_statement_is_used() -> None:
    code = "\n".join(path.read_text("utf-8") for source in SOURCES for path in source.rglob("*.py"))

    assert [name for name in shipped() if f'"{name}"' not in code] == []


@pytest.fixture(scope="module")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("schema") / "qgjob.db"
    Store.open(path).close()
    return path
