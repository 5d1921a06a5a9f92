"""The command line of `./run bench runner`: its options, where its words go, and its exit codes."""

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from bench.alone import alone
from bench.broke import BenchBroke
from bench.options import count, file_to_write
from bench.runner.measure import measure
from bench.runner.plan import Plan
from bench.runner.report import as_json, as_text
from demo.farm import DidNotStart
from qgjob.core.errors import ConfigurationError, QgjobError

CACHE = Path(__file__).parents[2] / ".cache"
MOST_CASES = 8
MOST_ROUNDS = 50
WORTHLESS, USAGE, INFRASTRUCTURE, INTERRUPTED = 1, 2, 3, 130


def run_command(arguments: Sequence[str]) -> int:
    """Measure and report: the table on stdout, progress on stderr. Returns the exit code."""
    options = _parser().parse_args(arguments)
    plan = Plan(cases=options.cases, rounds=options.rounds)
    try:
        with alone(CACHE / "bench"), tempfile.TemporaryDirectory(prefix="qgjob-bench-") as work:
            measured = asyncio.run(measure(plan, cache=CACHE, work=Path(work), say=_say))
    except BenchBroke as error:
        _say(f"bench: {error}")
        return WORTHLESS
    except ConfigurationError as error:
        _say(f"bench: {error.message}")
        return USAGE
    except (QgjobError, DidNotStart) as error:
        _say(f"bench: {error}")
        return INFRASTRUCTURE
    except KeyboardInterrupt:
        return INTERRUPTED
    if options.json:
        options.json.write_text(as_json(measured) + "\n", encoding="utf-8")
    sys.stdout.write(as_text(measured) + "\n")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="./run bench runner",
        description="Runs the same cases through stock Appwright and through qgjob, in turn, on one virtual device at "
        "three modelled install speeds.",
    )
    parser.add_argument(
        "--cases", type=count(MOST_CASES), default=Plan.cases, metavar="N",
        help=f"at least so many cases, in whole spec files; 1 to {MOST_CASES} (default {Plan.cases})",
    )  # fmt: skip
    parser.add_argument(
        "--rounds", type=count(MOST_ROUNDS), default=Plan.rounds, metavar="N",
        help=f"how often each way runs them at each speed; 1 to {MOST_ROUNDS} (default {Plan.rounds})",
    )  # fmt: skip
    parser.add_argument("--json", type=file_to_write, metavar="FILE", help="also write every figure to FILE")
    return parser


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()
