"""What one decision costs: the picture read from SQLite, and the choice. CPU time of the thread that decides."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.farm import AGENT, Farm, make_farm
from bench.goal import Figure, Goal
from bench.spread import ratios, spread
from qgjob.core.policy import SHIPPED
from qgjob.service import find
from qgjob.service.leasing.picture import picture_of
from qgjob.store import Store, Transaction
from qgjob.store.nouns import worker_of

WORKERS = 40
"""Half of them have work when the others decide."""
ROUNDS = 5
DECISIONS_A_ROUND = 400
COST = Goal(most=0.4)
GROWTH = Goal(most=1.5)


@dataclass(frozen=True, kw_only=True)
class Size:
    """So many waiting jobs, spread over so many groups."""

    jobs: int
    groups: int

    def __str__(self) -> str:
        return f"a decision, {self.jobs:,} jobs in {self.groups:,} groups"


SMALL, LARGE = Size(jobs=1_000, groups=50), Size(jobs=100_000, groups=5_000)
SERVED = Size(jobs=100_000, groups=WORKERS // 2)
"""Each group has a worker: the rule looks at many more of them than where one has none."""


def decision_figures() -> list[Figure]:
    """Measure what a decision costs in a small farm and in a large one, round by round."""
    small, large = cost_ms(SMALL), cost_ms(LARGE)
    cost, growth, served = spread(large), ratios(large, small), spread(cost_ms(SERVED))
    return [
        Figure(work=str(SMALL), database="SQLite", against="CPU, mean", unit="ms", measured=spread(small)),
        Figure(work=str(LARGE), database="SQLite", against="CPU, mean", unit="ms", measured=cost, goal=COST),
        Figure(work=str(LARGE), database="SQLite", against="the small farm", unit="x", measured=growth, goal=GROWTH),
        Figure(work=str(SERVED), database="SQLite", against="CPU, mean", unit="ms", measured=served, goal=COST),
    ]


def cost_ms(size: Size, *, decisions: int = DECISIONS_A_ROUND) -> Sequence[float]:
    """Fill a farm and let its free workers decide, over and over; the mean of each round."""
    with TemporaryDirectory() as folder:
        store = Store.open(Path(folder) / "farm.db")
        try:
            farm = make_farm(store, groups=size.groups, workers=WORKERS)
            farm.add_jobs(size.jobs)
            asyncio.run(_occupy_half(farm))
            return [store.decide(partial(_decide, farm, decisions)).result() for _ in range(ROUNDS)]
        finally:
            store.close()


async def _occupy_half(farm: Farm) -> None:
    for worker in farm.workers[: WORKERS // 2]:
        await farm.claim(worker)


def _decide(farm: Farm, decisions: int, tx: Transaction) -> float:
    rows = [find.worker_of_agent(tx, AGENT, worker) for worker in farm.workers[WORKERS // 2 :]]
    free = [worker_of(row, tx.now) for row in rows]
    tx.settle()
    began_s = time.thread_time()
    for number in range(decisions):
        picture, _ = picture_of(tx, free[number % len(free)], passed_over=())
        SHIPPED.choose(picture)
    return (time.thread_time() - began_s) * 1000 / decisions
