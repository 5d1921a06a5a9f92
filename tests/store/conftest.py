"""Stores on files of the test's own, and a clock that only the test moves."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from qgjob.store import Store
from tests.store.clocks import HandClock


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "qgjob.db"


@pytest.fixture
def store(path: Path, clock: HandClock) -> Iterator[Store]:
    store = Store.open(path, clock=clock)
    yield store
    store.close()
