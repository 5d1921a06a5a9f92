"""Comment and check run on a GitHub that checks every request: written once, then kept, whatever comes between."""

import time
from collections.abc import Iterator
from dataclasses import replace

import pytest

from qgjob.cli.github.api import GithubApi, GithubBusy, GithubRefused
from qgjob.cli.github.check import check
from qgjob.cli.github.comment import comment
from qgjob.cli.github.outcome import Outcome
from qgjob.cli.github.patience import pause_before_again
from qgjob.cli.github.publish import patiently, put_check, put_comment
from qgjob.cli.github.surroundings import Surroundings
from qgjob.cli.receipt import ReceiptStatus
from tests.ci.github_api import TOKEN, FakeGithub, Refusal, a_github
from tests.cli.github.outcomes import SHA, an_outcome, surroundings, told

COMMENTS = "/repos/acme/shop/issues/7/comments"
CHECKS = "/repos/acme/shop/check-runs"
RED = an_outcome(told("total is right"))
GREEN = an_outcome(status=ReceiptStatus.PASSED)


@pytest.fixture
def github() -> Iterator[FakeGithub]:
    with a_github() as github:
        yield github


def at(github: FakeGithub, *, run_id: int = 100, attempt: int = 1) -> Surroundings:
    return surroundings(run_id=run_id, attempt=attempt, api_url=github.url, graphql_url=github.graphql_url)


def comments(github: FakeGithub, outcome: Outcome, where: Surroundings) -> str:
    with GithubApi(github.url, token=TOKEN) as api:
        return patiently(lambda: put_comment(api, where, comment(outcome, where)))


def checks(github: FakeGithub, outcome: Outcome, where: Surroundings) -> str:
    with GithubApi(github.url, token=TOKEN) as api:
        return patiently(lambda: put_check(api, where, check(outcome, where)))


def test_a_comment_is_written_once_and_then_kept_up_to_date(github: FakeGithub) -> None:
    done = [comments(github, RED, at(github)), comments(github, GREEN, at(github, run_id=101))]

    assert done == ["the comment is written", "the comment is up to date"]
    assert [str(asked) for asked in github.asked] == [
        "POST /graphql",
        f"GET {COMMENTS}?per_page=100&page=1",
        f"POST {COMMENTS}",
        "POST /graphql",
        f"GET {COMMENTS}?per_page=100&page=1",
        "PATCH /repos/acme/shop/issues/comments/1000",
    ]
    assert github.bodies() == [comment(GREEN, at(github, run_id=101))]


def test_it_is_found_on_a_later_page_among_those_of_others(github: FakeGithub) -> None:
    where = at(github)
    for number in range(250):
        github.add_comment(7, f"I like it {number}", login="octocat")
    own = github.add_comment(7, comment(RED, where))

    comments(github, GREEN, where)

    assert own["body"] == comment(GREEN, where)
    assert [asked.query["page"] for asked in github.asked if asked.method == "GET"] == ["1", "2", "3"]


def test_what_somebody_else_wrote_is_not_ours_whatever_mark_it_has(github: FakeGithub) -> None:
    where = at(github)
    forged = comment(RED, where)
    github.add_comment(7, forged, login="mallory")

    comments(github, GREEN, where)

    assert github.bodies() == [forged, comment(GREEN, where)]


def test_two_workflows_have_a_comment_each(github: FakeGithub) -> None:
    other = replace(at(github), key="f" * 16, job_name="Nightly / e2e")
    for where in (at(github), other, at(github), other):
        comments(github, RED, where)

    assert github.bodies() == [comment(RED, at(github)), comment(RED, other)]


@pytest.mark.parametrize("older", [(99, 3), (100, 1)])
def test_an_older_push_does_not_replace_what_a_newer_one_said(github: FakeGithub, older: tuple[int, int]) -> None:
    newer = at(github, run_id=100, attempt=2)
    comments(github, GREEN, newer)

    said = comments(github, RED, at(github, run_id=older[0], attempt=older[1]))

    assert said == "the comment tells of run 100, which is newer: it stays as it is"
    assert github.bodies() == [comment(GREEN, newer)]


def test_a_comment_that_was_deleted_meanwhile_is_written_again(github: FakeGithub) -> None:
    where = at(github)
    comments(github, RED, where)
    github.refusals.append(Refusal(status=404, method="PATCH"))

    assert comments(github, GREEN, where) == "the comment is written"


