"""A database in memory: the same verbs, at once and on this thread."""

from datetime import UTC, datetime

import pytest

from qgjob.core.errors import NotFound
from qgjob.core.words import JobId, OrgId
from qgjob.service import find, orgs
from qgjob.store import Transaction
from qgjob.store.memory import MemoryStore


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore(clock=lambda: datetime(2000, 1, 1, tzinfo=UTC))


def test_a_verb_is_answered_when_it_is_committed(store: MemoryStore) -> None:
    store.write(lambda tx: orgs.set_weight(tx, org_id=OrgId("acme"), weight=3))

    assert store.write(lambda tx: tx.only("weight_of_org", org_id="acme"))["weight"] == 3
    assert store.write(lambda tx: tx.now) == datetime(2000, 1, 1, tzinfo=UTC)


def test_a_verb_that_refuses_raises_and_leaves_nothing(store: MemoryStore) -> None:
    def half_done(tx: Transaction) -> None:
        orgs.set_weight(tx, org_id=OrgId("acme"), weight=3)
        find.job(tx, JobId("none"))

    with pytest.raises(NotFound):
        store.write(half_done)
    assert store.write(lambda tx: tx.row("weight_of_org", org_id="acme")) is None


def test_two_of_them_know_nothing_of_each_other(store: MemoryStore) -> None:
    other = MemoryStore(clock=lambda: datetime(2000, 1, 1, tzinfo=UTC))
    store.write(lambda tx: orgs.set_weight(tx, org_id=OrgId("acme"), weight=3))

    assert other.write(lambda tx: tx.row("weight_of_org", org_id="acme")) is None
    other.close()
