"""Several stores on one PostgreSQL database, and what becomes of their writes when it goes away."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import closing
from functools import partial
from queue import Queue
from threading import Event, Thread
from time import monotonic

import psycopg
import pytest

from local_postgres import HowToStop, LocalPostgres, a_postgres, a_standby, pick
from qgjob.core.errors import Unavailable
from qgjob.store import FACTS, Store, Transaction
from tests.databases import databases_of
from tests.store.verbs import note, notes

pytestmark = pytest.mark.exam

SOON_S = 30
WRITES = 200


@pytest.fixture(scope="module")
def server() -> Iterator[LocalPostgres]:
    """A server that these tests may stop, durable as in earnest."""
    with a_postgres(pick(), fsync=True) as server:
        yield server


@pytest.fixture
def url(server: LocalPostgres) -> Iterator[str]:
    with databases_of(server)() as url:
        yield str(url)


@pytest.fixture
def replicas(url: str) -> Iterator[tuple[Store, Store]]:
    one, other = Store.open(url), Store.open(url)
    yield one, other
    one.close()
    other.close()


def everything(store: Store) -> list[str]:
    return store.read(notes).result(SOON_S)


def test_what_one_replica_commits_wakes_the_others(replicas: tuple[Store, Store]) -> None:
    one, other = replicas
    heard = Queue[frozenset[str]]()
    other.on_commit(heard.put)
    one.write(partial(note, text="a")).result(SOON_S)

    assert heard.get(timeout=SOON_S) == frozenset({FACTS})


def test_a_replica_hears_its_own_commits_once(replicas: tuple[Store, Store]) -> None:
    one, _ = replicas
    heard = Queue[frozenset[str]]()
    one.on_commit(heard.put)
    one.write(partial(note, text="a")).result(SOON_S)
    one.write(partial(note, text="b")).result(SOON_S)

    assert [heard.get(timeout=SOON_S) for _ in range(2)] == [frozenset({FACTS})] * 2
    one.close()
    assert heard.empty()


def test_whoever_follows_the_facts_misses_none_however_many_replicas_write(replicas: tuple[Store, Store]) -> None:
    followed = list[str]()
    done = Event()

    def follow() -> None:
        after = 0
        while not done.is_set() or len(followed) < WRITES:
            rows = replicas[0].read(partial(facts_after, after=after)).result(SOON_S)
            followed.extend(text for _, text in rows)
            after = rows[-1][0] if rows else after

    follower = Thread(target=follow)
    follower.start()
    futures = [
        (replica.write if number % 3 else replica.decide)(partial(note, text=str(number)))
        for number in range(WRITES)
        for replica in [replicas[number % 2]]
    ]
    wait(futures, SOON_S)
    done.set()
    follower.join(SOON_S)

    assert sorted(followed, key=int) == [str(number) for number in range(WRITES)]


def facts_after(tx: Transaction, *, after: int) -> list[tuple[int, str]]:
    rows = tx.rows("facts_after", org_id=None, after=after, limit=7)
    return [(row["fact_id"], row["data"].removeprefix('{"name":"').removesuffix('"}')) for row in rows]


@pytest.mark.parametrize("how", [HowToStop.FAST, HowToStop.IMMEDIATE], ids=lambda how: how.name.lower())
def test_while_the_server_restarts_writes_wait_and_none_is_lost_or_done_twice(
    server: LocalPostgres, replicas: tuple[Store, Store], how: HowToStop
) -> None:
    under_way = Event()

    def keep_writing(number: int) -> list[str]:
        """Which writes were answered; a slow machine may take longer for its restart than a write has patience."""
        answered = list[str]()
        for turn in range(40):
            future = replicas[number % 2].write(partial(note, text=f"{number}/{turn}"))
            if future.exception(SOON_S) is None:
                answered.append(future.result())
                under_way.set()
        return answered

    with ThreadPoolExecutor(8) as writers:
        writing = [writers.submit(keep_writing, number) for number in range(8)]
        under_way.wait(SOON_S)
        server.restart(how)
        answered = [text for written in writing for text in written.result()]
    stored = everything(replicas[0])

    assert len(stored) > 8
    assert sorted(stored) == sorted(answered)


def test_when_a_server_dies_its_standby_takes_over_with_all_that_was_answered() -> None:
    under_way = Event()

    def keep_writing(store: Store, number: int) -> list[str]:
        answered = list[str]()
        for turn in range(40):
            future = store.write(partial(note, text=f"{number}/{turn}"))
            if future.exception(SOON_S) is None:
                answered.append(future.result())
                under_way.set()
        return answered

    with a_postgres(pick(), fsync=False) as primary, a_standby(primary) as standby:
        url = primary.create_database()
        both = url.replace(f":{primary.port}", f":{primary.port},127.0.0.1:{standby.port}")
        with closing(Store.open(both)) as store, ThreadPoolExecutor(8) as writers:
            writing = [writers.submit(keep_writing, store, number) for number in range(8)]
            under_way.wait(SOON_S)
            primary.kill()
            standby.take_over()
            answered = [text for written in writing for text in written.result()]
            store.write(partial(note, text="last")).result(SOON_S)
            stored = everything(store)

    assert stored[-1] == "last"
    assert len(answered) > 8 * 20
    assert set(answered) <= set(stored)
    assert len(set(stored)) == len(stored)


def test_a_commit_that_a_standby_may_not_have_heard_of_is_done_once_all_the_same() -> None:
    """The standby gives the number of that transaction to another, whose end says nothing of it."""
    with a_postgres(pick(), fsync=False) as primary, a_standby(primary) as standby:
        url = primary.create_database()
        both = url.replace(f":{primary.port}", f":{primary.port},127.0.0.1:{standby.port}")
        other = url.replace(f":{primary.port}", f":{standby.port}")
        with closing(Store.open(both)) as store:
            store.write(partial(note, text="first")).result(SOON_S)
            standby.freeze()
            write = store.write(partial(note, text="unknown"))
            wait_until_somebody_waits_for_the_standby(primary)
            primary.kill()
            standby.thaw()
            standby.take_over()
            with closing(Store.open(other)) as successor:
                for number in range(20):
                    successor.write(partial(note, text=str(number))).result(SOON_S)
            answered = write.result(SOON_S)
            stored = everything(store)

    assert answered == "unknown"
    assert sorted(stored) == sorted(["first", "unknown", *map(str, range(20))])


def wait_until_somebody_waits_for_the_standby(primary: LocalPostgres) -> None:
    asked = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'"
    give_up_at = monotonic() + SOON_S
    with psycopg.connect(primary.url(), autocommit=True) as connection:
        while not connection.execute(asked).fetchone()[0]:  # type: ignore[index]  # a count is one row
            assert monotonic() < give_up_at


def test_questions_wait_for_a_server_that_restarts(server: LocalPostgres, replicas: tuple[Store, Store]) -> None:
    replicas[0].write(partial(note, text="a")).result(SOON_S)
    server.stop()
    answer = replicas[1].read(notes)
    server.start()

    assert answer.result(SOON_S) == ["a"]


def test_a_server_that_stays_away_is_said_so_and_nothing_is_stored(
    server: LocalPostgres, replicas: tuple[Store, Store]
) -> None:
    server.stop()
    began = monotonic()
    write, question = replicas[0].write(partial(note, text="a")), replicas[0].read(notes)
    errors = [future.exception(SOON_S) for future in (write, question)]
    waited_s = monotonic() - began
    server.start()

    assert [type(error) for error in errors] == [Unavailable, Unavailable]
    assert "does not answer, so nothing was stored: try again when it is back" in str(errors[0])
    assert 5 < waited_s < SOON_S
    assert everything(replicas[1]) == []


def test_a_replica_that_stops_in_its_turn_does_not_stop_the_others(replicas: tuple[Store, Store]) -> None:
    """It loses the turn after five seconds; when it goes on, its verb is run again."""
    one, other = replicas
    stuck, go_on, runs = Event(), Event(), list[int]()

    def get_stuck(tx: Transaction) -> str:
        runs.append(1)
        if len(runs) == 1:
            stuck.set()
            go_on.wait(SOON_S)
        return note(tx, "late")

    late = one.decide(get_stuck)
    stuck.wait(SOON_S)
    assert other.decide(partial(note, text="meanwhile")).result(SOON_S) == "meanwhile"
    go_on.set()

    assert late.result(SOON_S) == "late"
    assert len(runs) == 2
    assert everything(other) == ["meanwhile", "late"]


def test_a_connection_that_is_cut_between_writing_and_committing_costs_nothing(
    url: str, replicas: tuple[Store, Store]
) -> None:
    one, _ = replicas
    runs = list[int]()

    def be_cut_off(tx: Transaction) -> str:
        answer = note(tx, "once")
        tx.settle()
        runs.append(1)
        if len(runs) == 1:
            cut_off_all(url)
        return answer

    assert one.write(be_cut_off).result(SOON_S) == "once"
    assert len(runs) == 2
    assert everything(one) == ["once"]


def test_what_became_of_a_commit_whose_answer_was_lost_is_found_out(
    replicas: tuple[Store, Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server commits, and the connection is gone before it says so."""
    one, other = replicas
    one.write(partial(note, text="before")).result(SOON_S)
    connection = one._writer._commit._connection
    statements = connection._here()  # type: ignore[attr-defined]  # behind the seam of the dialect
    run_text = statements.run_text

    def lose_the_answer(text: str) -> object:
        answer = run_text(text)
        if text.endswith("COMMIT"):
            connection.close()
            raise psycopg.OperationalError("the connection was lost")
        return answer

    monkeypatch.setattr(statements, "run_text", lose_the_answer)

    assert one.write(partial(note, text="once")).result(SOON_S) == "once"
    assert everything(other) == ["before", "once"]


def cut_off_all(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as raw:
        raw.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def test_replicas_that_start_at_once_on_a_new_database_migrate_it_once(server: LocalPostgres) -> None:
    url = server.create_database()
    with ThreadPoolExecutor(4) as starters:
        stores = [starting.result(SOON_S) for starting in [starters.submit(Store.open, url) for _ in range(4)]]
    futures: list[Future[str]] = [store.write(partial(note, text="a")) for store in stores]

    assert [future.result(SOON_S) for future in futures] == ["a"] * 4
    for store in stores:
        store.close()
    server.drop_database(url)
