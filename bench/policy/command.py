"""The command line of `./run bench policy`."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from bench.measured import Measured
from bench.options import count, file_to_write
from bench.policy.decisions import decision_figures
from bench.policy.figures import figures_of
from bench.policy.plan import BESIDE, LARGE, Plan
from bench.policy.workloads import outcome_of, references_in, said, workloads
from bench.report import as_json, as_text
from qgjob.core.errors import QgjobError

COMPARED = (
    "Simulated, all of it: the shipped rule and the real verbs on a database in memory, in virtual time, beside two "
    "plain rules (the whole group to one worker; strict priority, then first come) through the same verbs. Bounds are "
    "what no rule can beat. What a decision costs is measured on a real SQLite file."
)
MOST_SEEDS = 100
FAILED = 3


def run_command(arguments: Sequence[str]) -> int:
    """Simulate and report: the table on stdout, progress on stderr. Returns the exit code."""
    options = _parser().parse_args(arguments)
    plan = Plan(traces=options.traces, seeds=options.seeds, large=options.large)
    if plan.traces is None:
        _say("There is no folder of workloads beside the project: only generated ones are simulated (--traces DIR).")
    try:
        measured = _measure(plan)
    except QgjobError as error:
        _say(error.message)
        return FAILED
    sys.stdout.write(as_text(measured) + "\n")
    if options.json:
        options.json.write_text(as_json(measured) + "\n", encoding="utf-8")
    return 0


def _measure(plan: Plan) -> Measured:
    references = references_in(plan.traces)
    outcomes = [outcome_of(workload, references, say=_say) for workload in workloads(plan)]
    return Measured(
        compared=COMPARED,
        set_up={"workloads": str(len(outcomes)), "generated seeds": str(plan.seeds)},
        figures=[*figures_of(outcomes), *decision_figures()],
        runs={outcome.workload.name: said(outcome) for outcome in outcomes},
    )


def _say(line: str) -> None:
    sys.stderr.write(line + "\n")
    sys.stderr.flush()


def _folder(text: str) -> Path:
    path = Path(text)
    if not path.is_dir():
        raise argparse.ArgumentTypeError(f"{text!r} is no folder")
    return path


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="./run bench policy",
        description="Simulates workloads by the shipped rule and by two plain ones, and judges the rule by its goals.",
    )
    parser.add_argument(
        "--traces", type=_folder, metavar="DIR", default=BESIDE if BESIDE.is_dir() else None,
        help="a folder of workloads, with those of docs/simulate.md (default: one beside the project, if it is there)",
    )  # fmt: skip
    parser.add_argument(
        "--seeds", type=count(MOST_SEEDS), metavar="N", default=Plan.seeds,
        help=f"how many workloads of each kind to generate as well (default {Plan.seeds})",
    )  # fmt: skip
    parser.add_argument("--large", action="store_true", help=f"the workload {LARGE!r} too, which takes minutes")
    parser.add_argument("--json", type=file_to_write, metavar="FILE", help="also write every figure to FILE")
    return parser