def test_an_answer_that_is_lost_does_not_make_two_comments(github: FakeGithub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "sleep", lambda _: None)
    github.refusals.append(Refusal(status=502, method="POST", lost=True))

    assert comments(github, RED, at(github)) == "the comment is up to date"
    assert len(github.bodies()) == 1


@pytest.mark.parametrize(
    ("refusal", "slept"),
    [
        (Refusal(status=403, headers={"Retry-After": "7"}), 7.0),
        (Refusal(status=429, headers={"Retry-After": "2"}), 2.0),
        (Refusal(status=403, message="You have exceeded a secondary rate limit"), 60.0),
        (Refusal(status=500), 1.0),
    ],
)
def test_a_limit_is_waited_for_as_long_as_github_says(
    github: FakeGithub, monkeypatch: pytest.MonkeyPatch, refusal: Refusal, slept: float
) -> None:
    pauses: list[float] = []
    monkeypatch.setattr(time, "sleep", pauses.append)
    github.refusals.append(refusal)

    assert comments(github, RED, at(github)) == "the comment is written"
    assert pauses == [slept]


def test_a_limit_that_lasts_longer_than_a_minute_is_not_waited_for(
    github: FakeGithub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(time, "sleep", lambda _: pytest.fail("it waits"))
    reset = str(int(time.time()) + 1800)
    github.refusals.append(Refusal(status=403, headers={"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": reset}))

    with pytest.raises(GithubBusy):
        comments(github, RED, at(github))
    assert github.bodies() == []


def test_patience_ends_after_a_minute_in_all_and_after_four_tries() -> None:
    limited, away = GithubBusy("limited", pause_s=25.0), GithubBusy("away")

    assert pause_before_again(limited, tries=2, waited_s=25.0) == 25.0
    assert pause_before_again(limited, tries=3, waited_s=50.0) is None
    assert [pause_before_again(away, tries=tries, waited_s=0.0) for tries in (1, 2, 3, 4)] == [1.0, 3.0, 9.0, None]


def test_a_token_that_may_not_is_refused_and_not_tried_again(github: FakeGithub) -> None:
    github.permissions.clear()

    with pytest.raises(GithubRefused) as refused:
        comments(github, RED, at(github))
    assert refused.value.is_permission
    assert github.writes() == [f"POST {COMMENTS}"]


def test_a_check_is_made_with_fifty_annotations_and_the_rest_is_added(github: FakeGithub) -> None:
    outcome = an_outcome(*(told(f"case {number}") for number in range(120)))

    said = checks(github, outcome, at(github))

    assert said == "the check is failure"
    assert github.writes() == [f"POST {CHECKS}", f"PATCH {CHECKS}/500", f"PATCH {CHECKS}/500"]
    (run,) = github.checks
    annotations = run["annotations"]
    assert isinstance(annotations, list)
    assert [one["title"] for one in annotations] == [f"case {number}" for number in range(120)]
    assert (run["head_sha"], run["conclusion"]) == (SHA, "failure")


def test_a_check_of_this_attempt_is_finished_and_not_made_twice(
    github: FakeGithub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(time, "sleep", lambda _: None)
    outcome = an_outcome(*(told(f"case {number}") for number in range(120)))
    github.refusals.append(Refusal(status=502, method="POST", lost=True))
    github.refusals.append(Refusal(status=502, method="PATCH", lost=True))

    checks(github, outcome, at(github))
    checks(github, outcome, at(github))

    (run,) = github.checks
    assert isinstance(run["annotations"], list)
    assert len(run["annotations"]) == 120


def test_another_attempt_has_a_check_of_its_own_and_an_older_one_none(github: FakeGithub) -> None:
    checks(github, RED, at(github, attempt=1))
    checks(github, GREEN, at(github, attempt=2))
    said = checks(github, RED, at(github, attempt=1))

    assert [run["conclusion"] for run in github.checks] == ["failure", "success"]
    assert said == "the check tells of attempt 2, which is newer: it stays as it is"


def test_a_github_that_is_away_is_not_waited_for_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    pauses: list[float] = []
    monkeypatch.setattr(time, "sleep", pauses.append)

    with GithubApi("http://127.0.0.1:9", token=TOKEN) as api, pytest.raises(GithubBusy, match=r"127\.0\.0\.1:9"):
        patiently(lambda: api.ask("GET", "/"))
    assert pauses == [1.0, 3.0, 9.0]
