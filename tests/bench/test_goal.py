"""Goals, and the table that shows whether they are met."""

from bench.goal import Figure, Goal
from bench.spread import Spread
from bench.table import lines_of, number


def a_figure(*, median: float, goal: Goal | None = None, bounds: str | None = None) -> Figure:
    return Figure(
        work="claim + complete",
        database="SQLite",
        against="PgQueuer's drain",
        unit="x",
        measured=Spread(median=median, least=median - 0.5, greatest=median + 0.5),
        goal=goal,
        bounds=bounds,
    )


def test_a_goal_is_met_at_its_very_value() -> None:
    assert a_figure(median=2.0, goal=Goal(least=2.0)).verdict == "met"
    assert a_figure(median=1.5, goal=Goal(most=1.5)).verdict == "met"


def test_a_goal_is_missed_on_its_other_side() -> None:
    assert a_figure(median=1.99, goal=Goal(least=2.0)).verdict == "missed"
    assert a_figure(median=1.51, goal=Goal(most=1.5)).verdict == "missed"


def test_a_figure_without_a_goal_is_judged_by_nobody() -> None:
    assert not a_figure(median=2.0).verdict


def test_a_missed_goal_is_followed_by_what_bounds_it() -> None:
    figure = a_figure(median=1.0, goal=Goal(least=2.0), bounds="Python in the verbs.")

    assert list(lines_of([figure])) == [
        "work              on      figure              goal  median (least-greatest)",
        "claim + complete  SQLite  x PgQueuer's drain  >= 2  1.00 (0.50-1.50)         missed",
        "Missed: claim + complete on SQLite, PgQueuer's drain: Python in the verbs.",
    ]


def test_numbers_have_as_many_digits_as_mean_something() -> None:
    assert [number(12345.6), number(12.34), number(1.234), number(0.051)] == ["12,346", "12.3", "1.23", "0.05"]
