"""Runs a job of one of this repository's workflows: its `run` steps in bash, and the action where it says `uses: ./`.

Actions of others are left out: what they set up (a checkout, Node) is there where the tests run.
"""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import cast

import yaml

from tests.ci.action import ROOT, ActionRun, Ended, Job, Scope


def run_job(job: Job, workflow: Path, name: str, known: Mapping[str, str] | None = None) -> ActionRun:
    """Run a job; what became of each step, by its id or else its name. `known`: what its expressions may name."""
    steps = yaml.safe_load(workflow.read_text(encoding="utf-8"))["jobs"][name]["steps"]
    run = ActionRun()
    scope = Scope(known=known or {}, run=run)
    for number, step in enumerate(cast("list[Mapping[str, object]]", steps)):
        key = str(step.get("id") or step.get("name") or number)
        uses = str(step.get("uses", ""))
        if uses.startswith("actions/"):
            continue
        if not scope.holds(str(step.get("if", "success()"))):
            run.steps[key] = Ended(outcome="skipped")
        elif uses:
            assert uses in {"./", "./.qgjob"}
            run.steps[key] = _used(job, scope, cast("Mapping[str, object]", step["with"]))
        else:
            variables = cast("Mapping[str, object]", step.get("env", {}))
            filled = {name: scope.filled(str(value)) for name, value in variables.items()}
            where = job.workspace / scope.filled(str(step.get("working-directory", ".")))
            run.steps[key] = job.bash(str(step["run"]), filled, where=where)
    return run


def _used(job: Job, scope: Scope, inputs: Mapping[str, object]) -> Ended:
    used = replace(job, action=ROOT).use_action({name: scope.filled(str(value)) for name, value in inputs.items()})
    return Ended(
        outcome="failure" if used.code else "success",
        code=used.code,
        log=used.log,
        outputs=used.outputs,
        summary=used.summary,
    )
