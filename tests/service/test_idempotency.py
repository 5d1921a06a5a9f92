"""Requests that come again: their deed is done once, and their answer stays the same for a day."""

from concurrent.futures import Future
from functools import partial

import pytest

from local_postgres import LocalPostgres
from qgjob.core.errors import Conflict, KeyReused
from qgjob.core.facts import Fact, FactKind
from qgjob.service import ask
from qgjob.service.idempotency import Answered, Keyed, Overtaken, forget, once
from qgjob.store import Store, Transaction
from tests.databases import databases_of
from tests.service.farm import Farm

DAY_S = 24 * 3600


def keyed(key: str = "k1", *, digest: str = "d1", scope: str = "acme") -> Keyed:
    return Keyed(scope=scope, key=key, digest=digest)


class Deed:
    """Records a fact, and answers how often it was done."""

    def __init__(self, *, refusal: Exception | None = None) -> None:
        self.refusal = refusal
        self.times = 0

    def __call__(self, tx: Transaction) -> str:
        self.times += 1
        tx.record(Fact(kind=FactKind.RUN_SUBMITTED, data={}))
        if self.refusal is not None:
            raise self.refusal
        return f"done {self.times}"


def facts(farm: Farm) -> int:
    return len(farm.read(partial(ask.facts, after=0, limit=500)))


def test_a_request_that_comes_again_is_answered_as_before_and_changes_nothing(farm: Farm) -> None:
    deed = Deed()
    first = farm.write(lambda tx: once(tx, keyed(), deed))
    second = farm.write(lambda tx: once(tx, keyed(), deed))

    assert first == Answered(answer="done 1", again=False)
    assert second == Answered(answer="done 1", again=True)
    assert facts(farm) == 1


def test_a_key_of_another_request_is_refused_and_nothing_is_done(farm: Farm) -> None:
    farm.write(lambda tx: once(tx, keyed(), Deed()))
    with pytest.raises(KeyReused, match="'k1' was used for another request: nothing was done"):
        farm.write(lambda tx: once(tx, keyed(digest="d2"), Deed()))

    assert facts(farm) == 1


def test_keys_of_different_scopes_never_meet(farm: Farm) -> None:
    deed = Deed()
    farm.write(lambda tx: once(tx, keyed(), deed))
    other = farm.write(lambda tx: once(tx, keyed(scope="other", digest="d2"), deed))

    assert other == Answered(answer="done 2", again=False)


def test_a_refused_deed_leaves_neither_an_answer_nor_anything_else(farm: Farm) -> None:
    with pytest.raises(Conflict, match="not now"):
        farm.write(lambda tx: once(tx, keyed(), Deed(refusal=Conflict("not now"))))
    assert facts(farm) == 0

    assert farm.write(lambda tx: once(tx, keyed(digest="d2"), Deed())) == Answered(answer="done 1", again=False)


def test_a_deed_without_an_answer_is_not_remembered(farm: Farm) -> None:
    assert farm.write(lambda tx: once(tx, keyed(), lambda _: None)) is None
    assert farm.write(lambda tx: once(tx, keyed(), Deed())) == Answered(answer="done 1", again=False)


def test_two_of_a_kind_in_one_commit_are_one_deed(farm: Farm) -> None:
    deed = Deed()
    together = [farm.store.write(lambda tx: once(tx, keyed(), deed)) for _ in range(20)]
    answers = [future.result(timeout=20) for future in together]

    assert {answered.answer for answered in answers if answered} == {"done 1"}
    assert [answered.again for answered in answers if answered].count(False) == 1
    assert facts(farm) == 1


def test_an_answer_is_kept_for_a_day(farm: Farm) -> None:
    deed = Deed()
    farm.write(lambda tx: once(tx, keyed(), deed))
    farm.clock.advance(DAY_S)
    farm.write(forget)
    assert farm.write(lambda tx: once(tx, keyed(), deed)) == Answered(answer="done 1", again=True)

    farm.clock.advance(1)
    farm.write(forget)
    assert farm.write(lambda tx: once(tx, keyed(), deed)) == Answered(answer="done 2", again=False)


def test_answers_are_forgotten_in_parts(farm: Farm) -> None:
    def many(tx: Transaction) -> None:
        for number in range(501):
            once(tx, keyed(f"k{number}"), lambda _: "done")

    farm.write(many)
    farm.clock.advance(DAY_S + 1)
    farm.write(lambda tx: once(tx, keyed("new"), lambda _: "done"))

    assert [farm.write(forget) for _ in range(3)] == [True, False, False]
    assert farm.write(lambda tx: once(tx, keyed("new"), lambda _: "again")) == Answered(answer="done", again=True)


@pytest.mark.exam
def test_equal_requests_that_meet_on_two_replicas_are_one_deed(postgres: LocalPostgres) -> None:
    def ask_once_more(replica: Store, key: str, future: Future[Answered | None]) -> Answered | None:
        try:
            return future.result(timeout=60)
        except Overtaken:
            return replica.write(partial(once, request=keyed(key), deed=Deed())).result(timeout=60)

    keys = [f"k{number}" for number in range(200)]
    with databases_of(postgres)() as url:
        replicas = [Store.open(url), Store.open(url)]
        asked = [
            (each, key, each.write(partial(once, request=keyed(key), deed=Deed()))) for key in keys for each in replicas
        ]
        answers = [ask_once_more(*each) for each in asked]
        recorded = replicas[0].read(partial(ask.facts, after=0, limit=500)).result(timeout=20)
        for replica in replicas:
            replica.close()

    assert [answered.again for answered in answers if answered].count(False) == 200
    assert len(answers) == 400
    assert len(recorded) == 200
