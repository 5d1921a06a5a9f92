"""The exam of both databases: the store from outside, its verbs, questions and commits."""

from collections.abc import Sequence
from concurrent.futures import CancelledError, Future, wait
from datetime import timedelta
from functools import partial
from pathlib import Path
from threading import Event, Thread

import pytest

from qgjob.core.errors import Unavailable
from qgjob.store import FACTS, WORK, Store, Transaction, Turn
from qgjob.store.writer import MOST_QUEUED
from tests.store.clocks import NOON, HandClock
from tests.store.verbs import note, note_and_fail, notes

SOON_S = 20


def test_a_verb_is_answered_after_its_commit(store: Store) -> None:
    assert store.write(partial(note, text="a")).result(SOON_S) == "a"
    assert store.read(notes).result(SOON_S) == ["a"]


def test_a_verb_that_fails_is_undone_alone(store: Store) -> None:
    hold, futures = Event(), list[Future[str]]()
    store.write(lambda _: hold.wait(SOON_S))
    for number in range(10):
        verb = note_and_fail if number % 3 == 0 else note
        futures.append(store.write(partial(verb, text=str(number))))
    hold.set()
    wait(futures, SOON_S)

    assert [isinstance(future.exception(), LookupError) for future in futures] == [n % 3 == 0 for n in range(10)]
    assert store.read(notes).result(SOON_S) == ["1", "2", "4", "5", "7", "8"]


