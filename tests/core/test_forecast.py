"""The rule run forward: what a forecast says, and where it stops saying."""

from datetime import UTC, datetime, timedelta

from qgjob.core.ahead import (
    Asked,
    FarmAhead,
    GroupAhead,
    LeaseAhead,
    Planned,
    Stretch,
    WorkerAhead,
    stretches_of,
)
from qgjob.core.forecast import PlannedTurn, Turn, forecast
from qgjob.core.policy import SHIPPED, Rank
from qgjob.core.words import GroupId, JobId, WorkerId

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
MINE = JobId("mine")


def seconds(number: float) -> timedelta:
    return timedelta(seconds=number)


def rank(due_in: float = 0, *, lane: int = 1) -> Rank:
    return Rank(lane=lane, due_at=NOON + seconds(due_in), run=1)


def jobs(number: int, each: float = 60, *, due_in: float = 0) -> Stretch:
    return Stretch(jobs=number, work=seconds(each * number), rank=rank(due_in))


def mine(each: float = 60, *, due_in: float = 0, wakes_in: float = 0) -> Stretch:
    return Stretch(jobs=1, work=seconds(each), rank=rank(due_in), job_id=MINE, wakes_in=seconds(wakes_in))


def group(name: str, *stretches: Stretch, servers: int = 0, ends_in: float = 0, install: float = 45) -> GroupAhead:
    return GroupAhead(
        group_id=GroupId(name),
        version=f"version of {name}",
        needs="emulator",
        install=seconds(install),
        stretches=stretches,
        servers=servers,
        ends_in=seconds(ends_in),
    )


def worker(name: str, *, serves: str | None = None, ends_in: float = 0, free_in: float = 0) -> WorkerAhead:
    return WorkerAhead(
        worker_id=WorkerId(name),
        needs=frozenset({"emulator"}),
        version=None if serves is None else f"version of {serves}",
        free_in=seconds(max(free_in, ends_in)),
        lease=None if serves is None else LeaseAhead(group_id=GroupId(serves), ends_in=seconds(ends_in)),
    )


def my_turn(*groups: GroupAhead, workers: tuple[WorkerAhead, ...]) -> tuple[float, float, float] | None:
    turn = forecast(FarmAhead(groups=groups, workers=workers), SHIPPED).turns.get(MINE)
    return None if turn is None else in_seconds(turn)


def in_seconds(turn: Turn) -> tuple[float, float, float]:
    return (turn.leased_in.total_seconds(), turn.starts_in.total_seconds(), turn.done_in.total_seconds())


def test_a_free_worker_takes_what_waits_at_once_and_installs_first() -> None:
    assert my_turn(group("g", mine()), workers=(worker("w"),)) == (0, 45, 105)


def test_a_worker_that_holds_the_version_goes_on_without_installing() -> None:
    served = group("g", jobs(2), mine(), servers=1, ends_in=10)

    assert my_turn(served, workers=(worker("w", serves="g", ends_in=10),)) == (130, 130, 190)


def test_jobs_that_fit_into_one_lease_are_taken_together() -> None:
    """Three of eight seconds: a fourth would not fit into thirty."""
    assert my_turn(group("g", jobs(3, 8), mine(8)), workers=(worker("w"),)) == (69, 69, 77)


def test_the_job_itself_has_its_own_length_and_those_before_it_have_their_mean() -> None:
    assert my_turn(group("g", jobs(2, 12), mine(5)), workers=(worker("w"),)) == (0, 69, 74)


def test_a_second_worker_comes_where_the_rule_lets_it() -> None:
    large = group("g", jobs(9), mine())

    assert my_turn(large, workers=(worker("w"),)) == (585, 585, 645)
    assert my_turn(large, workers=(worker("w"), worker("x"))) == (285, 285, 345)


def test_no_second_worker_comes_where_it_is_not_worth_an_installation() -> None:
    small = group("g", jobs(1, 10), mine(25))

    assert my_turn(small, workers=(worker("w"), worker("x"))) == (55, 55, 80)


def test_a_group_that_is_due_sooner_goes_first() -> None:
    first, second = group("first", jobs(2), install=0), group("second", mine(due_in=9))

    assert my_turn(second, first, workers=(worker("w"),)) == (120, 165, 225)


def test_a_job_that_rests_is_taken_when_it_has() -> None:
    assert my_turn(group("g", mine(wakes_in=20)), workers=(worker("w"),)) == (20, 65, 125)


