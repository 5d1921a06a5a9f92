"""Stores of the test's own on either database, and a clock that only the test moves."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from qgjob.store import Store
from tests.databases import Databases
from tests.store.clocks import HandClock


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "qgjob.db"


@pytest.fixture
def database(databases: Databases) -> Iterator[Path | str]:
    with databases() as database:
        yield database


@pytest.fixture
def store(database: Path | str, clock: HandClock) -> Iterator[Store]:
    store = Store.open(database, clock=clock)
    yield store
    store.close()
