"""Statements as libpq sends them: what goes in comes out, and what goes wrong is known by its name."""

from collections.abc import Iterator

import psycopg
import pytest
from psycopg import errors

from qgjob.core.words import Target
from qgjob.store.postgres_statements import PostgresStatements

pytestmark = pytest.mark.exam


@pytest.fixture
def raw(postgres_url: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute("CREATE TEMPORARY TABLE things (number bigint PRIMARY KEY, name text)")
        yield connection


@pytest.fixture
def statements(raw: psycopg.Connection) -> PostgresStatements:
    return PostgresStatements(raw)


@pytest.mark.parametrize(
    "text", ["", "plain", 'with "quotes"', "back\\slash", "comma, {brace}", "NULL", "grün", "a\nb"]
)
def test_texts_come_back_as_they_were_sent_alone_and_in_lists(statements: PostgresStatements, text: str) -> None:
    sql = "SELECT CAST(:one AS text) AS one, many FROM unnest(CAST(:many AS text[])) AS many"

    rows = statements.rows_of(sql, statements.run(sql, {"one": text, "many": [text, "other"]}))

    assert rows == [{"one": text, "many": text}, {"one": text, "many": "other"}]


def test_values_have_the_types_of_their_columns(statements: PostgresStatements) -> None:
    sql = "SELECT CAST(:a AS bigint) AS a, CAST(:b AS float8) AS b, CAST(:c AS text) AS c, CAST(:d AS text) AS d"

    (row,) = statements.rows_of(sql, statements.run(sql, {"a": 2**62, "b": 0.1, "c": Target.DEVICE, "d": None}))

    assert row == {"a": 2**62, "b": 0.1, "c": "device", "d": None}


def test_many_are_answered_in_their_order(statements: PostgresStatements) -> None:
    sql = "INSERT INTO things (number, name) VALUES (:number, :name) RETURNING number"

    answers = statements.run_together([(sql, {"number": number, "name": "x" * 1000}) for number in range(3000)])

    assert [statements.rows_of(sql, answer)[0]["number"] for answer in answers] == list(range(3000))


def test_one_that_fails_among_many_raises_its_error_and_the_connection_goes_on(statements: PostgresStatements) -> None:
    sql = "INSERT INTO things (number, name) VALUES (:number, :name)"

    with pytest.raises(errors.UniqueViolation):
        statements.run_together([(sql, {"number": number, "name": ""}) for number in (1, 1, 2)])

    assert statements.run("SELECT number FROM things", {}).ntuples == 0


def test_a_connection_that_was_lost_is_an_operational_error(
    statements: PostgresStatements, raw: psycopg.Connection, postgres_url: str
) -> None:
    statements.run("SELECT :one", {"one": "1"})
    with psycopg.connect(postgres_url, autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s)", [raw.info.backend_pid])

    with pytest.raises(psycopg.OperationalError):
        statements.run_together([("SELECT :one", {"one": "1"})] * 3)
    with pytest.raises(psycopg.OperationalError):
        statements.run("SELECT :one", {"one": "1"})


def test_the_character_nul_is_refused_rather_than_cut_off(statements: PostgresStatements) -> None:
    with pytest.raises(psycopg.DataError):
        statements.run("SELECT CAST(:one AS text)", {"one": "a\0b"})
