"""Which group a free worker serves."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qgjob.core.policy import GroupPicture, Rank, choose, due, lane_of, last_start
from qgjob.core.words import GroupId, Priority

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def seconds(number: float) -> timedelta:
    return timedelta(seconds=number)


def picture(
    name: str,
    *,
    urgent: bool = False,
    due_in: float = 0,
    waiting: int = 4,
    each: float = 60,
    servers: int = 0,
    busy_for: float = 0,
    install: float = 60,
) -> GroupPicture:
    return GroupPicture(
        group_id=GroupId(name),
        rank=Rank(lane=0 if urgent else 1, due_at=NOON + seconds(due_in), run=1),
        waiting=waiting,
        work=seconds(each) * waiting,
        servers=servers,
        busy_for=seconds(busy_for),
        install=seconds(install),
    )


def chosen(own: GroupPicture | None = None, unserved: GroupPicture | None = None, *served: GroupPicture) -> str | None:
    choice = choose(own=own, unserved=unserved, served=served)
    return None if choice is None else choice.group_id


def test_a_worker_stays_on_its_installed_version() -> None:
    assert chosen(picture("own", install=0), picture("other")) == "own"


def test_it_leaves_for_a_group_that_was_due_longer_ago_than_an_installation_takes() -> None:
    assert chosen(picture("own", install=0), picture("other", due_in=-61)) == "other"
    assert chosen(picture("own", install=0), picture("other", due_in=-59)) == "own"


def test_it_leaves_for_urgent_work_that_nobody_serves() -> None:
    assert chosen(picture("own", install=0), picture("other", urgent=True, due_in=1000)) == "other"


def test_it_does_not_leave_urgent_work() -> None:
    assert chosen(picture("own", urgent=True, install=0), picture("other", due_in=-9999)) == "own"


def test_a_worker_without_work_of_its_own_serves_who_nobody_serves() -> None:
    assert chosen(None, picture("waits"), picture("served", servers=1)) == "waits"


def test_it_joins_a_group_whose_work_is_worth_another_installation() -> None:
    served = picture("served", waiting=4, each=60, servers=1, install=60)

    assert chosen(None, None, served) == "served"


def test_it_stays_idle_when_the_work_left_is_not_worth_an_installation() -> None:
    served = picture("served", waiting=1, each=60, servers=1, busy_for=20, install=60)

    assert chosen(None, None, served) is None


def test_of_several_groups_it_joins_the_one_that_would_end_last() -> None:
    short = picture("short", waiting=3, servers=1)
    long = picture("long", waiting=30, servers=1)

    assert chosen(None, None, short, long) == "long"


def test_with_nothing_waiting_there_is_nothing_to_choose() -> None:
    assert chosen() is None


@pytest.mark.parametrize(
    ("group", "expected_s"),
    [
        (picture("spread", waiting=4, each=60, servers=2, busy_for=40), (40 + 240 * 0.75) / 2),
        (picture("fewer jobs than workers", waiting=1, servers=3, busy_for=90), 90 / 3 * 2 / 4),
        (picture("one job, one worker", waiting=1, servers=1, busy_for=30), 30),
    ],
)
def test_the_last_job_starts_when_the_formula_says(group: GroupPicture, expected_s: float) -> None:
    assert last_start(group).total_seconds() == pytest.approx(expected_s)


def test_the_last_job_of_a_group_without_workers_never_starts() -> None:
    assert last_start(picture("unserved")) == timedelta.max


@pytest.mark.parametrize(
    ("priority", "after_s"),
    [(Priority.URGENT, 0), (Priority.HIGH, -1800), (Priority.NORMAL, 0), (Priority.LOW, 3600)],
)
def test_a_virtual_deadline_is_the_submission_plus_the_slack_of_its_priority(priority: Priority, after_s: int) -> None:
    assert due(priority, NOON) == NOON + seconds(after_s)


def test_only_urgent_jobs_have_the_fast_lane() -> None:
    assert [lane_of(priority) for priority in Priority] == [1, 1, 1, 0]


pictures = st.builds(
    picture,
    st.sampled_from(["a", "b", "c", "d"]),
    urgent=st.booleans(),
    due_in=st.integers(-10_000, 10_000),
    waiting=st.integers(1, 1000),
    each=st.integers(1, 600),
    servers=st.integers(1, 50),
    busy_for=st.integers(0, 5000),
    install=st.integers(0, 600),
)
unserved_pictures = st.builds(
    picture, st.just("unserved"), urgent=st.booleans(), due_in=st.integers(-10_000, 10_000), servers=st.just(0)
)


@given(own=st.none() | pictures, unserved=st.none() | unserved_pictures, served=st.lists(pictures, max_size=8))
def test_no_worker_stays_idle_while_a_group_that_it_could_serve_is_unserved(
    own: GroupPicture | None, unserved: GroupPicture | None, served: list[GroupPicture]
) -> None:
    choice = choose(own=own, unserved=unserved, served=served)

    if own is not None or unserved is not None:
        assert choice is not None


@given(group=pictures, more=st.integers(1, 100))
def test_more_waiting_work_never_makes_the_last_job_start_sooner(group: GroupPicture, more: int) -> None:
    longer = picture(
        "longer",
        waiting=group.waiting + more,
        each=group.work.total_seconds() / group.waiting,
        servers=group.servers,
        busy_for=group.busy_for.total_seconds(),
    )

    if group.waiting >= group.servers:
        assert last_start(longer) >= last_start(group) - timedelta(milliseconds=1)
