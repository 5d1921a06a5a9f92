"""The command line of `./run bench http`."""

import argparse
from collections.abc import Sequence
from dataclasses import replace

from bench.http.measure import measure
from bench.http.plan import FEW_JOBS, QUICK, Plan
from bench.options import count, file_to_write
from bench.session import run_session

MOST_JOBS = 10_000_000
MOST_ROUNDS = 50


def run_command(arguments: Sequence[str]) -> int:
    """Measure and report: the table on stdout, progress on stderr. Returns the exit code."""
    options = _parser().parse_args(arguments)
    plan = QUICK if options.quick else Plan()
    asked = {"kept": options.jobs, "rounds": options.rounds}
    plan = replace(plan, **{name: value for name, value in asked.items() if value is not None})
    plan = replace(plan, kept=max(plan.kept, 2 * FEW_JOBS))
    return run_session(lambda cache, work, say: measure(plan, cache=cache, work=work, say=say), json=options.json)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="./run bench http",
        description="Sends requests to real servers on SQLite and PostgreSQL, and to what they are compared with, in "
        "turn; reads while a million jobs are kept.",
    )
    parser.add_argument(
        "--jobs", type=count(MOST_JOBS), metavar="N", help=f"jobs that are kept for the reads (default {Plan.kept:,})"
    )
    parser.add_argument(
        "--rounds", type=count(MOST_ROUNDS), metavar="N", help=f"how often each is measured (default {Plan.rounds})"
    )
    parser.add_argument("--quick", action="store_true", help="a small run that shows only that everything works")
    parser.add_argument("--json", type=file_to_write, metavar="FILE", help="also write every figure to FILE")
    return parser
