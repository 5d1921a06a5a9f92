"""`qgjob report` against a real server, whose agents are moved by hand."""

import json
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from lxml import etree

from qgjob.cli.reports.evidence import fetch_blobs
from qgjob.cli.reports.gather import gather
from qgjob.client import Client
from qgjob.core.words import CaseStatus, Verdict
from tests.cli.hands import Hand, Told
from tests.cli.projects import make_project
from tests.cli.reports.merged import events_of, outcome, stats_in, told_tests
from tests.cli.test_submit import V1
from tests.cli.users import Answered, User

UNKNOWN = "00000000-0000-4000-8000-000000000000"
FAILED = Told(title="cart › adds up", status=CaseStatus.FAILED, errors=("total is 3",))
PASSED = Told(title="cart › adds up")
OTHER = Told(title="cart › is there")
LATER = Told(title="cart › is kept", status=CaseStatus.SKIPPED)


@pytest.fixture(autouse=True)
def _project(own_user: User) -> None:
    make_project(own_user.folder)


def submitted(user: User, *arguments: str) -> str:
    """Submit one job; returns the id of its run."""
    words = ("--app-version-id", "1.0.0", "--app", str(V1), "--test", "tests/login.spec.ts")
    answered = user.does("-o", "json", "submit", *words, *arguments)
    assert answered.code == 0, answered.stderr
    return str(answered.document()["run_id"])


def a_flaky_run(user: User, client: Client) -> str:
    """A run of one job that passed on its second attempt."""
    run_id = submitted(user, "--max-retries", "1")
    hand = Hand(client)
    hand.run(Verdict.FAILED, [FAILED, OTHER])
    hand.run(Verdict.PASSED, [PASSED, OTHER])
    return run_id


def asked(user: User, run_id: str, wanted: str, *arguments: str) -> Answered:
    return user.does("report", run_id, "--report", wanted, *arguments)


def test_all_formats_are_written_at_once_and_say_the_same(own_user: User, own_client: Client, playwright: Path) -> None:
    (own_user.folder / "node_modules").symlink_to(playwright / "node_modules")
    run_id = a_flaky_run(own_user, own_client)

    wanted = "junit=out/j.xml,ctrf=out/c.json,json=out/r.json,blob=out/b.zip,html=out/html,allure=out/allure"
    answered = asked(own_user, run_id, wanted)

    assert answered.code == 0, answered.stderr
    assert answered.stdout.splitlines()[0] == "junit: out/j.xml"
    assert "4 of 4 executions are told from the farm's own records, without steps" in answered.stderr
    out = own_user.folder / "out"
    assert len(etree.fromstring((out / "j.xml").read_bytes()).findall("testsuite/testcase/flakyFailure")) == 1
    assert json.loads((out / "c.json").read_bytes())["results"]["summary"]["flaky"] == 1
    assert json.loads((out / "r.json").read_bytes())["cases"] == {
        "passed": 1,
        "failed": 0,
        "flaky": 1,
        "skipped": 0,
        "not_run": 0,
        "total": 2,
    }
    assert [outcome(test) for test in told_tests(events_of(out / "b.zip"))] == ["flaky", "expected"]
    assert stats_in(out / "html" / "index.html")["flaky"] == 1
    assert len(list((out / "allure").glob("*-result.json"))) == 4


def test_a_muted_failure_is_shown_with_what_the_farm_knows_of_it(own_user: User, own_client: Client) -> None:
    until = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    own_client.cases.mute(own_user.org, FAILED.title, {"owner": "ada", "until": until, "reason": "known"})
    run_id = submitted(own_user, "--max-retries", "0")
    Hand(own_client).run(Verdict.FAILED, [FAILED, OTHER])

    assert asked(own_user, run_id, "junit=j.xml,json=r.json").code == 0

    (job,) = json.loads((own_user.folder / "r.json").read_bytes())["jobs"]
    muted = {case["title"]: (case["outcome"], case["muted"], case["standing"]) for case in job["cases"]}
    assert muted == {FAILED.title: ("failed", True, "first_seen_failing"), OTHER.title: ("passed", False, None)}
    assert job["excused"]
    properties = etree.fromstring((own_user.folder / "j.xml").read_bytes()).iter("property")
    assert {(each.get("name"), each.get("value")) for each in properties} == {
        ("qgjob.muted", "cart › adds up: true"),
        ("qgjob.standing", "cart › adds up: first_seen_failing"),
    }


def test_a_run_that_still_goes_is_refused_with_what_to_do(own_user: User) -> None:
    run_id = submitted(own_user)
    answered = asked(own_user, run_id, "junit=j.xml")
    assert (answered.code, answered.stdout, (own_user.folder / "j.xml").exists()) == (2, "", False)
    assert f"qgjob wait {run_id}" in answered.stderr


def test_a_run_that_is_not_there_is_exit_6_and_named(own_user: User) -> None:
    answered = asked(own_user, UNKNOWN, "junit=j.xml")
    assert (answered.code, answered.stderr) == (6, f"Error: There is no run {UNKNOWN}.\n")