def test_a_worker_that_is_overdue_is_taken_to_end_now() -> None:
    overdue = group("g", mine(), servers=1, ends_in=-30)

    assert my_turn(overdue, workers=(worker("w", serves="g", ends_in=-30),)) == (0, 0, 60)


def test_a_worker_in_quarantine_comes_back_when_that_is_over() -> None:
    assert my_turn(group("g", mine()), workers=(worker("w", free_in=300),)) == (300, 345, 405)


def test_where_no_worker_meets_it_nobody_ever_takes_it() -> None:
    told = forecast(FarmAhead(groups=[group("g", mine())], workers=[]), SHIPPED)

    assert (told.turns, told.upto) == ({}, None)


def test_beyond_its_choices_it_says_only_how_far_it_came() -> None:
    farm = FarmAhead(groups=[group("g", jobs(99), mine(), install=0)], workers=[worker("w")])
    told = forecast(farm, SHIPPED, most_choices=10)

    assert (told.turns, told.upto) == ({}, seconds(600))


def test_beyond_the_groups_that_it_knows_it_says_only_how_far_it_came() -> None:
    """The last that is known is taken first; behind it another may be before mine."""
    farm = FarmAhead(
        groups=[group("known", jobs(1), install=0), group("g", mine(due_in=9))],
        workers=[worker("w")],
        cut={"emulator": rank()},
    )
    told = forecast(farm, SHIPPED)

    assert (told.turns, told.upto) == ({}, seconds(60))


def test_a_list_is_laid_out_around_the_jobs_that_are_asked_for() -> None:
    urgent, normal = rank(lane=0), rank(7)
    asked = [Asked(job_id=MINE, rank=normal, estimate=seconds(50), before=2, work_before=seconds(30))]
    lanes = {0: (3, seconds(90)), 1: (6, seconds(200))}

    assert stretches_of(urgent, lanes, asked) == (
        Stretch(jobs=3, work=seconds(90), rank=urgent),
        Stretch(jobs=2, work=seconds(30), rank=Rank(lane=1, due_at=NOON, run=1)),
        Stretch(jobs=1, work=seconds(50), rank=normal, job_id=MINE),
        Stretch(jobs=3, work=seconds(120), rank=normal),
    )


def test_a_job_that_rests_is_in_no_sum() -> None:
    asked = [
        Asked(job_id=MINE, rank=rank(), estimate=seconds(50), before=1, work_before=seconds(10), wakes_in=seconds(5))
    ]

    assert [(each.jobs, each.work) for each in stretches_of(rank(), {1: (3, seconds(30))}, asked)] == [
        (1, seconds(10)),
        (1, seconds(50)),
        (2, seconds(20)),
    ]


def planned(number: int, each: float = 60) -> Stretch:
    return Stretch(jobs=number, work=seconds(each * number), rank=rank(), planned=True)


def of_planned(*groups: GroupAhead, workers: int, most_choices: int = 400) -> PlannedTurn:
    farm = FarmAhead(groups=groups, workers=tuple(worker(f"w{number}") for number in range(workers)))
    return forecast(farm, SHIPPED, most_choices=most_choices).planned


def test_of_what_is_planned_it_counts_who_works_on_it_what_is_installed_and_the_end_of_the_last() -> None:
    """Two jobs of others are first: each worker begins with one of them, and what it installs is for that."""
    told = of_planned(group("g", jobs(2, 30), planned(3, 30)), workers=2)

    assert told == PlannedTurn(left=0, workers=2, installs=0, done_in=seconds(45 + 90))


def test_it_goes_on_until_all_that_is_planned_is_leased() -> None:
    assert of_planned(group("g", planned(5, 10)), workers=1) == PlannedTurn(workers=1, installs=1, done_in=seconds(95))


def test_what_is_planned_and_never_leased_or_beyond_what_is_paid_for_is_left() -> None:
    assert of_planned(group("g", planned(5)), workers=0) == PlannedTurn(left=5)
    assert of_planned(group("g", planned(500)), workers=1, most_choices=10).left == 490


def test_what_is_planned_stands_among_what_waits_and_is_counted_nowhere() -> None:
    ahead = Planned(rank=rank(10), jobs=3, work=seconds(12), shortest=seconds(2), before=4, work_before=seconds(40))

    assert [
        (each.jobs, each.work.total_seconds(), each.planned)
        for each in stretches_of(rank(), {1: (6, seconds(60))}, [ahead])
    ] == [(4, 40, False), (3, 12, True), (2, 20, False)]
