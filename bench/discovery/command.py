"""The command line of `./run bench discovery`."""

import argparse
from collections.abc import Sequence

from bench.discovery.measure import Plan, measure
from bench.options import count, file_to_write
from bench.session import run_session

MOST_SPECS = 500
"""The ids of more do not fit into what is kept of a program's output."""
MOST_ROUNDS = 50


def run_command(arguments: Sequence[str]) -> int:
    """Measure and report: the table on stdout, progress on stderr. Returns the exit code."""
    options = _parser().parse_args(arguments)
    plan = Plan(specs=options.specs, rounds=options.rounds)
    return run_session(lambda cache, work, say: measure(plan, cache=cache, work=work, say=say), json=options.json)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="./run bench discovery",
        description="Finds, packs and submits a generated project with `qgjob run --no-wait`, twice, beside "
        "Playwright's own --list, in turn; counts the bytes that were sent.",
    )
    parser.add_argument(
        "--specs", type=count(MOST_SPECS), default=Plan.specs, metavar="N", help=f"spec files (default {Plan.specs})"
    )
    parser.add_argument(
        "--rounds", type=count(MOST_ROUNDS), default=Plan.rounds, metavar="N",
        help=f"how often each is measured (default {Plan.rounds})",
    )  # fmt: skip
    parser.add_argument("--json", type=file_to_write, metavar="FILE", help="also write every figure to FILE")
    return parser
