from qgjob.core.words import Priority
from qgjob.sim.baselines import POLICIES
from qgjob.sim.measures import Measures, Use, Waits, measure
from qgjob.sim.run import simulate
from qgjob.sim.trace import Trace
from tests.sim.traces import a_job, a_trace, a_worker


def measured(trace: Trace) -> Measures:
    return measure(simulate(trace, POLICIES["warmsplit"]), policy="warmsplit")


def test_the_figures_of_two_runs_on_one_worker() -> None:
    jobs = [a_job("a", run="r1", org="acme"), a_job("b", run="r2", org="globex", version="v2", submit_s=10)]
    figures = measured(a_trace(jobs))

    assert figures.makespan_s == 320
    assert round(figures.least_makespan_s, 6) == 320
    assert figures.installs == 2
    assert figures.slowdown_by_org == {"acme": 1.0, "globex": 310 / 160}
    assert figures.fairness == 310 / 160
    assert figures.waits == {"normal": Waits(jobs=2, mean_s=175, p50_s=175, p95_s=250)}
    assert figures.use == {"phone": Use(workers=1, installing=200 / 320, testing=120 / 320, idle=0, down=0)}
    assert figures.gave_up == 0


def test_time_that_went_down_with_a_worker_was_spent_all_the_same() -> None:
    figures = measured(a_trace([a_job("a")], workers=[a_worker("p1", "phone", (120, 140))]))

    use = figures.use["phone"]
    assert (use.installing, use.testing, use.down) == (200 / 315, 80 / 315, 20 / 315)


def test_waits_are_told_by_priority_the_most_pressing_first() -> None:
    jobs = [a_job("a"), a_job("b", run="r2", version="v2", priority=Priority.URGENT)]

    assert {name: waits.mean_s for name, waits in measured(a_trace(jobs)).waits.items()} == {
        "urgent": 100,
        "normal": 260,
    }
