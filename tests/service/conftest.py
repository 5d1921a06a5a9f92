"""A farm of the test's own, on either database."""

from collections.abc import Iterator

import pytest

from qgjob.service.check import broken
from tests.databases import Databases
from tests.service.farm import Farm


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
