"""What the runs of the store's benchmark come to."""

from bench.databases import Kind
from bench.goal import Figure
from bench.spread import Spread
from bench.store.figures import Runs, claimed, figures_of, qgjob_drain, what_bounds
from bench.store.plan import FEW, QGJOB_ON, Plan

PLAN = Plan(jobs=1000, waiting=10_000, groups=(100,), rounds=2)


def drained(*seconds: float) -> list[dict[str, float]]:
    return [{"jobs": 1000, "seconds": took_s, "cpu_s": took_s * 0.75} for took_s in seconds]


def claims(*p50s_ms: float) -> list[dict[str, float]]:
    return [{"alone_p50_ms": p50_ms, "together_p99_ms": p50_ms * 10} for p50_ms in p50s_ms]


def some_runs() -> Runs:
    runs: dict[str, list[dict[str, float]]] = {
        "graphile-worker": drained(2.0, 1.0),
        "PgQueuer": drained(4.0, 4.0),
        "procrastinate": drained(100.0, 100.0),
    }
    for kind in QGJOB_ON:
        runs[qgjob_drain(kind)] = drained(1.0, 1.0)
        runs[claimed(kind, waiting=FEW[0], groups=FEW[1])] = claims(1.0, 2.0)
        runs[claimed(kind, waiting=10_000, groups=100)] = claims(1.2, 2.0)
    return runs


def the_figure(kind: Kind, *, work: str, against: str) -> Figure:
    (figure,) = [
        figure
        for figure in figures_of(some_runs(), PLAN)
        if (figure.work, figure.database, figure.against) == (work, kind, against)
    ]
    return figure


def test_a_drain_is_compared_with_the_engines_of_its_own_round() -> None:
    figure = the_figure(Kind.SQLITE, work="claim + complete", against="graphile-worker's drain")

    assert figure.measured == Spread(median=1.5, least=1.0, greatest=2.0)
    assert figure.verdict == "met"


def test_a_missed_drain_says_where_its_time_went() -> None:
    assert what_bounds(drained(2.0)) == "bounded by one process of Python (1500 µs of its CPU in 2000 µs a job)."


def test_a_drain_is_shown_in_jobs_a_second_too() -> None:
    figure = the_figure(Kind.SQLITE, work="claim + complete", against="qgjob")

    assert (figure.measured.median, figure.unit, figure.goal) == (1000.0, "jobs/s", None)


def test_an_engine_without_a_goal_is_only_shown() -> None:
    assert the_figure(Kind.SQLITE, work="claim + complete", against="procrastinate's drain").goal is None


def test_a_claim_among_many_is_compared_with_one_among_few() -> None:
    figure = the_figure(Kind.SQLITE, work="claim, 10,000 in 100", against="p50 of 1,000 in 10")

    assert figure.measured == Spread(median=1.1, least=1.0, greatest=1.2)


def test_the_slowest_claims_have_a_goal_of_their_own() -> None:
    figure = the_figure(Kind.SQLITE, work="claim, 10,000 in 100", against="p99, 64 at once")

    assert (figure.measured.median, figure.verdict) == (16.0, "met")