def test_without_a_project_html_says_what_to_do_and_the_others_are_written(
    own_user: User, own_client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_id = a_flaky_run(own_user, own_client)
    monkeypatch.chdir(tmp_path)
    answered = asked(own_user, run_id, "html=html,junit=j.xml")
    assert answered.code == 2
    assert "name it with --project-dir" in answered.stderr
    assert (tmp_path / "j.xml").exists()


def test_without_playwright_html_says_what_to_install(own_user: User, own_client: Client) -> None:
    run_id = a_flaky_run(own_user, own_client)
    answered = asked(own_user, run_id, "html=html")
    assert answered.code == 2
    assert "run `npm ci` there" in answered.stderr


def test_what_is_there_is_replaced(own_user: User, own_client: Client) -> None:
    run_id = a_flaky_run(own_user, own_client)
    (own_user.folder / "j.xml").write_text("old")
    for _ in range(2):
        assert asked(own_user, run_id, "junit=j.xml,allure=results").code == 0
    assert (own_user.folder / "j.xml").read_text().startswith("<?xml")
    assert len(list((own_user.folder / "results").glob("*-result.json"))) == 4


def test_a_run_whose_jobs_were_cancelled_is_never_green(own_user: User) -> None:
    run_id = submitted(own_user)
    assert own_user.does("cancel", run_id).code == 0
    assert asked(own_user, run_id, "junit=j.xml").code == 0
    root = etree.fromstring((own_user.folder / "j.xml").read_bytes())
    assert (root.get("tests"), root.get("errors")) == ("1", "1")
    assert root.xpath("string(testsuite/testcase/error/@type)") == "cancelled"


def test_the_blob_of_a_runner_is_fetched_and_told_from(own_user: User, own_client: Client) -> None:
    run_id = submitted(own_user)
    hand = Hand(own_client)
    blob = a_blob_of(own_user.folder / "blob-report.zip", PASSED.title)
    lease = hand.run(Verdict.PASSED, [PASSED, LATER], evidence=blob, kind="blob")

    answered = asked(own_user, run_id, "blob=b.zip,allure=results")

    assert answered.code == 0
    assert "1 of 2 executions are told from the farm's own records, without steps" in answered.stderr
    with zipfile.ZipFile(own_user.folder / "b.zip") as archive:
        (kept,) = [name for name in archive.namelist() if name != "report.jsonl"]
        assert archive.read(kept) == b"a picture"
    (copied,) = (own_user.folder / "results").glob("*-attachment.png")
    assert copied.read_bytes() == b"a picture"
    assert len(lease["jobs"]) == 1


def test_what_the_screen_showed_is_attached_to_the_case_that_failed(own_user: User, own_client: Client) -> None:
    run_id = submitted(own_user, "--max-retries", "0")
    screen = own_user.folder / "01-cart-adds-up-device.png"
    screen.write_bytes(b"the screen")
    Hand(own_client).run(Verdict.FAILED, [FAILED, OTHER], evidence=screen, kind="screenshot")

    assert asked(own_user, run_id, "blob=b.zip,allure=results").code == 0

    failed, other = told_tests(events_of(own_user.folder / "b.zip"))
    (attachment,) = failed["results"][0]["attachments"]
    assert (attachment["name"], attachment["contentType"]) == ("device", "image/png")
    assert other["results"][0]["attachments"] == []
    with zipfile.ZipFile(own_user.folder / "b.zip") as archive:
        assert archive.read(attachment["path"]) == b"the screen"
    (copied,) = (own_user.folder / "results").glob("*-attachment.png")
    assert copied.read_bytes() == b"the screen"


def test_a_blob_of_several_jobs_is_fetched_once(own_user: User, own_client: Client, tmp_path: Path) -> None:
    (own_user.folder / "tests" / "cart.spec.ts").write_text("")
    run_id = submitted(own_user, "--test", "tests/cart.spec.ts")
    blob = a_blob_of(own_user.folder / "blob-report.zip", PASSED.title)
    hand = Hand(own_client)
    ended = 0
    while ended < 2:
        ended += len(hand.run(Verdict.PASSED, [PASSED], evidence=blob, kind="blob")["jobs"])

    (tmp_path / "fetched").mkdir()
    run = gather(own_client, run_id)
    blobs = fetch_blobs(own_client, run, folder=tmp_path / "fetched", root="/project")

    (fetched,) = (tmp_path / "fetched").iterdir()
    assert [blobs.path(job.job_id, job.attempts) for job in run.jobs] == [fetched, fetched]


def a_blob_of(path: Path, title: str) -> Path:
    """A blob as Playwright writes it of one case with a screenshot."""
    test = {
        "testId": title,
        "title": "adds up",
        "location": {"file": "login.spec.ts", "line": 1, "column": 1},
        "retries": 0,
    }
    suites = [{"title": "login.spec.ts", "entries": [{"title": "cart", "entries": [test]}]}]
    result = {"id": "r", "retry": 0, "workerIndex": 0, "parallelIndex": 0, "startTime": 1}
    shot = {"name": "screenshot", "contentType": "image/png", "path": "resources/shot.png"}
    ended = {"id": "r", "duration": 1, "status": "passed", "errors": []}
    end = {"test": {"testId": title, "expectedStatus": "passed", "timeout": 0, "annotations": []}, "result": ended}
    events = [
        ("onBlobReportMetadata", {"version": 2}),
        ("onConfigure", {"config": {"rootDir": "/agent/project/tests", "version": "1.59.1"}}),
        ("onProject", {"project": {"name": "android", "suites": suites}}),
        ("onTestBegin", {"testId": title, "result": result}),
        ("onAttach", {"testId": title, "resultId": "r", "attachments": [shot]}),
        ("onTestEnd", end),
    ]
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("resources/shot.png", b"a picture")
        archive.writestr("report.jsonl", "".join(json.dumps({"method": m, "params": p}) + "\n" for m, p in events))
    return path


@pytest.mark.parametrize("wanted", ["pdf=a.pdf", "junit", "junit="])
def test_what_is_no_report_is_refused(own_user: User, wanted: str) -> None:
    assert asked(own_user, UNKNOWN, wanted).code == 2
