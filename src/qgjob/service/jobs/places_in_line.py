"""Places in line: what jobs of one run that ask for the same get together, by the rule and what their org has to do."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from qgjob.core.policy import Rule, Standing
from qgjob.core.requirement import Requirement
from qgjob.core.words import Priority
from qgjob.service.jobs.demand import Demand


class Line(NamedTuple):
    """Jobs that share one place in line. `run`: by number; `deadline_at`: their submitter's."""

    run: int
    requirement: Requirement
    priority: Priority
    deadline_at: datetime | None


def standings_of(
    lines: Iterable[tuple[Line, int]], demand_for: Callable[[Requirement], Demand], rule: Rule, *, now: datetime
) -> Mapping[Line, Standing]:
    """Give the jobs of each line their place. `lines`: of every job, with its estimate in microseconds.

    `demand_for`: what their org has outstanding on a requirement by now.

    All that a run brings counts for each of its lines. Where jobs have a deadline of their own the longest of them
    must start in time for it.
    """
    by_run: dict[int, dict[Line, list[int]]] = {}
    for line, estimate_us in lines:
        by_run.setdefault(line.run, {}).setdefault(line, []).append(estimate_us)
    demands: dict[Requirement, Demand] = {}
    standings: dict[Line, Standing] = {}
    for of_run in by_run.values():
        for line, estimates_us in of_run.items():
            if line.requirement not in demands:
                demands[line.requirement] = demand_for(line.requirement)
            demands[line.requirement].add(line.priority, timedelta(microseconds=sum(estimates_us)))
        for line, estimates_us in of_run.items():
            longest = timedelta(microseconds=max(estimates_us))
            start_by = None if line.deadline_at is None else line.deadline_at - longest
            asked = demands[line.requirement].asked(line.priority, now, start_by=start_by)
            standings[line] = rule.standing(asked)
    return standings
