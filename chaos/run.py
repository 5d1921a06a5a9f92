"""One run: a farm, a storm over it, calm weather until all is done, and then the reckoning."""

import asyncio
import random
import time
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2

from chaos import checker, old_worker, users
from chaos.asking import Asking
from chaos.diary import Diary
from chaos.farm import Farm, Ground, a_farm
from chaos.harms import inflict
from chaos.plan import STORM_S, Plan
from chaos.project import bundle
from chaos.users import Errand

CALM_S = 60.0
"""How long everything accepted may take to end once nothing is broken any more."""
_POLL_S = 0.3


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """How a run came out. `broken`: every promise that was, a sentence each."""

    jobs: int
    verdicts: Counter[str]
    seconds: float
    broken: Sequence[str]


async def run(plan: Plan, ground: Ground) -> Outcome:
    """Run a plan to its end."""
    began = time.monotonic()
    diary = Diary(path=ground.folder / "diary.jsonl")
    async with a_farm(plan, ground) as farm:
        await farm.wait_until_it_answers()
        await _live_through(plan, farm, diary, ground.folder)
        exits = await _stop(farm)
    broken = [*diary.complaints, *exits, *await asyncio.to_thread(checker.reckon, farm, diary)]
    return Outcome(
        jobs=len(diary.jobs),
        verdicts=Counter(ending.verdict for ending in diary.endings.values()),
        seconds=time.monotonic() - began,
        broken=list(dict.fromkeys(broken)),
    )


async def _live_through(plan: Plan, farm: Farm, diary: Diary, folder: Path) -> None:
    dice = random.Random(plan.pace_seed)  # noqa: S311 - no secret
    url = f"http://127.0.0.1:{farm.users_line.port}"
    async with httpx2.AsyncClient(base_url=url, trust_env=False) as client, _tasks() as tasks:
        asking = Asking(client, diary, random.Random(dice.random()))  # noqa: S311
        errand = Errand(asking=asking, diary=diary, bundle=bundle(folder))
        await users.stock(errand)
        over = asyncio.Event()
        tasks.append(asyncio.create_task(old_worker.serve(errand, random.Random(dice.random()))))  # noqa: S311
        working = [
            asyncio.create_task(users.work(errand, random.Random(dice.random()), over))  # noqa: S311
            for _ in range(plan.users)
        ]
        tasks.extend(working)
        await _storm(plan, farm)
        over.set()
        farm.heal()
        done, hanging = await asyncio.wait(working, timeout=CALM_S)
        for task in done:
            task.result()
        if hanging:
            diary.complain(f"us: {len(hanging)} users had no answer {CALM_S:g} s after the storm")
        await _calm_down(farm, errand)


async def _storm(plan: Plan, farm: Farm) -> None:
    """Let the faults happen when they are due; what still lasts at the end of the storm ends with it."""
    began = time.monotonic()
    async with _tasks() as harms:
        for fault in plan.faults:
            await asyncio.sleep(began + fault.at_s - time.monotonic())
            harms.append(asyncio.create_task(inflict(farm, fault)))
        await asyncio.sleep(began + STORM_S - time.monotonic())


@asynccontextmanager
async def _tasks() -> AsyncIterator[list[asyncio.Task[None]]]:
    """Keep tasks while the block lasts, and end them with it. Raises what one of them has raised."""
    tasks = list[asyncio.Task[None]]()
    try:
        yield tasks
    finally:
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)
    for task in tasks:
        if not task.cancelled():
            task.result()


async def _calm_down(farm: Farm, errand: Errand) -> None:
    """Wait until all accepted jobs are final and every agent has told all that it knows."""
    deadline = time.monotonic() + CALM_S
    while errand.diary.unfinished or any(agent.undelivered() for agent in farm.agents):
        if time.monotonic() > deadline:
            return
        await users.look_at_unfinished(errand)
        await asyncio.sleep(_POLL_S)


async def _stop(farm: Farm) -> list[str]:
    """Stop everything in order, agents first; returns what did not end as it should."""
    complaints = []
    for name, group in (("agent", farm.agents), ("server", farm.servers)):
        codes = await asyncio.gather(*(each.program.stop() for each in group))
        complaints += [
            f"us: {name} {number} ended with {'a kill' if code is None else f'exit code {code}'} after SIGTERM"
            for number, code in enumerate(codes, start=1)
            if code != 0
        ]
    return complaints
