"""This repository's own CI, as its workflow has it: virtual devices and the action on them; only GitHub is fake."""

import os
import shutil
import signal
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.ci.action import ROOT, Job, github_environment
from tests.ci.github_api import a_github
from tests.ci.workflow import run_job
from tests.journeys.agents import CACHE, SHOP, wait_until

pytestmark = pytest.mark.journey

RUN = """#!/usr/bin/env bash
# As ./run does, in the environment that the tests have already, with the tools that agents have installed before.
command="$1 $2"; shift
case "$command" in
  "qgjob agent") exec "{python}" -m qgjob "$@" --cache-dir "{cache}" ;;
  qgjob\\ *) exec "{python}" -m qgjob "$@" ;;
  virtual-android\\ *) exec "{python}" -m virtual_android "$@" ;;
esac
"""


@pytest.fixture
def temp(tmp_path: Path) -> Iterator[Path]:
    """A runner's temporary folder. The farm that was started from it ends with the test."""
    yield tmp_path
    pids = tmp_path / "qgjob-farm" / "pids"
    for pid in reversed(pids.read_text(encoding="utf-8").split()):
        with suppress(ProcessLookupError):
            os.kill(int(pid), signal.SIGTERM)
    wait_until(lambda: not any(_lives(int(pid)) for pid in pids.read_text("utf-8").split()), what="the end of the farm")


def _lives(pid: int) -> bool:
    return Path(f"/proc/{pid}/cmdline").exists() and Path(f"/proc/{pid}/cmdline").read_bytes() != b""


def test_the_farm_job_of_the_workflow_is_green(temp: Path) -> None:
    program = temp / "run"
    program.write_text(RUN.format(python=sys.executable, cache=CACHE), encoding="utf-8")
    program.chmod(0o755)
    workspace = temp / "checkout"
    shutil.copytree(
        SHOP, workspace / "examples" / "shop", ignore=shutil.ignore_patterns("node_modules", "test-results")
    )
    (workspace / "ci").symlink_to(ROOT / "ci")
    event = temp / "event.json"
    event.write_text('{"pull_request": {"number": 7, "head": {"sha": "%s"}}}' % ("a" * 40), encoding="utf-8")
    with a_github() as github:
        environment = github_environment(
            GITHUB_EVENT_NAME="pull_request",
            GITHUB_EVENT_PATH=str(event),
            GITHUB_GRAPHQL_URL=github.graphql_url,
            GITHUB_API_URL=github.url,
            HOME=os.environ["HOME"],
            QGJOB_RUN=str(program),
            PYTHONPATH=os.pathsep.join([str(ROOT / "src"), str(ROOT)]),
            ADB_USB="0",
            ADB_EMU="0",
            ADB_MDNS="0",
        )
        job = Job(environment=environment, workspace=workspace, temp=temp)
        run = run_job(job, ROOT / ".github" / "workflows" / "ci.yml", "farm")

    assert {name: step.outcome for name, step in run.steps.items()} == {
        "start": "success",
        "farm": "success",
        "The run has passed, and left its report": "success",
        "What the farm said": "skipped",
    }, run.log
    assert "**3 cases** in 1 job: 3 passed" in run.summary
    assert "1 installation of the app" in run.summary
    (comment,) = github.bodies()
    assert comment.splitlines()[1] == "### ✅ `CI / e2e`: passed"
