"""Which waiting jobs are kept from a worker for another."""

from collections.abc import Collection
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from qgjob.core.keeping import Wish
from qgjob.core.pin import pin_of
from qgjob.core.words import AgentId, Target, WorkerId, WorkerStatus
from qgjob.core.worker import Worker

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def worker(name: str, *, tags: Collection[str] = ()) -> Worker:
    return Worker(
        worker_id=WorkerId(f"worker-{name}"),
        name=name,
        agent_id=AgentId("agent"),
        targets=frozenset({Target.EMULATOR}),
        platform=None,
        model="",
        os_version="",
        serial=name,
        tags=frozenset(tags),
        has_project=False,
        status=WorkerStatus.IDLE,
        installed=None,
        last_heartbeat=NOON,
    )


ANNA, BERT, LABS = worker("anna"), worker("bert"), worker("carl", tags=["lab"])


def kept(wish: Wish, asks: Worker, *others: Worker, seconds: int = 0) -> bool:
    now = NOON + timedelta(seconds=seconds)
    return wish.would_rather(asks, now=now) and wish.is_kept_from(asks, others=others, now=now)


def test_a_job_without_a_wish_is_anybodys() -> None:
    assert not kept(Wish(waits_since_at=NOON), ANNA, BERT)


def test_a_pinned_job_is_kept_for_its_device_while_that_is_free() -> None:
    wish = Wish(waits_since_at=NOON, pin=pin_of("anna"))

    assert kept(wish, BERT, ANNA)
    assert not kept(wish, BERT, LABS)
    assert not kept(wish, ANNA, BERT)


def test_a_job_pinned_to_a_tag_is_kept_for_all_that_have_it() -> None:
    wish = Wish(waits_since_at=NOON, pin=pin_of("tag:lab"))

    assert kept(wish, BERT, LABS)
    assert not kept(wish, LABS, ANNA)


def test_a_pin_holds_for_a_minute_of_waiting() -> None:
    wish = Wish(waits_since_at=NOON, pin=pin_of("anna"))

    assert kept(wish, BERT, ANNA, seconds=59)
    assert not kept(wish, BERT, ANNA, seconds=60)


def test_a_job_that_avoids_a_worker_is_kept_for_any_other_until_its_time() -> None:
    wish = Wish(waits_since_at=NOON, avoid_worker=ANNA.worker_id, avoid_until_at=NOON + timedelta(seconds=30))

    assert kept(wish, ANNA, BERT)
    assert not kept(wish, ANNA)
    assert not kept(wish, BERT, ANNA)
    assert not kept(wish, ANNA, BERT, seconds=30)


def test_a_job_that_avoids_the_device_it_is_pinned_to_goes_elsewhere() -> None:
    wish = Wish(
        waits_since_at=NOON,
        pin=pin_of("anna"),
        avoid_worker=ANNA.worker_id,
        avoid_until_at=NOON + timedelta(seconds=30),
    )

    assert kept(wish, ANNA, BERT)
    assert not kept(wish, BERT, ANNA)


@given(
    pin=st.none() | st.sampled_from(["anna", "bert", "tag:lab", "nobody"]).map(pin_of),
    avoids=st.none() | st.sampled_from([ANNA, BERT, LABS]).map(lambda each: each.worker_id),
    free=st.sets(st.sampled_from([0, 1, 2]), min_size=1),
    seconds=st.integers(0, 90),
)
def test_some_worker_of_those_that_are_free_may_always_have_it(
    pin: object, avoids: WorkerId | None, free: set[int], seconds: int
) -> None:
    until_at = None if avoids is None else NOON + timedelta(seconds=30)
    wish = Wish(waits_since_at=NOON, pin=pin, avoid_worker=avoids, avoid_until_at=until_at)  # type: ignore[arg-type]
    workers = [each for place, each in enumerate([ANNA, BERT, LABS]) if place in free]

    assert any(
        not kept(wish, asks, *(other for other in workers if other is not asks), seconds=seconds) for asks in workers
    )
