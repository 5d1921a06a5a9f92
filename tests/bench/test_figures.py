"""The benchmark's arithmetic, on runs whose figures are easy to follow."""

from bench.runner.figures import Pair, by_speed, over, what_bounds
from bench.runner.plan import SPEEDS, Speed
from bench.runner.run import DeviceCounts, Run, Way
from bench.spread import Spread

SLOW, FAST, INSTANT = SPEEDS


def a_run(way: Way, *, speed: Speed, wall_s: float, start_up_s: float = 0.0, installing_s: float = 0.0) -> Run:
    return Run(
        way=way,
        speed=speed,
        round=1,
        cases=6,
        processes=1,
        wall_s=wall_s,
        start_up_s=start_up_s,
        installing_s=installing_s,
        before_s=0.0,
        counts=DeviceCounts(installs=1, sessions=6, helper_installs=0),
    )


def a_pair(*, speed: Speed = SLOW, stock: float, qgjob: float, qgjob_start_up: float = 0.0) -> Pair:
    return Pair(
        stock=a_run(Way.STOCK, speed=speed, wall_s=stock, start_up_s=10.0),
        qgjob=a_run(Way.QGJOB, speed=speed, wall_s=qgjob, start_up_s=qgjob_start_up, installing_s=3.0),
    )


def test_a_ratio_is_of_two_runs_that_followed_each_other() -> None:
    pairs = [a_pair(stock=40.0, qgjob=10.0), a_pair(stock=20.0, qgjob=10.0), a_pair(stock=30.0, qgjob=12.0)]

    ratios = over(pairs, lambda pair: pair.ratio)

    assert ratios == Spread(median=0.4, least=0.25, greatest=0.5)


def test_start_up_is_taken_off_both_sides() -> None:
    pair = a_pair(stock=40.0, qgjob=12.0, qgjob_start_up=3.0)

    assert pair.ratio_without_start_up == 0.3


def test_pairs_of_one_speed_come_together() -> None:
    first, second, third = (
        a_pair(speed=SLOW, stock=40.0, qgjob=10.0),
        a_pair(speed=INSTANT, stock=20.0, qgjob=10.0),
        a_pair(speed=SLOW, stock=44.0, qgjob=11.0),
    )

    assert by_speed([first, second, third]) == {SLOW: [first, third], INSTANT: [second]}


def test_half_of_stocks_time_meets_the_goal() -> None:
    assert what_bounds([a_pair(stock=40.0, qgjob=20.0)]) is None


def test_only_the_slow_speed_has_a_goal() -> None:
    pairs = [a_pair(stock=40.0, qgjob=10.0), a_pair(speed=FAST, stock=10.0, qgjob=10.0)]

    assert what_bounds(pairs) is None


def test_a_missed_goal_says_what_bounds_it() -> None:
    said = what_bounds([a_pair(stock=40.0, qgjob=24.0, qgjob_start_up=4.0)])

    assert said == (
        "Missed: 0.600 at 2 MB/s where 0.5 was wanted, bounded by sessions and tests "
        "(starting programs 4.0 s, installing 3.0 s, sessions and tests 17.0 s)."
    )
