"""Which workloads are simulated, by which rules, and what came of each."""

import json
import re
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

from bench.policy.plan import DAYS, FAIRNESS, LARGE, MAKESPAN, SLOWEST_ORG, Plan
from bench.program import Measures as Said
from qgjob.sim.baselines import policy_named
from qgjob.sim.generate import burst, ci_day
from qgjob.sim.measures import Measures, measure
from qgjob.sim.run import simulate
from qgjob.sim.trace import Trace
from qgjob.sim.trace_file import read_trace

WARMSPLIT, WHOLE_GROUP, FIFO, ONE_JOB = "warmsplit", "whole-group", "fifo", "one job a lease"
_ALL = (WARMSPLIT, WHOLE_GROUP, FIFO)
_BURST = re.compile(r"(?:bursts/|generated )m(?P<devices>\d+)-(?P<kind>history|new)-(?P<seed>\d+)")
_REFERENCE = "reference.json"


@dataclass(frozen=True, kw_only=True)
class Workload:
    """A workload by its name; `burst`: how many devices it has and whether its tests had run before."""

    name: str
    load: Callable[[], Trace]
    rules: tuple[str, ...]

    @property
    def burst(self) -> tuple[int, bool] | None:
        """Tell a burst by its name."""
        found = _BURST.fullmatch(self.name)
        return None if found is None else (int(found["devices"]), found["kind"] == "history")


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What each rule came to. `bound_s`: no rule is done sooner, by the workload's own reference where it has one."""

    workload: Workload
    by_rule: Mapping[str, Measures]
    bound_s: float


def workloads(plan: Plan) -> Iterator[Workload]:
    """List those of the folder that have goals, then those that are generated."""
    if plan.traces is not None:
        yield from _files(plan.traces, large=plan.large)
    for seed in range(1, plan.seeds + 1):
        yield from _generated(seed)


def outcome_of(workload: Workload, references: Mapping[str, Said], *, say: Callable[[str], None]) -> Outcome:
    """Simulate a workload by each of its rules."""
    trace = workload.load()
    by_rule: dict[str, Measures] = {}
    for rule in workload.rules:
        name = WARMSPLIT if rule == ONE_JOB else rule
        policy = policy_named(name, {}, one_job_a_lease=rule == ONE_JOB)
        began_s = time.process_time()
        by_rule[rule] = measure(simulate(trace, policy), policy=rule)
        say(f"  {workload.name}, {rule}: {len(trace.jobs):,} jobs in {time.process_time() - began_s:.1f} s of CPU")
    own_s = by_rule[WARMSPLIT].least_makespan_s
    return Outcome(
        workload=workload,
        by_rule=by_rule,
        bound_s=references.get(workload.name, {}).get("makespan_lower_bound_s", own_s),
    )


def references_in(folder: Path | None) -> Mapping[str, Said]:
    """Read what others made of the same workloads, where that lies beside them."""
    path = None if folder is None else folder / _REFERENCE
    if path is None or not path.exists():
        return {}
    found: dict[str, Said] = json.loads(path.read_text("utf-8"))
    return found


def said(outcome: Outcome) -> list[Said]:
    """Write down what came of a workload, for the report."""
    return [{"rule": rule, "bound_s": outcome.bound_s} | asdict(each) for rule, each in outcome.by_rule.items()]


def _files(folder: Path, *, large: bool) -> Iterator[Workload]:
    for path in sorted(folder.glob("bursts/*.json")):
        yield Workload(name=f"bursts/{path.stem}", load=partial(read_trace, path), rules=(WARMSPLIT, WHOLE_GROUP))
    for name in {**DAYS, **FAIRNESS, **MAKESPAN, **SLOWEST_ORG}:
        found = [each for each in (folder / f"{name}.json.gz", folder / f"{name}.json") if each.exists()]
        if not found or (name == LARGE and not large):
            continue
        rules = _ALL if name in DAYS else (WARMSPLIT,)
        extra = (ONE_JOB,) if name == "ci-day-40" else ()
        yield Workload(name=name, load=partial(read_trace, found[0]), rules=rules + extra)


def _generated(seed: int) -> Iterator[Workload]:
    for devices in (1, 2, 3, 4, 5, 6, 8, 10):
        for known in (True, False):
            yield Workload(
                name=f"generated m{devices}-{'history' if known else 'new'}-{seed}",
                load=partial(burst, seed=seed, devices=devices, known=known),
                rules=(WARMSPLIT, WHOLE_GROUP),
            )
    yield Workload(name=f"generated ci-day-{seed}", load=partial(ci_day, seed=seed), rules=_ALL)
