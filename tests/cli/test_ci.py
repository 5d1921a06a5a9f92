import pytest

from qgjob.cli.ci import Ci, ci_of, is_ci

GITHUB = {
    "CI": "true",
    "GITHUB_ACTIONS": "true",
    "GITHUB_REPOSITORY": "acme/shop",
    "GITHUB_RUN_ID": "77",
    "GITHUB_RUN_ATTEMPT": "1",
    "GITHUB_JOB": "e2e",
    "GITHUB_ACTION": "__run",
    "GITHUB_SERVER_URL": "https://github.example",
    "GITHUB_REF": "refs/heads/main",
    "GITHUB_REF_NAME": "main",
    "GITHUB_SHA": "c0ffee",
}
PULL = {"GITHUB_REF": "refs/pull/12/merge", "GITHUB_REF_NAME": "12/merge", "GITHUB_HEAD_REF": "fix/it"}
GITLAB = {
    "CI": "true",
    "GITLAB_CI": "true",
    "CI_SERVER_HOST": "gitlab.example",
    "CI_JOB_ID": "5",
    "CI_JOB_URL": "https://gitlab.example/acme/shop/-/jobs/5",
    "CI_COMMIT_REF_NAME": "main",
    "CI_COMMIT_SHA": "c0ffee",
}
MERGE = {"CI_MERGE_REQUEST_IID": "3", "CI_MERGE_REQUEST_SOURCE_BRANCH_NAME": "fix"}
JENKINS = {
    "JENKINS_URL": "https://jenkins.example/",
    "BUILD_URL": "https://jenkins.example/job/shop/9/",
    "BUILD_TAG": "jenkins-shop-9",
    "BRANCH_NAME": "PR-4",
    "CHANGE_BRANCH": "fix",
    "CHANGE_ID": "4",
    "GIT_COMMIT": "c0ffee",
}
BUILDKITE = {
    "CI": "true",
    "BUILDKITE": "true",
    "BUILDKITE_JOB_ID": "0192",
    "BUILDKITE_RETRY_COUNT": "0",
    "BUILDKITE_BUILD_URL": "https://buildkite.example/acme/shop/builds/1",
    "BUILDKITE_BRANCH": "main",
    "BUILDKITE_COMMIT": "c0ffee",
    "BUILDKITE_PULL_REQUEST": "false",
}


def test_a_push_on_github() -> None:
    assert ci_of(GITHUB) == Ci(
        name="github",
        attempt="github:acme/shop:77:1:e2e:__run",
        url="https://github.example/acme/shop/actions/runs/77",
        branch="main",
        commit="c0ffee",
    )


def test_a_pull_request_on_github_is_of_its_own_branch() -> None:
    assert ci_of(GITHUB | PULL).metadata() == {
        "ci": "github",
        "ci_url": "https://github.example/acme/shop/actions/runs/77",
        "branch": "fix/it",
        "commit": "c0ffee",
        "pull_request": "12",
    }


def test_gitlab_with_and_without_a_merge_request() -> None:
    assert ci_of(GITLAB) == Ci(
        name="gitlab",
        attempt="gitlab:gitlab.example:5",
        url="https://gitlab.example/acme/shop/-/jobs/5",
        branch="main",
        commit="c0ffee",
    )
    assert (ci_of(GITLAB | MERGE).branch, ci_of(GITLAB | MERGE).pull_request) == ("fix", "3")


def test_jenkins_which_sets_no_ci_variable() -> None:
    assert is_ci(JENKINS)
    assert ci_of(JENKINS) == Ci(
        name="jenkins",
        attempt="jenkins:https://jenkins.example/job/shop/9/:jenkins-shop-9:",
        url="https://jenkins.example/job/shop/9/",
        branch="fix",
        commit="c0ffee",
        pull_request="4",
    )


def test_buildkite_says_false_for_no_pull_request() -> None:
    assert ci_of(BUILDKITE) == Ci(
        name="buildkite",
        attempt="buildkite:0192:0",
        url="https://buildkite.example/acme/shop/builds/1",
        branch="main",
        commit="c0ffee",
    )
    assert ci_of(BUILDKITE | {"BUILDKITE_PULL_REQUEST": "8"}).pull_request == "8"


@pytest.mark.parametrize("given", [{}, {"CI": "false", "CI_JOB_ID": "5"}])
def test_no_ci_has_neither_attempt_nor_metadata(given: dict[str, str]) -> None:
    assert ci_of(given) == Ci()
    assert ci_of(given).metadata() == {}
    assert not is_ci(given)


def test_an_unknown_ci_is_one_without_an_attempt() -> None:
    assert is_ci({"CI": "1"})
    assert ci_of({"CI": "1"}).attempt is None


@pytest.mark.parametrize("name", ["GITHUB_RUN_ATTEMPT", "GITHUB_JOB", "GITHUB_ACTION", "GITHUB_RUN_ID"])
def test_another_attempt_job_or_step_is_another_key(name: str) -> None:
    assert ci_of(GITHUB | {name: "2"}).attempt != ci_of(GITHUB).attempt


def test_a_ci_that_does_not_name_its_run_has_no_key() -> None:
    assert ci_of({"GITHUB_ACTIONS": "true", "GITHUB_JOB": "e2e"}).attempt is None


def test_an_own_attempt_wins_and_keeps_where_it_came_from() -> None:
    assert ci_of(GITHUB | {"QGJOB_ATTEMPT": "nightly-1"}).attempt == "own:nightly-1"
    assert ci_of(GITHUB | {"QGJOB_ATTEMPT": "nightly-1"}).name == "github"
    assert ci_of({"QGJOB_ATTEMPT": "nightly-1"}).attempt == "own:nightly-1"


def test_long_names_are_cut() -> None:
    assert len(ci_of(GITHUB | {"GITHUB_REF_NAME": "b" * 500}).metadata()["branch"]) == 200
