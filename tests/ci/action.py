"""Runs action.yml as GitHub's runner does: its steps in order, inputs as expressions into their environment, each step
a bash of its own, outputs and summaries as files, and signals to the running step when the workflow is cancelled.

It knows what the action uses of GitHub's expressions, and refuses the rest.
"""

import os
import re
import signal
import subprocess
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import yaml

ROOT = Path(__file__).parents[2]
STEP_S = 400
"""The first start of an agent on a machine installs Appium."""
_EXPRESSION = re.compile(r"\$\{\{(.*?)\}\}", re.DOTALL)
_COMMAND = re.compile(r"^::(?P<name>[a-z-]+)(?: (?P<properties>[^:]*))?::(?P<data>.*)$")


@dataclass(frozen=True, kw_only=True)
class Ended:
    """How one step ended. `outcome`: success, failure, cancelled or skipped."""

    outcome: str
    code: int | None = None
    log: str = ""
    outputs: Mapping[str, str] = field(default_factory=dict)
    summary: str = ""


@dataclass(kw_only=True)
class ActionRun:
    """One use of the action in a job, and what came of it."""

    steps: dict[str, Ended] = field(default_factory=dict)
    outputs: Mapping[str, str] = field(default_factory=dict)
    cancelled: bool = False

    @property
    def code(self) -> int:
        """The exit code that makes the job red: of the first step that failed."""
        return next((step.code or 0 for step in self.steps.values() if step.code), 0)

    @property
    def summary(self) -> str:
        return "".join(step.summary for step in self.steps.values())

    @property
    def log(self) -> str:
        return "".join(step.log for step in self.steps.values())

    def commands(self) -> list[str]:
        """The workflow commands that the runner would obey, but that which stops them."""
        return [line for step in self.steps.values() for line in _obeyed(step.log)]


