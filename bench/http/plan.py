"""What one call of the benchmark measures: how much, how often, and the goals."""

from dataclasses import dataclass

from bench.databases import Kind
from bench.goal import Goal

CONNECTIONS = 64
RUN_CONNECTIONS = 8
JOBS_A_RUN = 100
FEW_JOBS = 1_000
GROUPS = 1_000

POST_JOBS = {Kind.SQLITE: Goal(least=0.6), Kind.POSTGRESQL: Goal(least=0.5)}
"""Of what a bare Starlette route does."""
POST_RUNS = {Kind.SQLITE: Goal(least=2.5), Kind.POSTGRESQL: Goal(least=1.0)}
"""Of what PgQueuer enqueues."""
READ_RATIO = Goal(most=1.5)
MEMORY_RATIO = Goal(most=1.5)
STARTS_P50_MS = Goal(most=50.0)
STARTS_P99_MS = Goal(most=250.0)


@dataclass(frozen=True, kw_only=True)
class Plan:
    """`requests`: of `POST /jobs` in a round. `bulk`: jobs by `POST /runs` in a round. `kept`: jobs for the reads.

    `reads`: of each kind in a round. `starts`: jobs that are timed until they run. `rounds`: how often all of it.
    """

    requests: int = 10_000
    bulk: int = 50_000
    kept: int = 1_000_000
    reads: int = 100
    starts: int = 300
    rounds: int = 3


QUICK = Plan(requests=320, bulk=4_000, kept=4_000, reads=10, starts=20, rounds=1)
