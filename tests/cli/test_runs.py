"""Runs and orgs on the command line."""

from datetime import UTC, datetime, timedelta

import pytest

from qgjob.client import Client
from tests.cli.projects import write_files
from tests.cli.users import User


@pytest.fixture(autouse=True)
def _test_file(user: User) -> None:
    write_files(user.folder, {"tests/old.spec.js": ""})


def submitted(user: User, *arguments: str) -> str:
    """Submit one job; returns the id of its run."""
    answered = user.does("-o", "json", "submit", "--app-version-id", "1", "--test", "tests/old.spec.js", *arguments)
    assert answered.code == 0, answered.stderr
    return str(answered.document()["run_id"])


def test_runs_are_listed_newest_first_and_a_list_that_is_cut_says_so(user: User) -> None:
    run_ids = [submitted(user) for _ in range(3)]
    listed = user.does("runs")
    cut = user.does("runs", "--limit", "2")

    assert [line.split()[0] for line in listed.stdout.splitlines()] == ["Run", *run_ids[::-1]]
    assert [run_id in cut.stdout for run_id in run_ids] == [False, True, True]
    assert cut.stderr == "These are the newest 2; --limit shows more.\n"


def test_a_run_says_which_key_it_supersedes_by_and_who_took_its_place(user: User) -> None:
    older, newer = (submitted(user, "--supersede", "main") for _ in range(2))
    shown = user.does("status", "--run-id", older)

    assert "Supersedes by: main" in shown.stdout.splitlines()
    assert f"Superseded by: {newer}" in shown.stdout.splitlines()
    rows = {line.split()[0]: line for line in user.does("runs").stdout.splitlines()}
    assert ("main (superseded)" in rows[older], "main (superseded)" in rows[newer]) == (True, False)


@pytest.mark.parametrize(("said", "seconds"), [("90s", 90), ("20m", 1200), ("2h", 7200), ("1d", 86400)])
def test_a_deadline_is_a_length_of_time_from_now(user: User, client: Client, said: str, seconds: int) -> None:
    before = datetime.now(UTC)
    run_id = submitted(user, "--deadline", said)
    (job,) = client.jobs.page(run_id=run_id)["jobs"]
    deadline = datetime.fromisoformat(job["payload"]["deadline"] or "")

    assert timedelta(seconds=seconds) <= deadline - before <= timedelta(seconds=seconds + 60)


def test_a_deadline_is_a_time(user: User, client: Client) -> None:
    (job,) = client.jobs.page(run_id=submitted(user, "--deadline", "2999-01-01T08:00:00+02:00"))["jobs"]

    assert job["payload"]["deadline"] == "2999-01-01T06:00:00+00:00"


@pytest.mark.parametrize("said", ["soon", "0m", "20", "-5m"])
def test_a_deadline_that_is_neither_is_refused(user: User, said: str) -> None:
    answered = user.does("submit", "--app-version-id", "1", "--test", "tests/old.spec.js", f"--deadline={said}")

    assert answered.code == 2
    assert f"{said!r} is neither a length of time as 90s, 20m, 2h, 1d nor an ISO 8601 time" in answered.stderr


def test_a_deadline_that_is_over_is_refused_by_the_server(user: User) -> None:
    answered = user.does(
        "submit", "--app-version-id", "1", "--test", "tests/old.spec.js", "--deadline", "2020-01-01T00:00:00Z"
    )

    assert answered.code == 2
    assert "deadline: 2020-01-01T00:00:00+00:00 is over" in answered.stderr


def test_orgs_are_shown_with_what_they_have_outstanding_and_are_given_weights(user: User) -> None:
    submitted(user)
    weighed = user.does("orgs", "weigh", user.org, "2.5")
    listed = [line.split() for line in user.does("orgs").stdout.splitlines()]

    assert weighed.code == 0
    assert [row[:2] for row in listed if row[0] == user.org] == [[user.org, "2.5"]]
    assert [row[3:] for row in listed if row[0] == user.org] == [["1", "1", "min", "00", "s"]]
    assert user.does("orgs", "weigh", user.org, "0").code == 2