@dataclass(kw_only=True)
class Job:
    """A job on a runner: what GitHub tells its steps. `contexts`: `github` and `matrix`, as expressions see them."""

    environment: Mapping[str, str]
    workspace: Path
    temp: Path
    matrix: str = "null"
    token: str = "ghs_of-this-job"  # the fake GitHub's
    action: Path = ROOT

    def use_action(
        self,
        inputs: Mapping[str, str],
        *,
        step: str = "__self",
        during: Mapping[str, Callable[[], object]] | None = None,
    ) -> ActionRun:
        """Run the whole action. `during`: what happens while a step runs, after which the workflow is cancelled."""
        definition = yaml.safe_load((self.action / "action.yml").read_text(encoding="utf-8"))
        unknown = set(inputs) - set(definition["inputs"])
        assert not unknown, f"the action has no inputs {unknown}"
        run = ActionRun()
        outer = Scope(known={"github.token": self.token, "github.action": step, "toJSON(matrix)": self.matrix}, run=run)
        given = {
            name: inputs[name] if name in inputs else outer.filled(str(one.get("default", "")))
            for name, one in definition["inputs"].items()
        }
        scope = Scope(known={f"inputs.{name}": value for name, value in given.items()}, run=run)
        for each in definition["runs"]["steps"]:
            self._step(cast("dict[str, object]", each), scope, run, during or {})
        run.outputs = {name: scope.filled(one["value"]) for name, one in definition["outputs"].items()}
        return run

    def _step(
        self, step: Mapping[str, object], scope: "Scope", run: ActionRun, during: Mapping[str, Callable[[], object]]
    ) -> None:
        name = str(step["id"])
        assert step["shell"] == "bash"
        if not scope.holds(str(step.get("if", "success()"))):
            run.steps[name] = Ended(outcome="skipped")
            return
        variables = {key: scope.filled(str(value)) for key, value in cast("dict[str, object]", step["env"]).items()}
        run.steps[name] = self.bash(str(step["run"]), {**variables, "GITHUB_ACTION": name}, during.get(name))
        run.cancelled = run.cancelled or name in during

    def bash(
        self,
        script: str,
        variables: Mapping[str, str],
        meanwhile: Callable[[], object] | None = None,
        *,
        where: Path | None = None,
    ) -> Ended:
        """Run one step, in the workspace or the folder of it that it names."""
        with tempfile.TemporaryDirectory(dir=self.temp) as folder:
            files = {name: Path(folder) / name for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY", "script.sh", "log")}
            for file in files.values():
                file.touch()
            files["script.sh"].write_text(script, encoding="utf-8")
            environment = {
                **self.environment,
                **variables,
                "GITHUB_ACTION_PATH": str(self.action),
                "GITHUB_WORKSPACE": str(self.workspace),
                "RUNNER_TEMP": str(self.temp),
                **{name: str(files[name]) for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")},
            }
            with files["log"].open("wb") as output:
                process = subprocess.Popen(
                    ["bash", "--noprofile", "--norc", "-eo", "pipefail", files["script.sh"]],
                    cwd=where or self.workspace, env=environment, start_new_session=True,
                    stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
                )  # fmt: skip
                code = _ended(process, meanwhile)
            cancelled = meanwhile is not None
            return Ended(
                outcome="cancelled" if cancelled else "failure" if code else "success",
                code=code,
                log=files["log"].read_text(encoding="utf-8", errors="replace"),
                outputs=_outputs(files["GITHUB_OUTPUT"].read_text(encoding="utf-8")),
                summary=files["GITHUB_STEP_SUMMARY"].read_text(encoding="utf-8"),
            )


def _ended(process: subprocess.Popen[bytes], meanwhile: Callable[[], object] | None) -> int:
    try:
        if meanwhile is None:
            return process.wait(STEP_S)
        meanwhile()
        return _cancelled(process)
    finally:
        process.kill()


def _cancelled(process: subprocess.Popen[bytes]) -> int:
    """As the runner does with a step when its workflow is cancelled; it signals the step's own process alone."""
    for number, seconds in ((signal.SIGINT, 7.5), (signal.SIGTERM, 2.5), (signal.SIGKILL, None)):
        process.send_signal(number)
        with suppress(subprocess.TimeoutExpired):
            return process.wait(seconds)
    raise AssertionError("nothing outlives SIGKILL")


@dataclass(frozen=True, kw_only=True)
class Scope:
    """What expressions may name."""

    known: Mapping[str, str]
    run: ActionRun

    def filled(self, text: str) -> str:
        return _EXPRESSION.sub(lambda found: self._value(found[1].strip()), text)

    def holds(self, condition: str) -> bool:
        return all(self._holds(part.strip()) for part in condition.split("&&"))

    def _holds(self, term: str) -> bool:
        match term:
            case "always()":
                return True
            case "cancelled()":
                return self.run.cancelled
            case "failure()":
                return any(step.outcome == "failure" for step in self.run.steps.values())
            case "success()":
                return not self.run.cancelled and all(step.outcome != "failure" for step in self.run.steps.values())
        left, equals, right = term.partition("==")
        assert equals, f"an expression that is not known here: {term}"
        return self._value(left.strip()) == right.strip().strip("'")

    def _value(self, expression: str) -> str:
        return next((value for part in expression.split("||") if (value := self._one(part.strip()))), "")

    def _one(self, name: str) -> str:
        if found := re.fullmatch(r"steps\.([a-z-]+)\.(outcome|outputs\.([a-z-]+))", name):
            step = self.run.steps.get(found[1], Ended(outcome=""))
            return step.outcome if found[2] == "outcome" else step.outputs.get(found[3], "")
        return self.known[name]


def _outputs(text: str) -> dict[str, str]:
    """Read a file of outputs as the runner does."""
    outputs: dict[str, str] = {}
    lines = iter(text.splitlines())
    for line in lines:
        name, here, end = line.partition("<<")
        if here and "=" not in name:
            value = []
            while (following := next(lines)) != end:
                value.append(following)
            outputs[name] = "\n".join(value)
        else:
            name, equals, plain = line.partition("=")
            assert equals, f"no output: {line!r}"
            outputs[name] = plain
    return outputs


def _obeyed(log: str) -> list[str]:
    """Read a step's lines as the runner does: commands count until they are stopped, and in the old form anywhere."""
    obeyed: list[str] = []
    for line in log.splitlines():
        found = _COMMAND.match(line.strip())
        if found and found["name"] == "stop-commands":
            return obeyed
        if found or re.search(r"##\[[a-z-]+", line):
            obeyed.append(line.strip())
    return obeyed


def github_environment(**variables: str) -> dict[str, str]:
    """Build the environment of a step of `acme/shop`, without anything of this machine's own settings."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    return {
        **kept,
        "CI": "true",
        "GITHUB_ACTIONS": "true",
        "GITHUB_REPOSITORY": "acme/shop",
        "GITHUB_SERVER_URL": "https://github.com",
        "GITHUB_WORKFLOW": "CI",
        "GITHUB_JOB": "e2e",
        "GITHUB_RUN_ID": "100",
        "GITHUB_RUN_ATTEMPT": "1",
        "GITHUB_EVENT_NAME": "push",
        "GITHUB_REF": "refs/heads/main",
        "GITHUB_REF_NAME": "main",
        "GITHUB_SHA": "c0ffee" + "0" * 34,
        **variables,
    }
