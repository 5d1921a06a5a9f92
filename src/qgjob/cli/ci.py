"""Which CI system this is, and what it says of itself: a pure function of the environment's variables.

The key of an attempt is the same however often a command runs in it, and another one as soon as a person or the CI
starts the job again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

MOST_CHARACTERS = 200
"""Of what is kept with a job."""


@dataclass(frozen=True, kw_only=True)
class Ci:
    """What a CI says of itself; None where it does not. `name` None: this is no CI that we know.

    `attempt`: one try of one step of one job, by the CI's own names for it.
    """

    name: str | None = None
    attempt: str | None = None
    url: str | None = None
    branch: str | None = None
    commit: str | None = None
    pull_request: str | None = None

    def metadata(self) -> dict[str, str]:
        """Return what is kept with the jobs: only what is there, each cut to 200 characters."""
        said = {
            "ci": self.name,
            "ci_url": self.url,
            "branch": self.branch,
            "commit": self.commit,
            "pull_request": self.pull_request,
        }
        return {name: value[:MOST_CHARACTERS] for name, value in said.items() if value}


def is_ci(environment: Mapping[str, str]) -> bool:
    """Whether a CI runs this: nearly all of them set `CI`, Jenkins does not."""
    return _is_set(environment, "CI") or ci_of(environment).name is not None


def ci_of(environment: Mapping[str, str]) -> Ci:
    """Read what the CI says. `QGJOB_ATTEMPT` names the attempt where there is none, or another is wanted."""
    ci = next((read(environment) for mark, read in _SYSTEMS.items() if _is_set(environment, mark)), Ci())
    own = environment.get("QGJOB_ATTEMPT")
    if not own:
        return ci
    return Ci(
        name=ci.name,
        attempt=f"own:{own}",
        url=ci.url,
        branch=ci.branch,
        commit=ci.commit,
        pull_request=ci.pull_request,
    )


def _github(given: Mapping[str, str]) -> Ci:
    repository, run_id = given.get("GITHUB_REPOSITORY"), given.get("GITHUB_RUN_ID")
    _, _, pull = given.get("GITHUB_REF", "").partition("refs/pull/")
    server = given.get("GITHUB_SERVER_URL", "https://github.com")
    names = ("GITHUB_REPOSITORY", "GITHUB_RUN_ID", "GITHUB_RUN_ATTEMPT", "GITHUB_JOB", "GITHUB_ACTION")
    return Ci(
        name="github",
        attempt=_joined("github", given, names, needed="GITHUB_RUN_ID"),
        url=f"{server}/{repository}/actions/runs/{run_id}" if repository and run_id else None,
        branch=given.get("GITHUB_HEAD_REF") or given.get("GITHUB_REF_NAME"),
        commit=given.get("GITHUB_SHA"),
        pull_request=pull.partition("/")[0] or None,
    )


def _gitlab(given: Mapping[str, str]) -> Ci:
    return Ci(
        name="gitlab",
        attempt=_joined("gitlab", given, ("CI_SERVER_HOST", "CI_JOB_ID"), needed="CI_JOB_ID"),
        url=given.get("CI_JOB_URL"),
        branch=given.get("CI_MERGE_REQUEST_SOURCE_BRANCH_NAME") or given.get("CI_COMMIT_REF_NAME"),
        commit=given.get("CI_COMMIT_SHA"),
        pull_request=given.get("CI_MERGE_REQUEST_IID"),
    )


def _jenkins(given: Mapping[str, str]) -> Ci:
    return Ci(
        name="jenkins",
        attempt=_joined("jenkins", given, ("BUILD_URL", "BUILD_TAG", "STAGE_NAME"), needed=("BUILD_URL", "BUILD_TAG")),
        url=given.get("BUILD_URL"),
        branch=given.get("CHANGE_BRANCH") or given.get("BRANCH_NAME") or given.get("GIT_BRANCH"),
        commit=given.get("GIT_COMMIT"),
        pull_request=given.get("CHANGE_ID"),
    )


def _buildkite(given: Mapping[str, str]) -> Ci:
    pull = given.get("BUILDKITE_PULL_REQUEST")
    names = ("BUILDKITE_JOB_ID", "BUILDKITE_RETRY_COUNT")
    return Ci(
        name="buildkite",
        attempt=_joined("buildkite", given, names, needed="BUILDKITE_JOB_ID"),
        url=given.get("BUILDKITE_BUILD_URL"),
        branch=given.get("BUILDKITE_BRANCH"),
        commit=given.get("BUILDKITE_COMMIT"),
        pull_request=None if pull == "false" else pull,
    )


_SYSTEMS: Mapping[str, Callable[[Mapping[str, str]], Ci]] = {
    "GITHUB_ACTIONS": _github,
    "GITLAB_CI": _gitlab,
    "BUILDKITE": _buildkite,
    "JENKINS_URL": _jenkins,
}
"""By the variable that each sets and no other does."""


def _joined(ci: str, given: Mapping[str, str], names: tuple[str, ...], *, needed: str | tuple[str, ...]) -> str | None:
    """Join what names an attempt; None without any of `needed`, since what is left would name others' as well."""
    if not any(given.get(name) for name in ((needed,) if isinstance(needed, str) else needed)):
        return None
    return ":".join([ci, *(given.get(name, "") for name in names)])


def _is_set(given: Mapping[str, str], name: str) -> bool:
    return given.get(name, "").lower() not in {"", "0", "false"}
