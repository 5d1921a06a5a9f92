"""`qgjob github publish` as a step of GitHub Actions calls it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from qgjob.cli.receipt import Receipt, ReceiptStatus, report_url, write_receipt
from qgjob.client import Client
from qgjob.core.words import CaseStatus, Verdict
from tests.agent.devices import BUILDS
from tests.ci.github_api import TOKEN, FakeGithub, a_github
from tests.cli.hands import Hand, Told
from tests.cli.projects import make_project
from tests.cli.users import User

PUBLISH = ("github", "publish", "--receipt", "receipt.json")
EVERYWHERE = ("--summary", "--annotations", "--comment", "--check")
OLD = ("--app-version-id", "1", "--test", "tests/login.spec.ts", "--max-retries", "0")
EVENT = '{"pull_request": {"number": 7, "head": {"sha": "c0ffee", "repo": {"full_name": "acme/shop"}}}}'


@pytest.fixture
def github() -> Iterator[FakeGithub]:
    with a_github() as github:
        yield github


@pytest.fixture
def step(user: User, github: FakeGithub, monkeypatch: pytest.MonkeyPatch) -> User:
    """The user's folder becomes the workspace of a step for a pull request."""
    (user.folder / "event.json").write_text(EVENT, encoding="utf-8")
    for name, value in {
        "GITHUB_REPOSITORY": "acme/shop",
        "GITHUB_WORKFLOW": "CI",
        "GITHUB_JOB": "e2e",
        "GITHUB_RUN_ID": "100",
        "GITHUB_RUN_ATTEMPT": "1",
        "GITHUB_SHA": "a" * 40,
        "GITHUB_EVENT_NAME": "pull_request",
        "GITHUB_EVENT_PATH": str(user.folder / "event.json"),
        "GITHUB_API_URL": github.url,
        "GITHUB_GRAPHQL_URL": github.graphql_url,
        "GITHUB_WORKSPACE": str(user.folder),
        "GITHUB_OUTPUT": str(user.folder / "output"),
        "GITHUB_STEP_SUMMARY": str(user.folder / "summary"),
        "GITHUB_TOKEN": TOKEN,
    }.items():
        monkeypatch.setenv(name, value)
    return user


def left_behind(user: User, run_id: str | None, status: ReceiptStatus = ReceiptStatus.FAILED) -> None:
    receipt = Receipt(
        run_id=run_id,
        org_id=user.org,
        server_url=user.server_url,
        report_url=report_url(user.server_url, run_id),
        status=status,
        exit_code=1,
        message="it went wrong",
    )
    write_receipt(Path("receipt.json"), receipt)


def test_outside_of_github_it_says_what_is_missing(user: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GITHUB_WORKFLOW", raising=False)
    answered = user.does(*PUBLISH)

    assert (answered.code, answered.stderr) == (
        2,
        "Error: GITHUB_WORKFLOW is not set: this command is for a step of GitHub Actions, which sets it\n",
    )


def test_a_receipt_that_is_missing_is_its_own_input_gone_wrong(step: User) -> None:
    answered = step.does(*PUBLISH, *EVERYWHERE)

    assert answered.code == 2
    assert "there is no receipt receipt.json" in answered.stderr


def test_a_failed_run_is_told_everywhere_and_the_exit_code_is_still_0(
    own_server: str, step: User, github: FakeGithub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QGJOB_SERVER_URL", own_server)
    with Client(own_server, timeout_s=10) as client:
        make_project(step.folder)
        submitted = step.does("-o", "json", "submit", *OLD, "--app", str(BUILDS / "shop-1.2.3.apk"))
        run_id = str(submitted.document()["run_id"])
        Hand(client).run(Verdict.FAILED, [Told(title="adds"), Told(title="removes", status=CaseStatus.FAILED)])
    left_behind(step, run_id)

    answered = step.does(*PUBLISH, *EVERYWHERE)

    assert answered.code == 0, answered.stderr
    assert answered.stdout == ("::error file=tests/login.spec.ts,line=2,title=removes::failed when it was first seen\n")
    assert answered.stderr == "GitHub: the comment is written\nGitHub: the check is failure\n"
    assert "1 of 2 cases failed (1 new)" in (step.folder / "summary").read_text(encoding="utf-8")
    assert (github.checks[0]["head_sha"], len(github.bodies())) == ("c0ffee", 1)
    outputs = (step.folder / "output").read_text(encoding="utf-8").splitlines()
    assert (outputs[1], outputs[4], outputs[7]) == (run_id, "failed", f"{step.server_url}/runs/{run_id}")


def test_a_farm_that_is_away_is_said_and_everything_else_is_told(
    step: User, github: FakeGithub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QGJOB_SERVER_URL", "http://127.0.0.1:9")
    left_behind(step, "0192f0c1-0000-7000-8000-000000000001")
    answered = step.does(*PUBLISH, *EVERYWHERE)

    assert answered.code == 0, answered.stderr
    assert "What became of its cases is not known here: ``No qgjob server answered" in github.bodies()[0]
    assert answered.stdout == "::error title=qgjob%3A failed::it went wrong\n"


def test_what_is_not_allowed_is_a_notice_that_names_the_permission(step: User, github: FakeGithub) -> None:
    github.permissions.clear()
    left_behind(step, None, ReceiptStatus.CONFIGURATION_ERROR)
    answered = step.does(*PUBLISH, "--comment", "--check")

    assert answered.code == 0
    assert [line.partition(" in its workflow.")[0] for line in answered.stdout.splitlines()] == [
        "::notice title=qgjob::No comment was written. The job needs `permissions: pull-requests: write`",
        "::notice title=qgjob::No check was written. The job needs `permissions: checks: write`",
    ]


def test_without_a_token_nothing_is_asked_of_github(
    step: User, github: FakeGithub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GITHUB_TOKEN")
    left_behind(step, None)
    answered = step.does(*PUBLISH, "--comment", "--check")

    assert (answered.code, github.asked) == (0, [])
    assert answered.stdout == (
        "::notice title=qgjob::No comment and no check were written: the step has no GITHUB_TOKEN in its environment.\n"
    )
