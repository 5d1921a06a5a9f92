"""What one call of the benchmark measures: how many jobs, how often, and the goals."""

from dataclasses import dataclass

from bench.databases import Kind
from bench.goal import Goal

QGJOB_ON = (Kind.SQLITE, Kind.POSTGRESQL)
CLIENTS = 64
FEW = (1_000, 10)
"""Jobs and groups that a claim among many is compared with."""
PROCRASTINATE_PART = 50
"""procrastinate is slower by two orders: it gets this part of the jobs."""

DRAIN_GOALS = {
    (Kind.SQLITE, "graphile-worker"): Goal(least=1.0),
    (Kind.SQLITE, "PgQueuer"): Goal(least=2.0),
    (Kind.POSTGRESQL, "PgQueuer"): Goal(least=1.0),
}
CLAIM_RATIO = Goal(most=1.5)
CLAIM_P99_MS = Goal(most=50.0)


@dataclass(frozen=True, kw_only=True)
class Plan:
    """`jobs`: to be drained. `waiting`: while claims are timed, in each of `groups`. `rounds`: how often all of it."""

    jobs: int = 50_000
    waiting: int = 1_000_000
    groups: tuple[int, ...] = (1_000, 10_000, 100_000)
    rounds: int = 3

    @property
    def sizes(self) -> tuple[tuple[int, int], ...]:
        """Jobs and groups of every farm that claims are timed on."""
        return (FEW, *((self.waiting, groups) for groups in self.groups))


QUICK = Plan(jobs=2_000, waiting=10_000, groups=(1_000,), rounds=1)
