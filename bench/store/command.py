"""The command line of `./run bench store`."""

import argparse
from collections.abc import Sequence
from dataclasses import replace

from bench.options import count, file_to_write
from bench.session import run_session
from bench.store.measure import measure
from bench.store.plan import QUICK, Plan

MOST_JOBS = 10_000_000
MOST_ROUNDS = 50


def run_command(arguments: Sequence[str]) -> int:
    """Measure and report: the table on stdout, progress on stderr. Returns the exit code."""
    options = _parser().parse_args(arguments)
    plan = QUICK if options.quick else Plan()
    asked = {name: getattr(options, name) for name in ("jobs", "waiting", "rounds")}
    plan = replace(plan, **{name: value for name, value in asked.items() if value is not None})
    plan = replace(plan, groups=tuple(groups for groups in plan.groups if groups * 10 <= plan.waiting) or (10,))
    return run_session(lambda cache, work, say: measure(plan, cache=cache, work=work, say=say), json=options.json)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="./run bench store",
        description="Claims and completes jobs through qgjob's verbs and through the queue engines of the registries, "
        "in turn, on databases that are durable; and times claims while a million jobs wait.",
    )
    parser.add_argument(
        "--jobs", type=count(MOST_JOBS), metavar="N", help=f"jobs to claim and complete (default {Plan.jobs:,})"
    )
    parser.add_argument(
        "--waiting", type=count(MOST_JOBS), metavar="N",
        help=f"jobs that wait while claims are timed (default {Plan.waiting:,})",
    )  # fmt: skip
    parser.add_argument(
        "--rounds", type=count(MOST_ROUNDS), metavar="N", help=f"how often each is measured (default {Plan.rounds})"
    )
    parser.add_argument("--quick", action="store_true", help="a small run that shows only that everything works")
    parser.add_argument("--json", type=file_to_write, metavar="FILE", help="also write every figure to FILE")
    return parser
