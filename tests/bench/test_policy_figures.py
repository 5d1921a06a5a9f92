"""What simulations come to against the rule's goals."""

from dataclasses import replace
from functools import partial

from bench.goal import Figure
from bench.policy.figures import figures_of
from bench.policy.plan import Plan
from bench.policy.workloads import FIFO, WARMSPLIT, WHOLE_GROUP, Outcome, Workload, workloads
from qgjob.sim.generate import burst
from qgjob.sim.measures import Measures, Waits

MEASURES = Measures(
    trace="made up",
    policy=WARMSPLIT,
    jobs=20,
    runs=3,
    makespan_s=110,
    least_makespan_s=100,
    installs=4,
    slowdown=2,
    slowdown_by_org={"quiet": 3, "spam": 9},
    slowdown_by_size={},
    fairness=3,
    waits={"urgent": Waits(jobs=1, mean_s=10, p50_s=10, p95_s=10)},
    result_p50_s=50,
    result_p95_s=90,
    use={},
    gave_up=0,
)


def outcome(name: str, **rules: Measures) -> Outcome:
    by_rule = {rule.replace("_", "-"): measures for rule, measures in rules.items()}
    workload = Workload(name=name, load=partial(burst, seed=1), rules=tuple(by_rule))
    return Outcome(workload=workload, by_rule=by_rule, bound_s=100)


def shown(*outcomes: Outcome) -> list[tuple[str, str, float, str]]:
    return [_shown(figure) for figure in figures_of(outcomes)]


def _shown(figure: Figure) -> tuple[str, str, float, str]:
    return figure.work, figure.against, round(figure.measured.median, 3), figure.verdict


def test_bursts_are_judged_by_their_mean_and_their_worst() -> None:
    slow = replace(MEASURES, makespan_s=160)

    assert shown(
        outcome("bursts/m2-history-0", warmsplit=MEASURES, whole_group=slow),
        outcome("bursts/m8-history-0", warmsplit=slow, whole_group=replace(MEASURES, makespan_s=200)),
    ) == [
        ("bursts of files, tests known (2)", "bound, mean", 1.35, "missed"),
        ("bursts of files, tests known (2)", "bound, most", 1.6, "missed"),
        ("bursts of files, 5 devices and more (1)", "whole group's makespan, mean", 0.8, "missed"),
        ("bursts of files, 5 devices and more (1)", "whole group's makespan, most", 0.8, ""),
    ]


def test_a_day_is_compared_with_both_plain_rules() -> None:
    plain = replace(MEASURES, slowdown=10, installs=10)

    assert shown(outcome("ci-day-40", warmsplit=MEASURES, whole_group=plain, fifo=plain)) == [
        ("ci-day-40", "whole group's slowdown", 0.2, "met"),
        ("ci-day-40", "FIFO's slowdown", 0.2, "met"),
        ("ci-day-40", "FIFO's installs", 0.4, "met"),
        ("ci-day-40", "FIFO's urgent p95 wait", 1, "met"),
        ("ci-day-40", "fairness", 3, "missed"),
    ]


def test_the_quiet_org_is_judged_apart_from_who_spams() -> None:
    assert shown(outcome("spam", warmsplit=MEASURES)) == [("spam", "slowdown of quiet", 3, "met")]


def test_without_a_folder_only_generated_workloads_are_simulated() -> None:
    names = [workload.name for workload in workloads(Plan(traces=None, seeds=1))]

    assert len(names) == 17
    assert names[0] == "generated m1-history-1"
    assert names[-1] == "generated ci-day-1"
    assert all(
        rule in {WARMSPLIT, WHOLE_GROUP, FIFO}
        for workload in workloads(Plan(traces=None, seeds=1))
        for rule in workload.rules
    )
