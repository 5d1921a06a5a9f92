"""The turn on PostgreSQL: whoever has it has it until the end of its transaction, whatever is undone meanwhile."""

from collections.abc import Iterator

import psycopg
import pytest

from qgjob.store.postgres_connection import TURN, WRITE, PostgresConnection

pytestmark = pytest.mark.exam


def test_the_turn_is_taken_again_after_a_verb_that_took_it_was_undone(
    connection: PostgresConnection, postgres_url: str
) -> None:
    connection.execute("SAVEPOINT verb", {})
    connection.take_turn()
    connection.catch_up()
    connection.forget()
    connection.execute("ROLLBACK TO SAVEPOINT verb", {})
    assert is_free(postgres_url)

    connection.take_turn()
    connection.catch_up()

    assert not is_free(postgres_url)


def test_a_turn_that_was_never_waited_for_is_not_had(connection: PostgresConnection, postgres_url: str) -> None:
    connection.take_turn()
    connection.forget()
    connection.take_turn()
    connection.catch_up()

    assert not is_free(postgres_url)


def is_free(url: str) -> bool:
    with psycopg.connect(url) as other:
        row = other.execute("SELECT pg_try_advisory_xact_lock(%s)", [TURN]).fetchone()
    return row == (True,)


@pytest.fixture
def connection(postgres_url: str) -> Iterator[PostgresConnection]:
    connection = PostgresConnection(postgres_url, begin=WRITE, replica="one")
    connection.begin()
    yield connection
    connection.rollback()
    connection.close()
