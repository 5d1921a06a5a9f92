"""Which group a free worker serves, and what place in line jobs get."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qgjob.core.policy import (
    Asked,
    Because,
    Choice,
    GroupPicture,
    Level,
    Picture,
    Rank,
    Standing,
    WarmSplit,
    last_start,
)
from qgjob.core.words import GroupId, Priority

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
RULE = WarmSplit()


def seconds(number: float) -> timedelta:
    return timedelta(seconds=number)


def group(
    name: str,
    *,
    urgent: int = 0,
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
        urgent_waiting=urgent,
        urgent_work=seconds(each) * urgent,
        servers=servers,
        busy_for=seconds(busy_for),
        install=seconds(install),
    )


def own(name: str = "own", *, urgent: int = 0, due_in: float = 0, servers: int = 0) -> GroupPicture:
    return group(name, urgent=urgent, due_in=due_in, servers=servers, install=0)


def chosen(
    mine: GroupPicture | None, *others: GroupPicture, held_for: float = 0, reinstall: float = 60, rule: WarmSplit = RULE
) -> str | None:
    picture = Picture(own=mine, others=others, held_for=seconds(held_for), reinstall=seconds(reinstall))
    choice = rule.choose(picture)
    return None if choice is None else choice.group_id


def test_a_worker_stays_on_its_installed_version() -> None:
    assert chosen(own(), group("other")) == "own"


def test_it_does_not_leave_urgent_work_for_what_it_holds() -> None:
    assert chosen(own(urgent=1), group("other", urgent=1, due_in=-9999)) == "own"


def test_it_leaves_for_urgent_work_that_nobody_serves() -> None:
    assert chosen(own(), group("other", urgent=1, due_in=1000)) == "other"


def test_it_leaves_for_urgent_work_that_would_start_more_than_its_share_of_an_installation_late() -> None:
    late = group("late", urgent=1, servers=1, busy_for=76)
    soon = group("soon", urgent=1, servers=1, busy_for=75)

    assert chosen(own(), late) == "late"
    assert chosen(own(), soon) == "own"


def test_only_the_urgent_jobs_of_a_group_make_it_urgent() -> None:
    many_normal_jobs = group("many", urgent=1, waiting=100, servers=1, busy_for=10)

    assert chosen(own(), many_normal_jobs) == "own"


def test_of_urgent_groups_that_hunger_the_one_due_first_is_served() -> None:
    assert chosen(None, group("later", urgent=1, due_in=5), group("sooner", urgent=1, due_in=4)) == "sooner"


def test_it_stays_for_a_while_with_what_it_has_just_installed_though_another_group_is_due() -> None:
    due = group("due", due_in=-9999)

    assert chosen(own(), due, held_for=12 * 60 - 1) == "own"
    assert chosen(own(), due, held_for=12 * 60) == "due"


def test_it_leaves_at_once_for_an_unserved_group_that_is_due_where_its_own_keeps_another_worker() -> None:
    assert chosen(own(servers=1), group("due", due_in=-9999)) == "due"


def test_it_does_not_leave_for_a_served_group_that_is_due_before_its_installation_has_paid_off() -> None:
    assert chosen(own(servers=1), group("due", due_in=-9999, servers=1, waiting=50)) == "own"


def test_another_group_must_be_due_earlier_by_its_installation() -> None:
    assert chosen(own(), group("other", due_in=-60), held_for=9999) == "own"
    assert chosen(own(), group("other", due_in=-61), held_for=9999) == "other"


def test_a_worker_without_work_of_its_own_serves_who_nobody_serves_before_who_needs_help() -> None:
    assert chosen(None, group("served", servers=1, waiting=500, due_in=-9999), group("waits")) == "waits"


def test_of_groups_that_nobody_serves_the_best_ranked_one_is_first() -> None:
    assert chosen(None, group("b", due_in=2), group("a", due_in=1), group("c", due_in=3)) == "a"


def test_of_groups_that_press_the_best_ranked_one_is_helped() -> None:
    longest = group("longest", servers=1, waiting=500, due_in=2)
    first = group("first", servers=1, waiting=50, due_in=1)

    assert chosen(None, longest, first) == "first"


def test_of_groups_worth_an_installation_the_one_that_would_end_last_is_helped() -> None:
    short = group("short", servers=1, waiting=3, due_in=1)
    long = group("long", servers=1, waiting=5, due_in=2)

    assert chosen(None, short, long) == "long"


def test_it_stays_idle_and_warm_when_the_work_left_is_not_worth_an_installation() -> None:
    worth = group("served", waiting=2, each=60, servers=1, busy_for=31)
    not_worth = group("served", waiting=2, each=60, servers=1, busy_for=30)

    assert chosen(None, worth) == "served"
    assert chosen(None, not_worth) is None


def test_a_larger_theta_needs_more_work_for_an_installation() -> None:
    help_wanted = group("served", waiting=2, each=60, servers=1, busy_for=100)

    assert chosen(None, help_wanted) == "served"
    assert chosen(None, help_wanted, rule=WarmSplit(theta=3)) is None


def test_with_nothing_waiting_there_is_nothing_to_choose() -> None:
    assert chosen(None) is None


def test_a_choice_says_why_and_what_it_is_expected_to_save() -> None:
    """Ten minutes of work for one worker are done 270 s sooner by two, of which one installs for a minute first."""
    help_wanted = group("served", waiting=9, each=60, servers=1, busy_for=60)

    assert RULE.choose(Picture(others=(help_wanted,))) == Choice(
        group_id=GroupId("served"), because=Because.HELP, install=seconds(60), saves=seconds(270)
    )
    assert RULE.choose(Picture(own=own(), reinstall=seconds(41))) == Choice(
        group_id=GroupId("own"), because=Because.INSTALLED, install=seconds(0), saves=seconds(41)
    )
    assert RULE.choose(Picture(others=(group("waits"),))) == Choice(
        group_id=GroupId("waits"), because=Because.UNSERVED, install=seconds(60), saves=None
    )


@pytest.mark.parametrize(
    ("waiting", "work_s", "servers", "busy_for_s", "expected_s"),
    [
        (4, 240, 2, 40, (40 + 240 * 0.75) / 2),
        (1, 60, 3, 90, 90 / 3 * 2 / 4),
        (1, 60, 1, 30, 30),
    ],
    ids=["spread", "fewer jobs than workers", "one job, one worker"],
)
def test_the_last_job_starts_when_the_formula_says(
    waiting: int, work_s: float, servers: int, busy_for_s: float, expected_s: float
) -> None:
    last = last_start(waiting=waiting, work=seconds(work_s), servers=servers, busy_for=seconds(busy_for_s))

    assert last.total_seconds() == pytest.approx(expected_s)


def test_the_last_job_of_a_group_without_workers_never_starts() -> None:
    assert last_start(waiting=1, work=seconds(1), servers=0, busy_for=seconds(0)) == timedelta.max


@pytest.mark.parametrize(
    ("priority", "after_s"),
    [(Priority.URGENT, 0), (Priority.HIGH, -1800), (Priority.NORMAL, 0), (Priority.LOW, 3600)],
)
def test_without_a_backlog_jobs_are_due_after_the_slack_of_their_priority(priority: Priority, after_s: int) -> None:
    assert RULE.standing(Asked(priority=priority, submitted_at=NOON)).due_at == NOON + seconds(after_s)


def test_jobs_are_due_when_the_share_of_their_org_would_have_done_what_it_has_of_equal_and_higher_priority() -> None:
    backlog = {
        Priority.LOW: seconds(7000),
        Priority.NORMAL: seconds(600),
        Priority.HIGH: seconds(300),
        Priority.URGENT: seconds(100),
    }
    asked = Asked(priority=Priority.NORMAL, submitted_at=NOON, backlog=backlog, workers=4, share=0.5)

    assert RULE.standing(asked) == Standing(lane=1, due_at=NOON + seconds(500))
    assert RULE.standing(replace(asked, priority=Priority.LOW)).due_at == NOON + seconds(3600 + 4000)


def test_a_farm_without_workers_counts_as_one_worker() -> None:
    asked = Asked(priority=Priority.NORMAL, submitted_at=NOON, backlog={Priority.NORMAL: seconds(60)}, workers=0)

    assert RULE.standing(asked).due_at == NOON + seconds(60)


def test_a_user_may_have_jobs_done_sooner_and_never_later() -> None:
    asked = Asked(priority=Priority.NORMAL, submitted_at=NOON, backlog={Priority.NORMAL: seconds(600)})

    assert RULE.standing(replace(asked, start_by=NOON + seconds(100))).due_at == NOON + seconds(100)
    assert RULE.standing(replace(asked, start_by=NOON + seconds(9999))).due_at == NOON + seconds(600)


def test_urgent_work_has_a_lane_of_its_own_as_far_as_its_share_does_it_in_ten_minutes() -> None:
    """Beyond that it counts as high: 1,800 s before its fair time."""
    fits = Asked(priority=Priority.URGENT, submitted_at=NOON, backlog={Priority.URGENT: seconds(1200)}, workers=2)
    too_much = replace(fits, backlog={Priority.URGENT: seconds(1201)})

    assert RULE.standing(fits) == Standing(lane=0, due_at=NOON + seconds(600))
    assert RULE.standing(too_much) == Standing(lane=1, due_at=NOON + seconds(600.5 - 1800))


names = st.sampled_from(["a", "b", "c", "d"])
groups = st.builds(
    group,
    names,
    urgent=st.integers(0, 1),
    due_in=st.integers(-10_000, 10_000),
    waiting=st.integers(1, 1000),
    each=st.integers(1, 600),
    servers=st.integers(0, 50),
    busy_for=st.integers(0, 5000),
    install=st.integers(1, 600),
)
pictures = st.builds(
    Picture,
    own=st.none() | st.builds(own, due_in=st.integers(-10_000, 10_000), servers=st.integers(0, 3)),
    others=st.lists(groups, max_size=8).map(tuple),
    held_for=st.integers(0, 10_000).map(seconds),
    reinstall=st.integers(1, 600).map(seconds),
)
rules = st.builds(WarmSplit, theta=st.floats(1, 3), strong=st.floats(3, 20))


@given(picture=pictures, rule=rules)
def test_no_worker_stays_idle_while_a_group_that_it_could_serve_is_unserved(picture: Picture, rule: WarmSplit) -> None:
    if picture.own is not None or any(each.servers == 0 for each in picture.others):
        assert rule.choose(picture) is not None


@given(picture=pictures, rule=rules)
def test_no_worker_stays_idle_while_a_group_would_gain_from_it(picture: Picture, rule: WarmSplit) -> None:
    if any(rule.level(each) is not Level.SATISFIED for each in picture.others):
        assert rule.choose(picture) is not None


@given(picture=pictures, rule=rules)
def test_urgent_work_that_hungers_is_never_passed_over_for_other_work(picture: Picture, rule: WarmSplit) -> None:
    hungry = [each for each in picture.others if rule.is_urgent_hungry(each)]
    if hungry:
        choice = rule.choose(picture)
        assert choice is not None
        assert choice.because is Because.URGENT


@given(picture=pictures, rule=rules)
def test_the_order_in_which_groups_are_drawn_changes_nothing(picture: Picture, rule: WarmSplit) -> None:
    named = tuple(replace(each, group_id=GroupId(f"{place}")) for place, each in enumerate(picture.others))

    assert rule.choose(replace(picture, others=named)) == rule.choose(replace(picture, others=named[::-1]))


@given(each=groups.filter(lambda one: 0 < one.servers <= one.waiting), more=st.integers(1, 100))
def test_more_work_than_there_are_workers_never_makes_the_last_job_start_sooner(each: GroupPicture, more: int) -> None:
    """With fewer jobs than workers it is a guess at who comes free when, which does not meet the other formula."""
    mean = each.work / each.waiting

    def last(waiting: int) -> timedelta:
        return last_start(waiting=waiting, work=mean * waiting, servers=each.servers, busy_for=each.busy_for)

    assert last(each.waiting + more) >= last(each.waiting)


@given(
    backlogs=st.lists(st.integers(1, 100_000), min_size=2, max_size=20),
    share=st.floats(0.01, 1),
    workers=st.integers(1, 50),
)
def test_a_flood_pushes_its_own_org_back_and_no_other(backlogs: list[int], share: float, workers: int) -> None:
    """However much an org submits, an org with one test of a minute is due within a minute of its share."""
    total, places = 0, []
    for work in backlogs:
        total += work
        flood = Asked(
            priority=Priority.NORMAL,
            submitted_at=NOON,
            backlog={Priority.NORMAL: seconds(total)},
            workers=workers,
            share=1 - share / 2,
        )
        places.append(RULE.standing(flood).due_at)
    quiet = Asked(
        priority=Priority.NORMAL,
        submitted_at=NOON,
        backlog={Priority.NORMAL: seconds(60)},
        workers=workers,
        share=share / 2,
    )

    assert places == sorted(places)
    assert RULE.standing(quiet).due_at <= NOON + seconds(60 / (share / 2))
