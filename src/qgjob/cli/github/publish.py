"""The deeds: a comment and a check run are put where they belong. Each may be done again with the effect of once."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from qgjob.cli.github.api import GithubBusy, GithubRefused
from qgjob.cli.github.check import ANNOTATIONS_AT_ONCE, external_id_in
from qgjob.cli.github.comment import mark_in
from qgjob.cli.github.patience import pause_before_again

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from qgjob.cli.github.api import GithubApi
    from qgjob.cli.github.check import Check
    from qgjob.cli.github.surroundings import Attempt, Surroundings

T = TypeVar("T")

_ACTIONS_BOT = "github-actions[bot]"
"""Whose the token of a workflow is."""
_GONE = 404


@dataclass(frozen=True, kw_only=True)
class Found:
    """A comment or a check run that is there already; `shows`: the attempt that it tells of."""

    number: int
    shows: Attempt
    annotations: int = 0


def patiently(deed: Callable[[], T]) -> T:
    """Do a deed, and do it again, within a minute in all, where GitHub was away or limited us."""
    tries, waited_s = 0, 0.0
    while True:
        tries += 1
        try:
            return deed()
        except GithubBusy as error:
            pause_s = pause_before_again(error, tries=tries, waited_s=waited_s)
            if pause_s is None:
                raise
        waited_s += pause_s
        time.sleep(pause_s)


def put_comment(api: GithubApi, surroundings: Surroundings, text: str) -> str:
    """Write the comment or bring it up to date; return what was done. One that tells of a newer push is left alone."""
    found = _own_comment(api, surroundings)
    comments = f"/repos/{surroundings.repository}/issues"
    if found and found.shows > surroundings.attempt:
        return f"the comment tells of run {found.shows.run_id}, which is newer: it stays as it is"
    if found:
        try:
            api.ask("PATCH", f"{comments}/comments/{found.number}", body={"body": text})
        except GithubRefused as refusal:
            if refusal.status != _GONE:
                raise
        else:
            return "the comment is up to date"
    api.ask("POST", f"{comments}/{surroundings.pull_request}/comments", body={"body": text})
    return "the comment is written"


def put_check(api: GithubApi, surroundings: Surroundings, check: Check) -> str:
    """Write the check run, or finish the one of this very attempt; return what was done, in words of our own alone.

    Annotations are only ever added to a check run, so that another attempt gets one of its own, which GitHub shows
    instead of the older.
    """
    checks = f"/repos/{surroundings.repository}/check-runs"
    found = _own_check(api, surroundings, check)
    if found and found.shows > surroundings.attempt:
        return f"the check tells of attempt {found.shows.number}, which is newer: it stays as it is"
    number, sent = (found.number, found.annotations) if found else (None, 0)
    if number is None:
        created = api.ask(
            "POST", checks, body={**_check_body(check, 0), "name": check.name, "head_sha": check.head_sha}
        )
        number, sent = _number_of(created), ANNOTATIONS_AT_ONCE
    elif sent >= len(check.annotations):
        api.ask("PATCH", f"{checks}/{number}", body=_check_body(check, len(check.annotations)))
    for start in range(sent, len(check.annotations), ANNOTATIONS_AT_ONCE):
        api.ask("PATCH", f"{checks}/{number}", body=_check_body(check, start))
    return f"the check is {check.conclusion}"


def _own_comment(api: GithubApi, surroundings: Surroundings) -> Found | None:
    """Find the comment that this token wrote for this workflow's job: anybody may write another's mark."""
    own = _login(api, surroundings)
    path = f"/repos/{surroundings.repository}/issues/{surroundings.pull_request}/comments"
    for comment in api.pages(path):
        user, mark = comment.get("user"), mark_in(str(comment.get("body")))
        login = user.get("login") if isinstance(user, dict) else None
        if mark and mark.key == surroundings.key and str(login).removesuffix("[bot]") == own.removesuffix("[bot]"):
            return Found(number=_number_of(comment), shows=mark.shows)
    return None


def _login(api: GithubApi, surroundings: Surroundings) -> str:
    """Ask whose the token is; REST tells that to people's tokens alone."""
    try:
        said = api.ask("POST", surroundings.graphql_url, body={"query": "query { viewer { login } }"})
    except GithubRefused:
        return _ACTIONS_BOT
    data = said.get("data") if isinstance(said, dict) else None
    viewer = data.get("viewer") if isinstance(data, dict) else None
    return str(viewer.get("login")) if isinstance(viewer, dict) else _ACTIONS_BOT


def _own_check(api: GithubApi, surroundings: Surroundings, check: Check) -> Found | None:
    """Find the newest check run of this name on the commit that one of our attempts made."""
    path = f"/repos/{surroundings.repository}/commits/{check.head_sha}/check-runs"
    listed = api.ask("GET", path, query={"check_name": check.name, "filter": "all", "per_page": 100})
    runs = listed.get("check_runs") if isinstance(listed, dict) else None
    found = [each for run in runs or [] if (each := _found_check(run, surroundings))]
    newest = max(found, key=lambda each: each.shows, default=None)
    return newest if newest and newest.shows >= surroundings.attempt else None


def _found_check(run: Mapping[str, object], surroundings: Surroundings) -> Found | None:
    shows = external_id_in(str(run.get("external_id")), key=surroundings.key)
    output = run.get("output")
    count = output.get("annotations_count") if isinstance(output, dict) else None
    if shows is None:
        return None
    return Found(number=_number_of(run), shows=shows, annotations=count if isinstance(count, int) else 0)


def _check_body(check: Check, start: int) -> dict[str, object]:
    output: dict[str, object] = {"title": check.title, "summary": check.summary}
    if annotations := check.annotations[start : start + ANNOTATIONS_AT_ONCE]:
        output["annotations"] = list(annotations)
    body: dict[str, object] = {
        "status": "completed",
        "conclusion": check.conclusion,
        "external_id": check.external_id,
        "output": output,
    }
    return {**body, "details_url": check.details_url} if check.details_url else body


def _number_of(answer: object) -> int:
    number = answer.get("id") if isinstance(answer, dict) else None
    if not isinstance(number, int):
        raise GithubBusy("GitHub's answer has no id")
    return number
