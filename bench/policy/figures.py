"""What the simulations come to. Pure arithmetic."""

from collections.abc import Callable, Iterator, Sequence
from statistics import fmean

from bench.goal import Figure, Goal
from bench.policy.plan import (
    BURST_KNOWN_MAX,
    BURST_KNOWN_MEAN,
    BURST_NEW_MEAN,
    BURST_OF_WHOLE_GROUP,
    BURST_WIDE,
    DAYS,
    FAIRNESS,
    MAKESPAN,
    SLOWEST_ORG,
    DayGoals,
)
from bench.policy.workloads import FIFO, ONE_JOB, WARMSPLIT, WHOLE_GROUP, Outcome
from bench.spread import spread
from qgjob.sim.measures import Measures

ON = "simulated"


def figures_of(outcomes: Sequence[Outcome]) -> list[Figure]:
    """Sum up all workloads: those of files and those of seeds apart."""
    return [*_bursts(outcomes, "bursts/"), *_bursts(outcomes, "generated "), *_days(outcomes), *_others(outcomes)]


def _bursts(outcomes: Sequence[Outcome], named: str) -> Iterator[Figure]:
    bursts = [each for each in outcomes if each.workload.burst and each.workload.name.startswith(named)]
    what = "bursts of files" if named == "bursts/" else "bursts of seeds"
    for known, word in ((True, "known"), (False, "new")):
        over = [_over_bound(each) for each in bursts if each.workload.burst and each.workload.burst[1] is known]
        if not over:
            continue
        work = f"{what}, tests {word} ({len(over)})"
        yield _figure(work, "bound, mean", fmean(over), BURST_KNOWN_MEAN if known else BURST_NEW_MEAN)
        yield _figure(work, "bound, most", max(over), BURST_KNOWN_MAX if known else None)
    wide = [
        _of(each, WHOLE_GROUP, lambda measures: measures.makespan_s)
        for each in bursts
        if each.workload.burst and each.workload.burst[0] >= BURST_WIDE
    ]
    if wide:
        work = f"{what}, {BURST_WIDE} devices and more ({len(wide)})"
        yield _figure(work, "whole group's makespan, mean", fmean(wide), BURST_OF_WHOLE_GROUP)
        yield _figure(work, "whole group's makespan, most", max(wide), None)


def _days(outcomes: Sequence[Outcome]) -> Iterator[Figure]:
    for outcome in outcomes:
        name = outcome.workload.name
        if FIFO not in outcome.by_rule:
            continue
        goals = DAYS.get(name)
        ours = outcome.by_rule[WARMSPLIT]
        yield _figure(
            name, "whole group's slowdown", _of(outcome, WHOLE_GROUP, _slowdown), _goal(goals, "of_whole_group")
        )
        yield _figure(name, "FIFO's slowdown", _of(outcome, FIFO, _slowdown), _goal(goals, "of_fifo"))
        installs = _of(outcome, FIFO, lambda measures: measures.installs)
        yield _figure(name, "FIFO's installs", installs, _goal(goals, "installs_of_fifo"))
        if "urgent" in ours.waits:
            urgent = _of(outcome, FIFO, lambda measures: measures.waits["urgent"].p95_s)
            yield _figure(name, "FIFO's urgent p95 wait", urgent, _goal(goals, "urgent_of_fifo"))
        yield _figure(name, "fairness", ours.fairness, _goal(goals, "fairness"), unit="")
        if ONE_JOB in outcome.by_rule:
            yield _figure(name, "slowdown with one job a lease", _of(outcome, ONE_JOB, _slowdown), None)
            alone = outcome.by_rule[ONE_JOB].makespan_s
            yield _figure(name, "makespan with one job a lease", ours.makespan_s / alone, None)


def _others(outcomes: Sequence[Outcome]) -> Iterator[Figure]:
    for outcome in outcomes:
        name, ours = outcome.workload.name, outcome.by_rule[WARMSPLIT]
        if name in FAIRNESS:
            yield _figure(name, "fairness", ours.fairness, FAIRNESS[name], unit="")
        if name in MAKESPAN:
            yield _figure(name, "bound", _over_bound(outcome), MAKESPAN[name])
        if name in SLOWEST_ORG:
            orgs, goal = SLOWEST_ORG[name]
            slowest = max(ours.slowdown_by_org[org] for org in orgs)
            yield _figure(name, f"slowdown of {orgs[0] if len(orgs) == 1 else 'small orgs'}", slowest, goal, unit="")


def _figure(work: str, against: str, value: float, goal: Goal | None, *, unit: str = "x") -> Figure:
    return Figure(work=work, database=ON, against=against, unit=unit, measured=spread([value]), goal=goal)


def _goal(goals: DayGoals | None, name: str) -> Goal | None:
    goal: Goal | None = None if goals is None else getattr(goals, name)
    return goal


def _slowdown(measures: Measures) -> float:
    return measures.slowdown


def _over_bound(outcome: Outcome) -> float:
    return outcome.by_rule[WARMSPLIT].makespan_s / outcome.bound_s


def _of(outcome: Outcome, rule: str, value: Callable[[Measures], float]) -> float:
    """Compare a figure of WarmSplit with another rule's."""
    return value(outcome.by_rule[WARMSPLIT]) / value(outcome.by_rule[rule])
