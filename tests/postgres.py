"""PostgreSQL for any test that asks: one server of each version a session, an empty database of its own each test.

The servers do without fsync: a test may kill one, and what was written stays with the operating system.
"""

from collections.abc import Iterator

import pytest

from local_postgres import Installation, LocalPostgres, a_postgres, installations, pick


@pytest.fixture(scope="session")
def postgres() -> Iterator[LocalPostgres]:
    """The server that this machine has first. A test must leave it running."""
    with a_postgres(pick(), fsync=False) as server:
        yield server


@pytest.fixture
def postgres_url(postgres: LocalPostgres) -> Iterator[str]:
    """An empty database."""
    url = postgres.create_database()
    yield url
    postgres.drop_database(url)


@pytest.fixture(scope="session", params=installations(), ids=lambda installation: f"postgres{installation.major}")
def every_postgres(request: pytest.FixtureRequest) -> Iterator[LocalPostgres]:
    """In turn a server of every version that this machine has. A test must leave it running."""
    installation: Installation = request.param
    with a_postgres(installation, fsync=False) as server:
        yield server


@pytest.fixture
def every_postgres_url(every_postgres: LocalPostgres) -> Iterator[str]:
    """An empty database, in turn on every version."""
    url = every_postgres.create_database()
    yield url
    every_postgres.drop_database(url)
