"""A farm of the test's own, on either database."""

from collections.abc import Iterator

import pytest

from qgjob.service.check import broken
from tests.databases import Databases, databases
from tests.postgres import every_postgres, postgres
from tests.service.farm import Farm

__all__ = ["databases", "every_postgres", "postgres"]


@pytest.fixture
def farm(databases: Databases) -> Iterator[Farm]:
    """Whatever a test does with it: in the end no promise of the database is broken."""
    with databases() as database:
        farm = Farm.on(database)
        try:
            yield farm
            assert farm.read(broken) == ()
        finally:
            farm.store.close()
