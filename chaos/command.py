"""The command line of `./run chaos`: its options, a line for every run, and its exit codes."""

import argparse
import asyncio
import random
import shutil
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from chaos.disk import mounts_of_our_own, remove_with_disks
from chaos.farm import Ground
from chaos.plan import Database, Plan, draw
from chaos.processes import Nursery, a_nursery
from chaos.run import Outcome, run
from local_postgres import DidNotStart, LocalPostgres, NoPostgres, a_postgres, pick
from qgjob.store import Store

MOST_SEED = 1_000_000
BROKEN, USAGE, INTERRUPTED = 1, 2, 130
_LIMIT_S, _LIMIT_PER_RUN_S = 120.0, 40.0
_LONGEST_RUN_S = 180.0
_MOST_TOLD = 20
_MOST_CHARACTERS = 600


def run_command(arguments: Sequence[str]) -> int:
    """Run, and say how it went: a line for each run on stdout. Returns the exit code."""
    options = _parser().parse_args(arguments)
    seed = options.seed if options.seed is not None else random.randrange(MOST_SEED)  # noqa: S311 - no secret
    databases = [Database(options.database)] if options.database else list(Database)
    plans = [draw(seed + number, database) for number in range(options.runs) for database in databases]
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background job would ignore it
    mounts = mounts_of_our_own()
    try:
        return asyncio.run(_run_all(plans, mounts=mounts, options=options))
    except NoPostgres as error:
        _say(f"chaos: {error}")
        return USAGE
    except KeyboardInterrupt:
        return INTERRUPTED


async def _run_all(plans: Sequence[Plan], *, mounts: bool, options: argparse.Namespace) -> int:
    deadline = time.monotonic() + (options.limit or _LIMIT_S + len(plans) * _LIMIT_PER_RUN_S)
    broken = 0
    with ExitStack() as stack:
        postgres = None
        if any(plan.database is Database.POSTGRES for plan in plans):
            postgres = stack.enter_context(a_postgres(pick(options.postgres), fsync=False))
        async with a_nursery() as nursery:
            for number, plan in enumerate(plans, start=1):
                if time.monotonic() > deadline:
                    _say(f"chaos: the time is up: {len(plans) - number + 1} of {len(plans)} runs were left out")
                    return BROKEN
                if options.plan:
                    _say("\n".join(map(str, plan.faults)))
                with _ground(plan, nursery, postgres, mounts=mounts) as ground:
                    outcome = await _within_limit(plan, ground)
                    kept = _keep(ground, options.keep) if outcome.broken else None
                broken += bool(outcome.broken)
                _tell(number, len(plans), plan, outcome, kept)
    _say(f"chaos: {len(plans) - broken} of {len(plans)} runs were clean")
    return BROKEN if broken else 0


async def _within_limit(plan: Plan, ground: Ground) -> Outcome:
    try:
        async with asyncio.timeout(_LONGEST_RUN_S):
            return await run(plan, ground)
    except TimeoutError:
        sentence = f"us: the run did not come to its end within {_LONGEST_RUN_S:g} s"
    except DidNotStart as error:
        sentence = f"us: PostgreSQL did not start again: {error}"
    return Outcome(jobs=0, verdicts=Counter(), seconds=_LONGEST_RUN_S, broken=[sentence])


@contextmanager
def _ground(plan: Plan, nursery: Nursery, postgres: LocalPostgres | None, *, mounts: bool) -> Iterator[Ground]:
    """Make a place for one run; nothing is left of it afterwards."""
    folder = nursery.folder / f"{plan.database}-{plan.seed}"
    folder.mkdir()
    url = None
    if plan.database is Database.POSTGRES and postgres is not None:
        url = postgres.create_database(template=postgres.template("farm", lambda url: Store.open(url).close()))
    ground = Ground(folder=folder, nursery=nursery, mounts=mounts, postgres=None if url is None else postgres, url=url)
    try:
        yield ground
    finally:
        remove_with_disks(folder)
        if url is not None and postgres is not None:
            if not postgres.running:
                postgres.start()
            postgres.drop_database(url)


def _keep(ground: Ground, folder: Path | None) -> Path | None:
    """Copy what a run has left to where somebody can look at it: its disks are gone with us."""
    if folder is None:
        return None
    kept = folder / ground.folder.name
    shutil.copytree(ground.folder, kept, ignore=shutil.ignore_patterns("ballast"))
    return kept


def _tell(number: int, of: int, plan: Plan, outcome: Outcome, kept: Path | None) -> None:
    verdicts = " ".join(f"{verdict} {count}" for verdict, count in sorted(outcome.verdicts.items()))
    sys.stdout.write(
        f"run {number}/{of}  {plan.database}  seed {plan.seed}  {len(plan.faults)} faults  {outcome.jobs} jobs "
        f"({verdicts})  {outcome.seconds:.1f} s  {'BROKEN' if outcome.broken else 'ok'}\n"
    )
    for sentence in outcome.broken[:_MOST_TOLD]:
        sys.stdout.write(f"    {sentence[:_MOST_CHARACTERS]}\n")
    if len(outcome.broken) > _MOST_TOLD:
        sys.stdout.write(f"    … and {len(outcome.broken) - _MOST_TOLD} more\n")
    if outcome.broken:
        again = f"./run chaos --database {plan.database} --seed {plan.seed} --runs 1 --plan"
        sys.stdout.write(f"    the same faults again: {again}{'' if kept is None else f'   (what is left: {kept})'}\n")
    sys.stdout.flush()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="./run chaos",
        description="Runs small farms, breaks them while they work, and checks afterwards that every promise was kept. "
        "Exits with 1 when one was not.",
    )
    parser.add_argument("--runs", type=int, default=3, metavar="N", help="runs for each database (default 3)")
    parser.add_argument(
        "--seed", type=int, metavar="S", help="of the first run; each further run takes the next (default: chance)"
    )
    parser.add_argument("--database", choices=[each.value for each in Database], help="only this one (default: both)")
    parser.add_argument("--postgres", type=int, metavar="MAJOR", help="PostgreSQL's version (default: the first found)")
    parser.add_argument("--limit", type=float, metavar="SECONDS", help="begin no further run after so long")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="copy here what a run with a broken promise has left")
    parser.add_argument("--plan", action="store_true", help="say before each run what is going to happen")
    return parser


def _say(text: str) -> None:
    sys.stdout.flush()
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()