def test_sixty_four_threads_write_at_once_and_one_failing_verb_harms_none(store: Store) -> None:
    failures: list[BaseException | None] = []

    def keep_writing(number: int) -> None:
        for turn in range(10):
            verb = note_and_fail if number == 7 else note
            failure = store.write(partial(verb, text=f"{number}/{turn}")).exception(SOON_S)
            if number == 7:
                failures.append(failure)

    threads = [Thread(target=keep_writing, args=(number,)) for number in range(64)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(SOON_S)

    expected = {f"{number}/{turn}" for number in range(64) if number != 7 for turn in range(10)}
    written = store.read(notes).result(SOON_S)
    assert set(written) == expected
    assert len(written) == 630
    assert [type(failure) for failure in failures] == [LookupError] * 10


def test_facts_are_written_with_the_commit_however_often_a_verb_settles_before(store: Store) -> None:
    def settle(tx: Transaction) -> list[str]:
        note(tx, "a")
        tx.settle()
        return notes(tx)

    assert store.write(settle).result(SOON_S) == []
    assert store.read(notes).result(SOON_S) == ["a"]


def test_what_a_verb_noted_is_undone_with_it_although_it_settled_before_it_failed(store: Store) -> None:
    def settle_and_fail(tx: Transaction) -> None:
        note(tx, "undone")
        tx.add("add_to_totals", {"org_id": "acme"}, groups=1)
        tx.settle()
        raise LookupError

    hold = Event()
    store.write(lambda _: hold.wait(SOON_S))
    failed, kept = store.write(settle_and_fail), store.write(partial(note, text="kept"))
    hold.set()

    assert isinstance(failed.exception(SOON_S), LookupError)
    assert kept.result(SOON_S) == "kept"
    assert store.read(notes).result(SOON_S) == ["kept"]


@pytest.mark.parametrize("wrong", ["refused by the database", "a row is missing"])
def test_what_goes_wrong_with_what_a_verb_sent_is_told_to_that_verb_alone(store: Store, wrong: str) -> None:
    def send(tx: Transaction) -> None:
        note(tx, "undone")
        if wrong == "a row is missing":
            tx.expect(1, "end_lease", "there is no such lease", token=77, because="it is made up", now=tx.now)
        else:
            tx.send("list_ended", org_id="acme", status="failed", job_number=None)

    hold = Event()
    store.write(lambda _: hold.wait(SOON_S))
    before, sent, after = (
        store.write(partial(note, text="before")),
        store.write(send),
        store.write(lambda tx: (note(tx, "after"), notes(tx))),
    )
    hold.set()

    assert sent.exception(SOON_S) is not None
    assert before.result(SOON_S) == "before"
    assert after.result(SOON_S) == ("after", ["before"])
    assert store.read(notes).result(SOON_S) == ["before", "after"]


def test_of_several_bookings_for_one_row_the_last_counts(store: Store) -> None:
    def learn(tx: Transaction, took_us: int) -> None:
        key = {"org_id": "acme", "test_path": "tests/a.spec.js", "target": "emulator", "platform": "android"}
        tx.book("keep_test_estimate", "a", **key, suite="tests", took_us=took_us, samples=1)

    def known(tx: Transaction) -> list[int]:
        rows = tx.rows("test_estimates", org_id="acme", target="emulator", test_paths=["tests/a.spec.js"])
        return [row["took_us"] for row in rows]

    def learn_twice(tx: Transaction) -> list[int]:
        learn(tx, 1)
        learn(tx, 2)
        tx.settle()
        learn(tx, 3)
        return known(tx)

    assert store.write(learn_twice).result(SOON_S) == [2]
    assert store.read(known).result(SOON_S) == [3]


def test_what_a_verb_put_off_with_a_deed_that_fails_is_undone_with_it(store: Store) -> None:
    def fail(_turn: Turn, _items: Sequence[str]) -> None:
        raise LookupError

    def put_off(tx: Transaction) -> None:
        note(tx, "undone")
        tx.add("add_to_totals", {"org_id": "acme"}, groups=1)
        tx.defer(fail, "something")

    hold = Event()
    store.write(lambda _: hold.wait(SOON_S))
    failed, kept = store.write(put_off), store.write(partial(note, text="kept"))
    hold.set()

    assert isinstance(failed.exception(SOON_S), LookupError)
    assert kept.result(SOON_S) == "kept"
    assert store.read(notes).result(SOON_S) == ["kept"]
    assert store.read(lambda tx: tx.rows("orgs_with_ledger", after="", limit=10)).result(SOON_S) == []


def test_what_piles_up_during_a_commit_shares_the_next_one(store: Store) -> None:
    begun, hold, commits = Event(), Event(), list[frozenset[str]]()

    def block(_: Transaction) -> None:
        begun.set()
        hold.wait(SOON_S)

    store.on_commit(commits.append)
    store.write(block)
    begun.wait(SOON_S)
    futures = [store.write(partial(note, text=str(number))) for number in range(100)]
    hold.set()
    wait(futures, SOON_S)
    store.close()

    assert len(commits) == 1


def test_topics_of_a_commit_are_told_together_and_only_of_verbs_that_succeeded(store: Store) -> None:
    told = list[frozenset[str]]()
    store.on_commit(told.append)

    def touch_work_and_fail(tx: Transaction) -> None:
        tx.touch(WORK)
        raise LookupError

    store.write(touch_work_and_fail).exception(SOON_S)
    store.write(lambda tx: tx.touch(WORK)).result(SOON_S)
    store.write(partial(note, text="a")).result(SOON_S)
    store.close()

    assert told == [frozenset({WORK}), frozenset({FACTS})]


def test_a_callback_that_raises_does_not_stop_the_writer(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    def refuse(_: frozenset[str]) -> None:
        raise LookupError

    store.on_commit(refuse)
    store.write(partial(note, text="a")).result(SOON_S)
    store.write(partial(note, text="b")).result(SOON_S)
    store.close()

    assert "A callback for commits raised" in caplog.text


def test_a_transaction_has_one_time_and_time_never_goes_backwards(store: Store, clock: HandClock) -> None:
    def two_looks(tx: Transaction) -> bool:
        first = tx.now
        clock.advance(5)
        return tx.now == first

    assert store.write(two_looks).result(SOON_S)
    assert store.write(lambda tx: tx.now).result(SOON_S) == NOON + timedelta(seconds=5)
    clock.advance(-3600)
    assert store.write(lambda tx: tx.now).result(SOON_S) == NOON + timedelta(seconds=5)


def test_beyond_its_bound_the_queue_says_that_it_is_busy(store: Store) -> None:
    hold, begun = Event(), Event()

    def block(_: Transaction) -> None:
        begun.set()
        hold.wait(SOON_S)

    store.write(block)
    begun.wait(SOON_S)
    futures = [store.write(partial(note, text="x")) for _ in range(MOST_QUEUED + 1)]
    hold.set()

    assert isinstance(futures[-1].exception(SOON_S), Unavailable)
    assert futures[-2].result(SOON_S) == "x"


def test_a_verb_that_nobody_waits_for_any_more_is_not_run(store: Store) -> None:
    hold = Event()
    store.write(lambda _: hold.wait(SOON_S))
    unwanted = store.write(partial(note, text="unwanted"))
    assert unwanted.cancel()
    hold.set()

    store.write(partial(note, text="wanted")).result(SOON_S)
    with pytest.raises(CancelledError):
        unwanted.result(SOON_S)
    assert store.read(notes).result(SOON_S) == ["wanted"]


def test_a_question_cannot_write(store: Store) -> None:
    with pytest.raises(Unavailable, match=r"read-?only"):
        store.read(partial(note, text="a")).result(SOON_S)


def test_a_question_sees_one_moment(store: Store) -> None:
    looked, go_on = Event(), Event()

    def two_looks(tx: Transaction) -> tuple[list[str], list[str]]:
        first = notes(tx)
        looked.set()
        go_on.wait(SOON_S)
        return first, notes(tx)

    answer = store.read(two_looks)
    looked.wait(SOON_S)
    store.write(partial(note, text="meanwhile")).result(SOON_S)
    go_on.set()

    assert answer.result(SOON_S) == ([], [])


def test_a_question_of_ours_that_is_wrong_is_not_called_an_outage(store: Store) -> None:
    with pytest.raises(KeyError):
        store.read(lambda tx: tx.rows("no such statement")).result(SOON_S)
    store.write(partial(note, text="a")).result(SOON_S)
    store.write(partial(note, text="b")).result(SOON_S)
    with pytest.raises(ValueError, match="2 rows where one was meant"):
        store.read(lambda tx: tx.row("facts_after", org_id=None, after=0, limit=9)).result(SOON_S)
    with pytest.raises(ValueError, match="nothing where one row was meant"):
        store.read(lambda tx: tx.only("job_by_id", job_id="none")).result(SOON_S)


def test_closing_finishes_what_is_queued(database: Path | str, clock: HandClock) -> None:
    store = Store.open(database, clock=clock)
    futures = [store.write(partial(note, text=str(number))) for number in range(50)]
    store.close()

    assert [future.result(0) for future in futures] == [str(number) for number in range(50)]


def test_a_closed_store_is_unavailable(store: Store) -> None:
    store.close()
    store.close()

    assert isinstance(store.write(partial(note, text="a")).exception(SOON_S), Unavailable)
    assert isinstance(store.read(notes).exception(SOON_S), Unavailable)


def test_what_was_answered_is_there_after_the_store_was_opened_again(database: Path | str) -> None:
    store = Store.open(database)
    store.write(partial(note, text="a")).result(SOON_S)
    store.close()
    again = Store.open(database)

    assert again.read(notes).result(SOON_S) == ["a"]
    again.close()


def test_a_verb_that_fails_after_many_that_touched_nothing_spoils_none_of_the_next(store: Store) -> None:
    for _ in range(10):
        store.write(lambda tx: tx.rows("facts_after", org_id=None, after=0, limit=1)).result(SOON_S)
    with pytest.raises(LookupError):
        store.write(partial(note_and_fail, text="failed")).result(SOON_S)
    store.write(partial(note, text="after")).result(SOON_S)
    assert store.read(notes).result(SOON_S) == ["after"]
