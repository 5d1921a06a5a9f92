"""A farm of the test's own, on a copy of one migrated database."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from qgjob.service.check import broken
from qgjob.store import Store
from tests.service.farm import Farm


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "qgjob.db"
    Store.open(path).close()
    return path


@pytest.fixture
def farm(template: Path, tmp_path: Path) -> Iterator[Farm]:
    """Whatever a test does with it: in the end no promise of the database is broken."""
    farm = Farm.on(template, tmp_path / "qgjob.db")
    yield farm
    assert farm.read(broken) == ()
    farm.store.close()
