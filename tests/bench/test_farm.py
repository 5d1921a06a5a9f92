"""The farm that is measured: real verbs on a real SQLite."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.farm import Farm, make_farm, open_store
from bench.store.drain import drain

pytestmark = pytest.mark.exam


@pytest.fixture
def farm(tmp_path: Path) -> Iterator[Farm]:
    store = open_store(f"sqlite:///{tmp_path / 'qgjob.db'}")
    yield make_farm(store, groups=2, workers=3)
    store.close()


def test_a_lease_holds_ten_jobs(farm: Farm) -> None:
    farm.add_jobs(100)

    leased = asyncio.run(drain(farm))

    assert leased == [10] * 10


def test_a_claim_without_work_is_empty(farm: Farm) -> None:
    assert asyncio.run(farm.claim(farm.workers[0])) is None
