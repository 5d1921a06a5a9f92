"""Statements for many rows: how they are put, and that every row gets its own values."""

from collections.abc import Iterator

import psycopg
import pytest
from psycopg import errors

from qgjob.core.words import Target
from qgjob.store.dialect import Parameters
from qgjob.store.postgres_many import as_arrays, for_many
from qgjob.store.postgres_statements import PostgresStatements

INSERT = "INSERT INTO things (number, name, weight) VALUES (:number, :name, :weight)"
UPDATE = "UPDATE things SET name = :name, weight = weight + :weight WHERE number = :number"
DELETE = "DELETE FROM things WHERE number = :number AND name = :name"
TYPES = {"number": "bigint", "name": "text", "weight": "double precision"}


def test_an_insertion_draws_its_values_from_arrays() -> None:
    put = for_many("INSERT INTO t (a, b) VALUES (:a, 'x') ON CONFLICT (a) DO NOTHING", ["bigint"])

    assert put == (
        "INSERT INTO t (a, b) SELECT each._a, 'x' "
        "FROM unnest(CAST(:a AS bigint[])) AS each (_a) ON CONFLICT (a) DO NOTHING"
    )


def test_an_update_and_a_deletion_are_joined_with_arrays() -> None:
    assert for_many("UPDATE t\nSET b = b + :b\nWHERE a = :a", ["bigint", "text"]) == (
        "UPDATE t\nSET b = b + each._b\n"
        "FROM unnest(CAST(:b AS bigint[]), CAST(:a AS text[])) AS each (_b, _a)\n"
        "WHERE a = each._a"
    )
    assert for_many("DELETE FROM t WHERE a = :a", ["text"]) == (
        "DELETE FROM t\nUSING unnest(CAST(:a AS text[])) AS each (_a)\nWHERE a = each._a"
    )


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT :a",
        "INSERT INTO t (a) SELECT a FROM u WHERE b = :a",
        "DELETE FROM t WHERE a IN (SELECT a FROM u WHERE b = :a)",
    ],
)
def test_what_cannot_be_put_for_many_is_left(sql: str) -> None:
    assert for_many(sql, ["text"]) is None


@pytest.mark.exam
def test_every_row_gets_its_own_values(statements: PostgresStatements) -> None:
    names = ["plain", 'with "quotes"', "back\\slash", "comma, {brace}", "NULL", "", "a\nb", Target.DEVICE]
    _run(statements, INSERT, [{"number": n, "name": name, "weight": n / 4} for n, name in enumerate(names)])
    _run(statements, UPDATE, [{"number": 0, "name": None, "weight": 1}, {"number": 7, "name": "grün", "weight": 0.5}])
    _run(statements, DELETE, [{"number": 1, "name": 'with "quotes"'}, {"number": 2, "name": "another"}])

    rows = statements.rows_of("SELECT", statements.run("SELECT name, weight FROM things ORDER BY number", {}))

    assert [(row["name"], row["weight"]) for row in rows] == [
        (None, 1.0),
        ("back\\slash", 0.5),
        ("comma, {brace}", 0.75),
        ("NULL", 1.0),
        ("", 1.25),
        ("a\nb", 1.5),
        ("grün", 2.25),
    ]


@pytest.mark.exam
@pytest.mark.parametrize("names", [["a\0b", "c"], ["a\0b", None]])
def test_the_character_nul_is_refused_in_a_row_as_well(statements: PostgresStatements, names: list[str | None]) -> None:
    with pytest.raises(psycopg.DataError):
        _run(statements, INSERT, [{"number": n, "name": name, "weight": 0} for n, name in enumerate(names)])


@pytest.mark.exam
def test_one_row_that_is_refused_refuses_all(statements: PostgresStatements) -> None:
    with pytest.raises(errors.UniqueViolation):
        _run(statements, INSERT, [{"number": 1, "name": "", "weight": 0}] * 2)

    assert statements.run("SELECT number FROM things", {}).ntuples == 0


@pytest.fixture
def statements(postgres_url: str) -> Iterator[PostgresStatements]:
    with psycopg.connect(postgres_url, autocommit=True) as raw:
        raw.execute("CREATE TEMPORARY TABLE things (number bigint PRIMARY KEY, name text, weight double precision)")
        yield PostgresStatements(raw)


def _run(statements: PostgresStatements, sql: str, rows: list[Parameters]) -> None:
    put = statements.for_many(sql)
    assert put is not None
    statements.run(put, as_arrays(sql, rows))
