"""The snippets of docs/ci.md for other CIs: their shell, run as those run it, with what those tell it."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
import yaml
from lxml import etree

from tests.agent.server import Served
from tests.ci.action import ROOT
from tests.ci.github_api import FakeGithub
from tests.ci.snippets import BUILDKITE, GITLAB, JENKINS, snippet
from tests.journeys.github import FAILING, SLOW, Checkout, a_fake_farm

pytestmark = pytest.mark.journey

HOSTILE = "$(touch x)`touch x`;touch x; 'a' \"b\""
GIVEN: Mapping[str, Mapping[str, str]] = {
    GITLAB: {
        "CI": "true",
        "GITLAB_CI": "true",
        "CI_JOB_ID": "4711",
        "CI_PROJECT_ID": "12",
        "CI_JOB_NAME_SLUG": "appwright",
        "CI_COMMIT_REF_NAME": HOSTILE,
        "CI_COMMIT_REF_SLUG": "touch-x",
        "CI_COMMIT_SHA": "c0ffee" + "0" * 34,
    },
    JENKINS: {
        "JENKINS_URL": "https://ci.example/",
        "JOB_NAME": HOSTILE,
        "BUILD_TAG": "jenkins-shop-7",
        "BUILD_URL": "https://ci.example/job/shop/7/",
        "BRANCH_NAME": HOSTILE,
    },
    BUILDKITE: {
        "CI": "true",
        "BUILDKITE": "true",
        "BUILDKITE_JOB_ID": "0199f0c1-0000-7000-8000-000000000002",
        "BUILDKITE_RETRY_COUNT": "0",
        "BUILDKITE_PIPELINE_SLUG": "shop",
        "BUILDKITE_BRANCH": HOSTILE,
    },
}


def gitlab() -> str:
    """As the runner joins them: what is before, and the script."""
    job = yaml.safe_load(snippet(GITLAB))["appwright"]
    return "\n".join(["set -eo pipefail", *job["before_script"], *job["script"]])


def jenkins() -> str:
    """What is between the three quotes; Groovy takes a backslash with the end of its line, as the shell does."""
    return "set -xe\n" + snippet(JENKINS).split("'''")[1]


def buildkite() -> str:
    """Once the pipeline is uploaded, `$$` is `$`."""
    command = yaml.safe_load(snippet(BUILDKITE))["steps"][0]["command"]
    assert "$" not in command.replace("$$", "")
    return "set -e\n" + str(command).replace("$$", "$")


SCRIPTS = {GITLAB: gitlab, JENKINS: jenkins, BUILDKITE: buildkite}


@pytest.fixture(scope="module")
def farm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with a_fake_farm(tmp_path_factory.mktemp("farm")) as served:
        yield served


@pytest.fixture(params=[GITLAB, JENKINS, BUILDKITE])
def ci(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def checkout(tmp_path: Path, farm: Served) -> Checkout:
    folder, programs = tmp_path / "checkout", tmp_path / "bin"
    programs.mkdir()
    folder.mkdir()
    for name, text in (
        ("qgjob", f'exec env PYTHONPATH="{ROOT / "src"}:{ROOT}" "{sys.executable}" -m qgjob "$@"'),
        ("npm", ":"),  # the packages of the project come from a registry; without them tests are found by name
    ):
        (programs / name).write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
        (programs / name).chmod(0o755)
    checkout = Checkout(folder=folder, temp=tmp_path, served=farm, github=FakeGithub(), org="acme")
    (folder / SLOW).unlink()
    return checkout


def shell(checkout: Checkout, ci: str, script: str) -> subprocess.CompletedProcess[str]:
    """Run a script as this CI's runner would, with its variables and none of this machine's own settings."""
    environment = {
        "PATH": f"{checkout.temp / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "HOME": str(checkout.temp),
        "QGJOB_SERVER_URL": checkout.served.url,
        **GIVEN[ci],
    }
    return subprocess.run(
        ["bash", "-c", script],
        cwd=checkout.folder, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=90,
        check=False,
    )  # fmt: skip


def test_a_failing_test_is_red_and_the_report_is_there(ci: str, checkout: Checkout) -> None:
    done = shell(checkout, ci, SCRIPTS[ci]())

    assert done.returncode == 1, done.stderr
    root = etree.parse(checkout.folder / "junit.xml").getroot()
    assert (root.get("tests"), root.get("failures")) == ("9", "1")
    assert not (checkout.folder / "x").exists()


def test_tests_that_pass_are_green_and_the_farm_knows_where_they_came_from(ci: str, checkout: Checkout) -> None:
    (checkout.folder / FAILING).unlink()
    done = shell(checkout, ci, SCRIPTS[ci]())
    again = shell(checkout, ci, SCRIPTS[ci]())

    assert (done.returncode, again.returncode) == (0, 0), done.stderr
    runs = [line.split()[1] for line in (done.stderr + again.stderr).splitlines() if line.startswith("Run ")]
    assert len(set(runs)) == 1
    (job, _) = checkout.served.client.jobs.page(run_id=runs[0].removesuffix(":"))["jobs"]
    assert job["payload"]["metadata"]["ci"] == {GITLAB: "gitlab", JENKINS: "jenkins", BUILDKITE: "buildkite"}[ci]


def after_cancel(name: str) -> str:
    """What a CI runs after a job that was cancelled."""
    if name == JENKINS:
        return snippet(JENKINS).split("aborted { sh '")[1].split("'")[0]
    return "\n".join(["CI_JOB_STATUS=canceled", *yaml.safe_load(snippet(GITLAB))["appwright"]["after_script"]])


@pytest.mark.parametrize("name", [GITLAB, JENKINS])
def test_what_comes_after_a_cancel_stops_the_run(name: str, checkout: Checkout) -> None:
    started = "qgjob run --org-id acme --app app.apk --target device --no-wait --receipt receipt.json"

    nothing_began = shell(checkout, name, after_cancel(name))
    assert shell(checkout, name, started).returncode == 0
    cancelled = shell(checkout, name, after_cancel(name))

    assert (nothing_began.returncode, nothing_began.stdout) == (0, "")
    assert cancelled.returncode == 0, cancelled.stderr
    assert "Jobs: 3 total, 3 cancelled" in cancelled.stdout


def test_after_a_job_that_was_not_cancelled_gitlab_stops_nothing(checkout: Checkout) -> None:
    (checkout.folder / "receipt.json").write_text("{}", encoding="utf-8")
    after = yaml.safe_load(snippet(GITLAB))["appwright"]["after_script"]

    done = shell(checkout, GITLAB, "\n".join(["CI_JOB_STATUS=success", *after]))

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_results_of_an_earlier_build_are_not_those_of_one_that_never_ran(checkout: Checkout) -> None:
    (checkout.folder / "junit.xml").write_text("<testsuites/>", encoding="utf-8")
    (checkout.temp / "bin" / "npm").write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")

    done = shell(checkout, JENKINS, jenkins())

    assert done.returncode == 1
    assert not (checkout.folder / "junit.xml").exists()
