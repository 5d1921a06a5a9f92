# ruff: noqa: E501  # what GitHub is told is written out as it is, however long its lines
"""The action as GitHub runs it, its scripts as they stand: its exit codes, and what it tells GitHub."""

import json
import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from inline_snapshot import snapshot

from qgjob.core.words import CaseStatus
from tests.agent.server import Served
from tests.ci.action import ROOT
from tests.ci.github_api import FakeGithub, Refusal, a_github
from tests.ci.workflow import run_job
from tests.cli.hands import Told
from tests.cli.projects import git
from tests.journeys.github import FAILING, SLOW, SPECS, Checkout, a_fake_farm, make_environment

pytestmark = pytest.mark.journey


@pytest.fixture(scope="module")
def farm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with a_fake_farm(tmp_path_factory.mktemp("farm")) as served:
        yield served


@pytest.fixture(scope="module")
def runner(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A runner's temporary folder, in which the action has been installed."""
    temp = tmp_path_factory.mktemp("runner")
    make_environment(temp)
    return temp


@pytest.fixture
def github() -> Iterator[FakeGithub]:
    with a_github() as github:
        yield github


@pytest.fixture
def checkout(tmp_path: Path, farm: Served, runner: Path, github: FakeGithub) -> Checkout:
    folder = tmp_path / "checkout"
    folder.mkdir()
    return Checkout(folder=folder, temp=runner, served=farm, github=github)


def test_a_push_that_passes_is_green_and_has_a_summary_and_no_comment(checkout: Checkout, github: FakeGithub) -> None:
    run = checkout.runs(checkout.push())

    assert (run.code, run.outputs["status"]) == (0, "passed"), run.log
    assert run.outputs["report-url"] == f"{checkout.served.url}/runs/{run.outputs['run-id']}"
    assert checkout.plain(run.summary) == snapshot("""\
### ✅ qgjob: passed

**6 cases** in 2 jobs: 6 passed, 0 failed, 0 flaky, 0 skipped, 0 not run.

Took TIME. INSTALLATIONS; TIME of testing on devices.

[The run on the farm](<http://farm/runs/RUN>)
""")
    assert (run.commands(), github.asked) == ([], [])


def test_a_pull_request_that_fails_says_what_is_new_and_then_what_is_known(
    checkout: Checkout, github: FakeGithub
) -> None:
    first = checkout.runs(checkout.pull_request(run_id=100), paths=f"tests/login.spec.ts\n{FAILING}", check="true")
    second = checkout.runs(checkout.pull_request(run_id=101), paths=f"tests/login.spec.ts\n{FAILING}", check="true")

    assert (first.code, second.code) == (1, 1), first.log
    assert [checkout.plain(line) for line in first.commands()] == snapshot(
        [
            "::error file=tests/cart.fails.spec.ts,line=3,title=fake%3A case 3::failed when it was first seen%0A%0Afake: this spec is meant to fail"
        ]
    )
    assert [checkout.plain(line) for line in second.commands()] == snapshot(
        [
            "::error file=tests/cart.fails.spec.ts,line=3,title=fake%3A case 3::known failure, failing since DATE%0A%0Afake: this spec is meant to fail"
        ]
    )
    (comment,) = github.bodies()
    assert checkout.plain(comment) == snapshot("""\
<!-- qgjob comment KEY run 101 attempt 1 -->
### ❌ `CI / e2e`: failed: 1 of 6 cases failed (1 known)

Commit `000000000000` in run 101.

**6 cases** in 2 jobs: 5 passed, 1 failed, 0 flaky, 0 skipped, 0 not run.

Took TIME. INSTALLATIONS; TIME of testing on devices.

[The run on the farm](<http://farm/runs/RUN>)

#### Known failures

<details><summary><code>fake: case 3</code> (<code>tests/cart.fails.spec.ts:3</code>): known failure, failing since DATE</summary>

```text
fake: this spec is meant to fail
```

</details>
""")
    assert [check["conclusion"] for check in github.checks] == ["failure", "failure"]
    assert [check["head_sha"] for check in github.checks] == [f"{100:040x}", f"{101:040x}"]


def test_the_same_attempt_finds_its_run_again(checkout: Checkout) -> None:
    once, again = (checkout.runs(checkout.pull_request()) for _ in range(2))
    another = checkout.runs(checkout.pull_request(attempt=2))

    assert once.outputs["run-id"] == again.outputs["run-id"] != another.outputs["run-id"]
    assert (once.code, again.code, another.code) == (0, 0, 0)


def test_a_superseded_push_stops_and_does_not_overwrite_what_the_newer_one_said(
    checkout: Checkout, github: FakeGithub
) -> None:
    def newer_push() -> None:
        checkout.wait_for("running")
        newer = checkout.runs(checkout.pull_request(run_id=101))
        assert newer.code == 0, newer.log

    older = checkout.runs(checkout.pull_request(run_id=100), paths=f"{SLOW}\n{FAILING}", during={"run": newer_push})

    assert (older.steps["run"].outcome, older.outputs["status"]) == ("cancelled", "cancelled"), older.log
    (comment,) = github.bodies()
    assert "in run 101." in comment
    assert "passed" in comment.splitlines()[1]
    superseded = checkout.served.client.jobs.get_run(older.outputs["run-id"])
    assert superseded["superseded_by"] is not None


def test_a_cancelled_workflow_cancels_its_jobs(checkout: Checkout, github: FakeGithub) -> None:
    """Whether what runs has stopped within the ten seconds that GitHub gives, or `qgjob run` is killed before it has."""
    run = checkout.runs(
        checkout.pull_request(), paths=SLOW, check="true", during={"run": lambda: checkout.wait_for("running")}
    )

    assert (run.steps["run"].outcome, run.outputs["status"]) == ("cancelled", "cancelled"), run.log
    assert run.steps["cancel"].outcome == "success"
    assert github.bodies()[0].splitlines()[1] == "### ⚠️ `CI / e2e`: cancelled"
    assert "- `tests/slow.spec.ts`: " in github.bodies()[0]
    assert [check["conclusion"] for check in github.checks] == ["cancelled"]
    (job,) = checkout.served.client.jobs.page(run_id=run.outputs["run-id"])["jobs"]
    assert job["cancel_requested"]


def test_a_workflow_that_is_cancelled_while_its_jobs_wait_ends_with_the_code_of_that(checkout: Checkout) -> None:
    run = checkout.runs(checkout.pull_request(), target="device", during={"run": lambda: checkout.wait_for("pending")})

    assert (run.steps["run"].code, run.outputs["status"]) == (5, "cancelled"), run.log
    jobs = checkout.served.client.jobs.page(run_id=run.outputs["run-id"])["jobs"]
    assert [job["verdict"] for job in jobs] == ["cancelled", "cancelled"]
    assert run.commands() == snapshot(["::error title=qgjob%3A cancelled::cancelled by SIGINT"])
    assert checkout.plain(run.summary) == snapshot("""\
### ⚠️ qgjob: cancelled

```text
cancelled by SIGINT
```

**0 cases** in 2 jobs: 0 passed, 0 failed, 0 flaky, 0 skipped, 0 not run.

Took TIME. INSTALLATIONS; TIME of testing on devices.

[The run on the farm](<http://farm/runs/RUN>)

#### Jobs that did not come to a result

- `tests/login.spec.ts`: cancelled, on `device`

- `tests/search.spec.ts`: cancelled, on `device`
""")


def test_a_wait_that_times_out_is_red_and_says_how_to_go_on(checkout: Checkout, github: FakeGithub) -> None:
    run = checkout.runs(checkout.pull_request(), paths=SLOW, timeout="1", check="true")

    assert (run.code, run.outputs["status"]) == (124, "timed_out"), run.log
    assert [checkout.plain(line) for line in run.commands()] == snapshot(
        [
            "::error title=qgjob%3A timed_out::still not finished after TIME; the run goes on. Go on watching with: qgjob wait RUN"
        ]
    )
    assert checkout.plain(run.summary) == snapshot("""\
### ⚠️ qgjob: timed out

```text
still not finished after TIME; the run goes on. Go on watching with: qgjob wait RUN
```

**0 cases** in 1 job: 0 passed, 0 failed, 0 flaky, 0 skipped, 0 not run.

[The run on the farm](<http://farm/runs/RUN>)

#### Jobs that did not come to a result

- `tests/slow.spec.ts`: running, on `emulator`
""")
    assert [check["conclusion"] for check in github.checks] == ["timed_out"]
    checkout.served.client.jobs.cancel_run(run.outputs["run-id"])


def test_a_fork_without_secrets_is_told_what_is_missing(checkout: Checkout, github: FakeGithub) -> None:
    run = checkout.runs(checkout.pull_request(head="mallory/shop"), server_url="")

    assert (run.code, dict(run.outputs)) == (2, {"run-id": "", "status": "configuration_error", "report-url": ""})
    assert {name: step.outcome for name, step in run.steps.items()} == {
        "ready": "failure",
        "install": "skipped",
        "run": "skipped",
        "cancel": "skipped",
        "publish": "skipped",
    }
    assert run.commands() == snapshot(
        [
            "::error title=qgjob%3A the secret QGJOB_SERVER_URL is missing::qgjob does not know its farm: the input `server-url` is empty. Set the secret QGJOB_SERVER_URL in this repository (and QGJOB_TOKEN, where the farm wants one), and give it to the action. GitHub hands no secrets to workflows that a pull request from a fork has started: there, somebody who may push runs the tests from a branch of this repository."
        ]
    )
    assert run.summary == snapshot("""\
### ⚠️ qgjob: nothing was run

qgjob does not know its farm: the input `server-url` is empty. Set the secret QGJOB_SERVER_URL in this repository (and QGJOB_TOKEN, where the farm wants one), and give it to the action. GitHub hands no secrets to workflows that a pull request from a fork has started: there, somebody who may push runs the tests from a branch of this repository.
""")
    assert github.asked == []


def test_a_fork_with_a_farm_of_its_own_has_a_summary_and_no_comment(checkout: Checkout, github: FakeGithub) -> None:
    github.permissions.clear()
    run = checkout.runs(checkout.pull_request(head="mallory/shop"), check="true")

    assert run.code == 0, run.log
    assert "passed" in run.summary
    assert [line.replace(github.url, "http://github") for line in run.commands()] == snapshot(
        [
            "::notice title=qgjob::No comment was written. It needs `pull-requests: write`, and to pull requests from forks GitHub gives a token that only reads; the summary of the job has everything. POST http://github/repos/acme/shop/issues/7/comments: 403, Resource not accessible by integration",
            "::notice title=qgjob::No check was written. It needs `checks: write`, and to pull requests from forks GitHub gives a token that only reads; the summary of the job has everything. POST http://github/repos/acme/shop/check-runs: 403, Resource not accessible by integration",
        ]
    )


def test_a_comment_over_the_limit_is_cut_and_written(checkout: Checkout, github: FakeGithub) -> None:
    cases = [Told(title=f"case {number}", status=CaseStatus.FAILED, errors=("x" * 2500,)) for number in range(450)]
    run = checkout.runs_by_hand(checkout.pull_request(), cases)

    assert run.code == 1, run.log
    (comment,) = github.bodies()
    assert 62_000 < len(comment.encode()) <= 65_000
    assert "450 of 450 cases failed (450 new)" in comment
    assert "**Cut, for want of room:** the errors of 43" in comment
    assert len(run.summary.encode()) > 65_000
    assert run.commands()[-1] == (
        "::notice title=qgjob::440 more cases failed, were flaky or are muted: the summary of this job has all of them."
    )


def test_a_rate_limit_is_waited_for_or_said_and_never_changes_the_colour(
    checkout: Checkout, github: FakeGithub
) -> None:
    github.refusals.append(Refusal(status=429, headers={"Retry-After": "1"}))
    waited = checkout.runs(checkout.pull_request(run_id=100))
    reset = str(int(time.time()) + 3600)
    limited = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": reset}
    github.refusals.append(Refusal(status=403, message="API rate limit exceeded", headers=limited))
    given_up = checkout.runs(checkout.pull_request(run_id=101))

    assert (waited.code, given_up.code) == (0, 0), waited.log + given_up.log
    assert "in run 100." in github.bodies()[0]
    assert [line.replace(github.url, "http://github") for line in given_up.commands()] == snapshot(
        [
            "::notice title=qgjob::No comment was written: GitHub was away or had too many requests. GET http://github/repos/acme/shop/issues/7/comments: 403, API rate limit exceeded"
        ]
    )


def test_two_workflows_on_one_commit_have_a_comment_each(checkout: Checkout, github: FakeGithub) -> None:
    for workflow in ("CI", "Nightly", "CI"):
        checkout.runs(checkout.pull_request(GITHUB_WORKFLOW=workflow))

    assert [comment.splitlines()[1] for comment in github.bodies()] == [
        "### ✅ `CI / e2e`: passed",
        "### ✅ `Nightly / e2e`: passed",
    ]


def test_each_leg_of_a_matrix_has_a_comment_and_a_run_of_its_own(checkout: Checkout, github: FakeGithub) -> None:
    legs = [json.dumps({"os": version}, indent=2) for version in ("13", "14")]  # as toJSON writes it
    runs = [checkout.runs(checkout.pull_request(matrix=leg)) for leg in legs]

    assert [run.code for run in runs] == [0, 0]
    assert runs[0].outputs["run-id"] != runs[1].outputs["run-id"]
    assert [comment.splitlines()[1] for comment in github.bodies()] == [
        "### ✅ `CI / e2e (13)`: passed",
        "### ✅ `CI / e2e (14)`: passed",
    ]
    both = [checkout.served.client.jobs.get_run(run.outputs["run-id"])["superseded_by"] for run in runs]
    assert both == [None, None]


def test_a_matrix_of_the_farm_is_one_run(checkout: Checkout) -> None:
    run = checkout.runs(checkout.push(), matrix="target=emulator\ntarget=emulator,tag=fake")

    jobs = checkout.served.client.jobs.page(run_id=run.outputs["run-id"])["jobs"]
    assert sorted(job["payload"]["tags"] for job in jobs) == [[], [], ["fake"], ["fake"]]
    assert "**12 cases** in 4 jobs: 12 passed" in run.summary


HOSTILE = "$(touch x)`touch x`;touch x;'\"&|>x ${{ github.token }} --> ::error::x ##[error]x @octocat\n::error::y"


def test_hostile_names_and_inputs_are_text(checkout: Checkout, github: FakeGithub) -> None:
    job = checkout.pull_request(
        GITHUB_HEAD_REF=HOSTILE, GITHUB_REF=f"refs/heads/{HOSTILE}", GITHUB_WORKFLOW=HOSTILE, GITHUB_JOB=HOSTILE
    )
    before = sorted(path.name for path in checkout.folder.rglob("*"))

    run = checkout.runs(job, name=HOSTILE, tag="", check="true", app_version_id="1 $(touch x)")

    assert run.code == 0, run.log
    assert sorted(path.name for path in checkout.folder.rglob("*")) == before
    assert run.commands() == []
    assert github.bodies()[0].splitlines()[1] == (
        "### ✅ ``$(touch x)`touch x`;touch x;'\"&|>x ${{ github.token }} --> ::error::x ##[error]x @octocat ::error::y``: passed"
    )


@pytest.mark.parametrize("name", ["grep", "tag", "project_dir", "priority", "matrix", "fail_on_flaky", "paths"])
def test_a_hostile_input_is_refused_and_runs_nothing(checkout: Checkout, name: str) -> None:
    before = sorted(path.name for path in checkout.folder.rglob("*"))

    run = checkout.runs(checkout.push(), **{name: HOSTILE})  # type: ignore[arg-type]  # none of them is `during`

    assert run.code == 2, run.log
    assert sorted(path.name for path in checkout.folder.rglob("*")) == before
    assert [line for line in run.commands() if line.startswith(("::error::", "##["))] == []


def test_hostile_file_names_and_titles_are_text(checkout: Checkout, github: FakeGithub) -> None:
    spec = "tests/$(touch x);`id` @octocat --> ##[error]x.spec.ts"
    checkout.write_spec(spec)

    run = checkout.runs_by_hand(
        checkout.pull_request(), [Told(title=HOSTILE, status=CaseStatus.FAILED, errors=(HOSTILE,))], paths=spec
    )

    assert run.code == 1, run.log
    assert not (checkout.folder / "x").exists()
    assert run.commands() == snapshot(
        [
            "::error file=tests/$(touch x);`id` @octocat --> ##[error]x.spec.ts,line=1,title=$(touch x)`touch x`;touch x;'\"&|>x ${{ github.token }} --> %3A%3Aerror%3A%3Ax ##[error]x @octocat %3A%3Aerror%3A%3Ay::failed when it was first seen%0A%0A$(touch x)`touch x`;touch x;'\"&|>x ${{ github.token }} --> ::error::x ##[error]x @octocat%0A::error::y"
        ]
    )
    assert checkout.plain(github.bodies()[0]) == snapshot("""\
<!-- qgjob comment KEY run 100 attempt 1 -->
### ❌ `CI / e2e`: failed: 1 of 1 case failed (1 new)

Commit `000000000000` in run 100.

**1 case** in 1 job: 0 passed, 1 failed, 0 flaky, 0 skipped, 0 not run.

Took TIME. INSTALLATIONS; TIME of testing on devices.

[The run on the farm](<http://farm/runs/RUN>)

#### New failures

<details><summary><code>$(touch x)`touch x`;touch x;&#x27;&quot;&amp;|&gt;x ${{ github.token }} --&gt; ::error::x ##[error]x @octocat ::error::y</code> (<code>tests/$(touch x);`id` @octocat --&gt; ##[error]x.spec.ts:1</code>): failed when it was first seen</summary>

```text
$(touch x)`touch x`;touch x;'"&|>x ${{ github.token }} --> ::error::x ##[error]x @octocat
::error::y
```

</details>
""")


def test_the_reusable_workflow_runs_the_action_and_keeps_it_out_of_what_is_uploaded(
    checkout: Checkout, github: FakeGithub
) -> None:
    git(checkout.folder, "init")
    programs = checkout.folder.with_name("bin")
    programs.mkdir()
    (programs / "npm").write_text("#!/bin/sh\n", encoding="utf-8")  # tests are found by name without any package
    (programs / "npm").chmod(0o755)
    checkout.write_spec(".qgjob/tests/of-the-action.spec.ts")
    inputs = {"org-id": checkout.org, "project-dir": ".", "app": "app.apk", "report": "junit=results/junit.xml"}
    others = dict.fromkeys(["app-version-id", "paths", "target", "grep", "deadline", "name"], "")
    known = {f"inputs.{name}": value for name, value in {**inputs, **others, "check": "false"}.items()}
    secrets = {"secrets.QGJOB_SERVER_URL": checkout.served.url, "secrets.QGJOB_TOKEN": ""}
    job = checkout.pull_request(PATH=f"{programs}:{os.environ['PATH']}")
    (checkout.folder / SLOW).unlink()

    run = run_job(job, ROOT / ".github" / "workflows" / "qgjob.yml", "run", {**known, **secrets})

    farm = run.steps["farm"]
    assert (farm.code, farm.outputs["status"]) == (1, "failed"), run.log
    assert (checkout.folder / "results" / "junit.xml").exists()
    jobs = checkout.served.client.jobs.page(run_id=farm.outputs["run-id"])["jobs"]
    assert sorted(job["payload"]["test_path"] for job in jobs) == sorted([*SPECS, FAILING])
    assert "1 of 9 cases failed (1 new)" in github.bodies()[0]
