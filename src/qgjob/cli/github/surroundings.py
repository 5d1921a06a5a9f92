"""What GitHub tells a step about itself: its workflow, job, commit and pull request, and where it may write."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

from qgjob.core.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Mapping

_KEY_DIGITS = 16


@dataclass(frozen=True, kw_only=True, order=True)
class Attempt:
    """One attempt of one workflow run. The greater is the newer: a later push is a later run, whenever it is tried."""

    run_id: int
    number: int


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """The step's place in GitHub. `key` tells its comment and check from those of every other workflow, job and leg.

    `head_sha`: of the commit that was pushed, not of the merge that GitHub makes of a pull request for its tests.
    `pull_request`: its number, in workflows that a pull request started. `from_fork`: of another repository.
    """

    repository: str
    job_name: str
    key: str
    attempt: Attempt
    head_sha: str
    pull_request: int | None
    from_fork: bool
    api_url: str
    graphql_url: str
    token: str | None
    workspace: Path
    summary_file: Path | None
    output_file: Path | None


@dataclass(frozen=True, kw_only=True)
class Place:
    """What GitHub does not tell its steps: which leg of a matrix, which step of the job, and what people call it.

    `leg`: the `matrix` of the workflow in JSON. `step`: tells two uses of the action in one job apart.
    """

    leg: str = ""
    step: str = ""
    name: str = ""


def read_surroundings(environment: Mapping[str, str], place: Place) -> Surroundings:
    """Read them. Raises ConfigurationError, naming the variable, outside of a step of GitHub Actions."""
    event = _event(environment)
    pull_request = _table(event.get("pull_request")) if environment.get("GITHUB_EVENT_NAME") == "pull_request" else {}
    head = _table(pull_request.get("head"))
    workflow, job = _needed(environment, "GITHUB_WORKFLOW"), _needed(environment, "GITHUB_JOB")
    repository = _needed(environment, "GITHUB_REPOSITORY")
    number = pull_request.get("number")
    legs = _leg_values(place.leg)
    titled = place.name or f"{workflow} / {job}"
    return Surroundings(
        repository=repository,
        job_name=f"{titled} ({legs})" if legs else titled,
        key=_key(workflow, job, legs, place.step, place.name),
        attempt=Attempt(
            run_id=_number(environment, "GITHUB_RUN_ID"), number=_number(environment, "GITHUB_RUN_ATTEMPT")
        ),
        head_sha=str(head.get("sha") or _needed(environment, "GITHUB_SHA")),
        pull_request=number if isinstance(number, int) else None,
        from_fork=bool(head) and _table(head.get("repo")).get("full_name") != repository,
        api_url=(environment.get("GITHUB_API_URL") or "https://api.github.com").rstrip("/"),
        graphql_url=environment.get("GITHUB_GRAPHQL_URL") or "https://api.github.com/graphql",
        token=environment.get("GITHUB_TOKEN") or None,
        workspace=Path(environment.get("GITHUB_WORKSPACE") or Path.cwd()),
        summary_file=_file(environment, "GITHUB_STEP_SUMMARY"),
        output_file=_file(environment, "GITHUB_OUTPUT"),
    )


def place_in_repository(workspace: Path, project: Path) -> str:
    """Say where a project is in the checkout, as what its files' paths begin with; nothing where it is elsewhere."""
    place = os.path.relpath(project.resolve(), workspace.resolve())
    return "" if place == "." or place.startswith("..") else f"{Path(place).as_posix()}/"


def _key(*names: str) -> str:
    return hashlib.sha256(json.dumps(names).encode()).hexdigest()[:_KEY_DIGITS]


def _event(environment: Mapping[str, str]) -> Mapping[str, object]:
    path = environment.get("GITHUB_EVENT_PATH")
    if not path:
        return {}
    try:
        return _table(json.loads(Path(path).read_bytes()))
    except (OSError, ValueError) as error:
        raise ConfigurationError(f"GITHUB_EVENT_PATH: cannot read {path} ({error})") from error


def _table(value: object) -> Mapping[str, object]:
    return cast("dict[str, object]", value) if isinstance(value, dict) else {}


def _leg_values(leg: str) -> str:
    """Join the values of a matrix as GitHub does in the name of a job; other text stands for itself."""
    try:
        parsed: object = json.loads(leg)
    except ValueError:
        return leg.strip()
    if not isinstance(parsed, dict):
        return "" if parsed is None else leg.strip()
    return ", ".join(value if isinstance(value, str) else json.dumps(value) for value in parsed.values())


def _needed(environment: Mapping[str, str], name: str) -> str:
    value = environment.get(name)
    if not value:
        raise ConfigurationError(f"{name} is not set: this command is for a step of GitHub Actions, which sets it")
    return value


def _number(environment: Mapping[str, str], name: str) -> int:
    value = _needed(environment, name)
    if not (value.isascii() and value.isdigit()):
        raise ConfigurationError(f"{name}: {value!r} is no number")
    return int(value)


def _file(environment: Mapping[str, str], name: str) -> Path | None:
    value = environment.get(name)
    return Path(value) if value else None
