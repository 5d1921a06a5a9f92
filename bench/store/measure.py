"""The benchmark from beginning to end: prepare, then all programs in turn, round after round.

Everything that it starts ends with it; what a killed benchmark left behind is ended at the start of the next.
"""

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

from bench.contest import Contest
from bench.databases import Kind, databases
from bench.engines.engines import Command, Engines, prepare_engines
from bench.farm import payload
from bench.measured import Measured
from bench.store.figures import claimed, figures_of, qgjob_drain
from bench.store.plan import CLIENTS, PROCRASTINATE_PART, QGJOB_ON, Plan
from qgjob.agent.processes import Processes

COMPARED = (
    "Compared: in-process verbs beside networked engines. qgjob's verbs (policy, facts, estimates and ledger in) run "
    "in the process of their 64 clients, which lease ten jobs at a time; graphile-worker, PgQueuer and procrastinate "
    "are programs that reach PostgreSQL over loopback, in their fast settings."
)
_END_GRACE_S = 5.0


async def measure(plan: Plan, *, cache: Path, work: Path, say: Callable[[str], None]) -> Measured:
    """Run the plan. `cache` keeps the engines between calls, `work` is an empty folder for everything else.

    Raises BenchBroke when what was measured is worth nothing, QgjobError, NoPostgres and DidNotStart when something
    cannot be used.
    """
    processes = Processes(cache / "bench" / "processes.json")
    await processes.reap()
    try:
        engines = await prepare_engines(cache, processes=processes, say=say)
        with databases(work, say=say) as places:
            set_up = {**places.set_up(), **engines.versions}
            contest = Contest(places=places, processes=processes, say=say)
            for number in range(1, plan.rounds + 1):
                say(f"round {number} of {plan.rounds}: claim + complete")
                await _drain(contest, engines, jobs=plan.jobs)
            for kind in QGJOB_ON:
                await _time_claims(contest, plan, kind)
            return Measured(
                compared=COMPARED,
                set_up=set_up,
                figures=figures_of(contest.runs, plan),
                runs=contest.runs,
            )
    finally:
        await processes.end_all(grace_s=_END_GRACE_S)


async def _drain(contest: Contest, engines: Engines, *, jobs: int) -> None:
    """Drain with each once, in turn."""
    for kind in QGJOB_ON:
        await contest.on_fresh(kind, qgjob_drain(kind), partial(_drain_command, jobs=jobs), jobs=jobs)
    few = max(1, jobs // PROCRASTINATE_PART)
    graphile_worker = partial(engines.graphile_worker, jobs=jobs, clients=CLIENTS, payload=payload())
    pgqueuer = partial(engines.pgqueuer, jobs=jobs, payload=payload())
    procrastinate = partial(engines.procrastinate, jobs=few, payload=payload())
    await contest.on_fresh(Kind.POSTGRESQL, "graphile-worker", graphile_worker, jobs=jobs)
    await contest.on_fresh(Kind.POSTGRESQL, "PgQueuer", pgqueuer, jobs=jobs)
    await contest.on_fresh(Kind.POSTGRESQL, "procrastinate", procrastinate, jobs=few)


async def _time_claims(contest: Contest, plan: Plan, kind: Kind) -> None:
    """Fill a database of each size once, then time claims on each in turn."""
    urls = {size: contest.places.fresh(kind) for size in plan.sizes}
    for (jobs, groups), url in urls.items():
        contest.say(f"filling {kind} with {jobs:,} jobs in {groups:,} groups")
        await contest.run(f"fill {kind}", _claims_command("make", url, jobs=jobs, groups=groups))
    for number in range(1, plan.rounds + 1):
        contest.say(f"round {number} of {plan.rounds}: claims on {kind}")
        for (jobs, groups), url in urls.items():
            said = await contest.run(
                claimed(kind, waiting=jobs, groups=groups), _claims_command("measure", url, jobs=jobs, groups=groups)
            )
            contest.say(
                f"  {jobs:>9,} jobs in {groups:>7,} groups: p50 {said['alone_p50_ms']:.2f} ms alone, "
                f"p99 {said['together_p99_ms']:.1f} ms of {CLIENTS} at once"
            )
    for url in urls.values():
        contest.places.drop(url)


def _drain_command(url: str, *, jobs: int) -> Command:
    return (sys.executable, "-m", "bench.store.drain", url, "--jobs", str(jobs), "--clients", str(CLIENTS))


def _claims_command(what: str, url: str, *, jobs: int, groups: int) -> Command:
    size = ("--jobs", str(jobs), "--groups", str(groups), "--workers", str(CLIENTS))
    return (sys.executable, "-m", "bench.store.claims", what, url, *size)
