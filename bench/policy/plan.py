"""What the rule has to reach, workload by workload."""

from dataclasses import dataclass
from pathlib import Path

from bench.goal import Goal

BESIDE = Path(__file__).parents[2].parent / "shared" / "traces"
"""Where workloads lie beside the project, on machines that have them."""
LARGE = "large"

BURST_KNOWN_MEAN = Goal(most=1.10)
BURST_KNOWN_MAX = Goal(most=1.45)
BURST_NEW_MEAN = Goal(most=1.22)
BURST_OF_WHOLE_GROUP = Goal(most=0.75)
BURST_WIDE = 5
"""From so many devices up a burst is compared with the whole-group rule."""


@dataclass(frozen=True, kw_only=True)
class DayGoals:
    """Of a day's slowdown, beside both plain rules; and of its installs, urgent waits and fairness."""

    of_whole_group: Goal
    of_fifo: Goal | None = None
    installs_of_fifo: Goal | None = None
    urgent_of_fifo: Goal | None = None
    fairness: Goal | None = None


DAYS = {
    "ci-day-40-10h": DayGoals(
        of_whole_group=Goal(most=0.65),
        of_fifo=Goal(most=0.2),
        installs_of_fifo=Goal(most=0.5),
        urgent_of_fifo=Goal(most=1.3),
        fairness=Goal(most=1.6),
    ),
    "ci-day-40": DayGoals(
        of_whole_group=Goal(most=0.65),
        of_fifo=Goal(most=0.25),
        installs_of_fifo=Goal(most=0.5),
        urgent_of_fifo=Goal(most=1.3),
        fairness=Goal(most=1.6),
    ),
    "ci-day-8": DayGoals(of_whole_group=Goal(most=0.8)),
    "failures": DayGoals(of_whole_group=Goal(most=0.7)),
}
FAIRNESS = {"huge-group": Goal(most=3.5)}
MAKESPAN = {"overload": Goal(most=1.2), LARGE: Goal(most=1.10)}
SLOWEST_ORG = {"spam": (("quiet",), Goal(most=4)), "one-device": (("s0", "s1", "s2", "s3"), Goal(most=10))}
"""Orgs that must not suffer from the others, and how much slower than alone they may be at most."""


@dataclass(frozen=True, kw_only=True)
class Plan:
    """`traces`: a folder of workloads, None: there is none. `seeds`: how many of each kind are generated as well.

    `large`: the largest one too.
    """

    traces: Path | None
    seeds: int = 3
    large: bool = False
