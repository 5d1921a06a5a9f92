"""What GitHub tells a step, read from the variables and the event that it gives."""

import json
from pathlib import Path

import pytest

from qgjob.cli.github.surroundings import Attempt, Place, place_in_repository, read_surroundings
from qgjob.core.errors import ConfigurationError

GIVEN = {
    "GITHUB_REPOSITORY": "acme/shop",
    "GITHUB_WORKFLOW": "CI",
    "GITHUB_JOB": "e2e",
    "GITHUB_RUN_ID": "123",
    "GITHUB_RUN_ATTEMPT": "2",
    "GITHUB_SHA": "a" * 40,
    "GITHUB_EVENT_NAME": "push",
}
NOWHERE = Place()


def event(folder: Path, *, head_repository: str | None = "acme/shop") -> dict[str, str]:
    head = {"sha": "b" * 40, "repo": {"full_name": head_repository} if head_repository else None}
    path = folder / "event.json"
    path.write_text(json.dumps({"pull_request": {"number": 7, "head": head}}), encoding="utf-8")
    return {**GIVEN, "GITHUB_EVENT_NAME": "pull_request", "GITHUB_EVENT_PATH": str(path)}


def test_a_push_has_a_commit_and_no_pull_request() -> None:
    read = read_surroundings(GIVEN, NOWHERE)

    assert (read.head_sha, read.pull_request, read.from_fork) == ("a" * 40, None, False)
    assert (read.job_name, read.attempt) == ("CI / e2e", Attempt(run_id=123, number=2))
    assert (read.api_url, read.token) == ("https://api.github.com", None)


def test_a_pull_request_is_about_the_commit_that_was_pushed_and_not_about_the_merge(tmp_path: Path) -> None:
    read = read_surroundings(event(tmp_path), NOWHERE)

    assert (read.head_sha, read.pull_request, read.from_fork) == ("b" * 40, 7, False)


@pytest.mark.parametrize("repository", ["mallory/shop", None])
def test_a_fork_is_another_repository_or_one_that_is_gone(tmp_path: Path, repository: str | None) -> None:
    assert read_surroundings(event(tmp_path, head_repository=repository), NOWHERE).from_fork


def test_an_event_that_runs_with_the_rights_of_the_base_is_no_pull_request_to_us(tmp_path: Path) -> None:
    given = {**event(tmp_path), "GITHUB_EVENT_NAME": "pull_request_target"}

    assert read_surroundings(given, NOWHERE).pull_request is None


def test_workflows_jobs_legs_and_steps_have_keys_of_their_own() -> None:
    places = [NOWHERE, Place(leg='{"os": "13"}'), Place(leg='{"os": "14"}'), Place(step="a"), Place(name="ios")]
    keys = [read_surroundings(GIVEN, place).key for place in places]
    keys += [read_surroundings({**GIVEN, name: "other"}, NOWHERE).key for name in ("GITHUB_WORKFLOW", "GITHUB_JOB")]

    assert len(set(keys)) == 7
    assert read_surroundings({**GIVEN, "GITHUB_RUN_ID": "124"}, NOWHERE).key == keys[0]


@pytest.mark.parametrize(
    ("leg", "name"),
    [
        ('{"os": "13", "fast": true}', "CI / e2e (13, true)"),
        ("null", "CI / e2e"),
        ("{}", "CI / e2e"),
        ("plain", "CI / e2e (plain)"),
    ],
)
def test_a_leg_is_called_as_github_calls_it(leg: str, name: str) -> None:
    assert read_surroundings(GIVEN, Place(leg=leg)).job_name == name


@pytest.mark.parametrize("name", ["GITHUB_REPOSITORY", "GITHUB_RUN_ID", "GITHUB_RUN_ATTEMPT", "GITHUB_SHA"])
def test_outside_of_github_the_variable_that_is_missing_is_named(name: str) -> None:
    with pytest.raises(ConfigurationError, match=f"{name} is not set"):
        read_surroundings({**GIVEN, name: ""}, NOWHERE)


def test_a_later_run_is_newer_than_any_attempt_of_an_earlier_one() -> None:
    assert Attempt(run_id=100, number=9) < Attempt(run_id=101, number=1) < Attempt(run_id=101, number=2)


def test_paths_begin_where_the_project_is_in_the_checkout(tmp_path: Path) -> None:
    assert place_in_repository(tmp_path, tmp_path / "apps" / "shop") == "apps/shop/"
    assert place_in_repository(tmp_path, tmp_path) == ""
    assert place_in_repository(tmp_path / "a", tmp_path / "b") == ""
