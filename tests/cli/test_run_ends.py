"""How a run that is waited for ends: every exit code, with its word in the receipt. Nothing unknown is ever green."""

import json
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest

from qgjob.cli.running.outcome import final_standing
from qgjob.cli.verdicts import Strictness
from qgjob.client import Client
from qgjob.core.words import CaseStatus, Verdict
from tests.cli.hands import Hand, Told
from tests.cli.listed import CART_SPEC, LOGIN_SPEC, make_listed_project
from tests.cli.proxy import a_proxy
from tests.cli.users import User

if TYPE_CHECKING:
    from qgjob.wire.prospects import RunDetail

pytestmark = pytest.mark.exam

RUN = ("run", "--poll-interval", "0.2", "--retries", "0", "--receipt", "receipt.json")
PASSES = Told(title="passes")
FAILS = Told(title="fails", status=CaseStatus.FAILED, errors=("Error: \x1b[31m3 is not 4\x1b[0m",))
SKIPPED = Told(title="is skipped", status=CaseStatus.SKIPPED)


@pytest.fixture(autouse=True)
def _project(own_user: User) -> None:
    make_listed_project(own_user.folder)


@contextmanager
def meanwhile(client: Client, *leases: tuple[Verdict, Sequence[Told]]) -> Iterator[None]:
    """Have an agent run these leases, one after the other, while the block lasts."""
    hand = Hand(client)
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(lambda: [hand.run(verdict, cases) for verdict, cases in leases])
        yield
        running.result()


def receipt() -> dict[str, object]:
    found = json.loads(Path("receipt.json").read_text(encoding="utf-8"))
    assert isinstance(found, dict)
    return found


@dataclass(frozen=True, kw_only=True)
class End:
    """What an agent reports of the only job, and what that comes to."""

    verdict: Verdict
    code: int
    status: str
    cases: Sequence[Told] = (PASSES,)
    flags: tuple[str, ...] = ()


ENDS = {
    "passed": End(verdict=Verdict.PASSED, code=0, status="passed"),
    "flaky counts as passed": End(verdict=Verdict.FLAKY, code=0, status="passed"),
    "flaky where that is wanted": End(verdict=Verdict.FLAKY, code=1, status="failed", flags=("--fail-on-flaky",)),
    "failed": End(verdict=Verdict.FAILED, code=1, status="failed", cases=(PASSES, FAILS)),
    "timed out": End(verdict=Verdict.TIMED_OUT, code=1, status="failed"),
    "app error": End(verdict=Verdict.APP_ERROR, code=1, status="failed", cases=()),
    "configuration error": End(verdict=Verdict.CONFIGURATION_ERROR, code=2, status="configuration_error", cases=()),
    "no tests": End(verdict=Verdict.NO_TESTS, code=8, status="no_tests", cases=()),
    "all skipped": End(verdict=Verdict.NO_TESTS, code=8, status="no_tests", cases=(SKIPPED,)),
    "passed with skipped cases alone": End(verdict=Verdict.PASSED, code=8, status="no_tests", cases=(SKIPPED,)),
    "passed without any case": End(verdict=Verdict.PASSED, code=8, status="no_tests", cases=()),
}


@pytest.mark.parametrize("name", ENDS)
def test_what_an_agent_reports_decides_the_exit_code(own_user: User, own_client: Client, name: str) -> None:
    end = ENDS[name]
    with meanwhile(own_client, (end.verdict, end.cases)):
        answered = own_user.does(*RUN, LOGIN_SPEC, *end.flags)
    assert (answered.code, receipt()["status"], receipt()["exit_code"]) == (end.code, end.status, end.code)
    assert str(receipt()["run_id"]) in answered.stdout


@pytest.mark.parametrize(
    ("verdicts", "code"),
    [
        ((Verdict.PASSED, Verdict.FAILED), 1),
        ((Verdict.CONFIGURATION_ERROR, Verdict.FAILED), 1),
        ((Verdict.NO_TESTS, Verdict.CONFIGURATION_ERROR), 2),
        ((Verdict.PASSED, Verdict.NO_TESTS), 8),
        ((Verdict.PASSED, Verdict.PASSED), 0),
    ],
)
def test_of_several_jobs_the_gravest_decides(
    own_user: User, own_client: Client, verdicts: Sequence[Verdict], code: int
) -> None:
    with meanwhile(own_client, *((verdict, (PASSES,)) for verdict in verdicts)):
        assert own_user.does(*RUN).code == code


UNKNOWN: dict[str, dict[str, object]] = {
    "lost to infrastructure": {"verdicts": {"infra_error": 1}},
    "a verdict of a newer server": {"verdicts": {"splendid": 1}},
    "fewer verdicts than jobs": {"verdicts": {}},
    "no job at all": {"verdicts": {}, "job_ids": []},
}


@pytest.mark.parametrize("name", UNKNOWN)
@pytest.mark.parametrize(("flags", "code"), [((), 3), (("--infra-as-failure",), 1)])
def test_what_is_lost_or_unknown_is_3_or_1_where_that_is_wanted_and_never_0(
    own_user: User, own_client: Client, name: str, flags: tuple[str, ...], code: int
) -> None:
    if name == "no job at all":
        code = 3  # it is not the infrastructure of a test that fails here
    with a_proxy(own_user.server_url) as proxy, meanwhile(own_client, (Verdict.PASSED, (PASSES,))):

        def change(run: dict[str, object]) -> None:
            if run["status"] == "completed":
                run.update(UNKNOWN[name])

        proxy.changes["GET /runs/"] = change
        answered = own_user.does("--server-url", proxy.url, *RUN, LOGIN_SPEC, *flags)
    assert (answered.code, receipt()["exit_code"]) == (code, code)
    assert receipt()["status"] == ("failed" if code == 1 else "infrastructure_error")


def test_a_run_that_is_not_over_is_no_pass(own_user: User, own_client: Client) -> None:
    with meanwhile(own_client, (Verdict.PASSED, (PASSES,))):
        own_user.does(*RUN, LOGIN_SPEC)
    run = own_client.jobs.get_run(str(receipt()["run_id"]))
    assert final_standing(own_client, run, Strictness()).exit_code == 0
    going = cast("RunDetail", {**run, "status": "running"})
    assert final_standing(own_client, going, Strictness()).exit_code == 3


def test_a_run_that_somebody_cancels_is_5(own_user: User, own_client: Client) -> None:
    def cancel() -> None:
        while not (runs := own_client.jobs.runs()["runs"]):
            pass
        own_client.jobs.cancel_run(runs[0]["run_id"])

    with ThreadPoolExecutor(1) as pool:
        cancelling = pool.submit(cancel)
        answered = own_user.does(*RUN)
        cancelling.result()
    assert (answered.code, receipt()["status"]) == (5, "cancelled")


def test_a_wait_that_times_out_is_124_and_the_run_goes_on(own_user: User, own_client: Client) -> None:
    answered = own_user.does(*RUN, "--timeout", "0.3")
    run_id = receipt()["run_id"]
    assert (answered.code, receipt()["status"]) == (124, "timed_out")
    assert f"Go on watching with: qgjob wait {run_id}" in answered.stderr
    assert own_client.jobs.get_run(str(run_id))["status"] == "pending"


def test_waiting_on_comes_to_what_waiting_would_have_come_to(own_user: User, own_client: Client) -> None:
    own_user.does(*RUN, "--timeout", "0.3", LOGIN_SPEC)
    run_id = str(receipt()["run_id"])
    with meanwhile(own_client, (Verdict.FAILED, (PASSES, FAILS))):
        answered = own_user.does("wait", run_id, "--poll-interval", "0.2", "--receipt", "receipt.json")
    assert (answered.code, receipt()["status"], receipt()["run_id"]) == (1, "failed", run_id)
    assert receipt()["org_id"] == "acme"
    assert receipt()["message"] == "Tests: 2 total, 1 passed, 1 failed. Jobs: 1 total, 1 failed."


def test_a_run_that_there_is_not_is_6(own_user: User) -> None:
    answered = own_user.does("wait", "01a22326-75e3-7000-9b5d-d0357401ce52", "--receipt", "receipt.json")
    assert (answered.code, receipt()["status"]) == (6, "not_found")
    assert "01a22326-75e3-7000-9b5d-d0357401ce52" in answered.stderr


def test_a_server_that_is_away_is_7(own_user: User) -> None:
    answered = own_user.does("--server-url", "http://127.0.0.1:9", *RUN)
    assert (answered.code, receipt()["status"]) == (7, "unreachable")


def test_a_server_that_stays_away_while_it_is_waited_for_is_7_and_says_how_to_go_on(
    own_user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qgjob.cli.follow._MOST_SILENCE_S", 0.5)
    with a_proxy(own_user.server_url) as proxy:
        proxy.unsent.add("GET /facts")
        answered = own_user.does("--server-url", proxy.url, *RUN)
    assert (answered.code, receipt()["status"]) == (7, "unreachable")
    assert f"The run goes on. Go on watching with: qgjob wait {receipt()['run_id']}" in answered.stderr


def test_a_report_that_cannot_be_made_turns_green_into_3_and_no_other_code(own_user: User, own_client: Client) -> None:
    Path("taken").mkdir()
    reports = ("--report", "junit=junit.xml,ctrf=taken")
    with meanwhile(own_client, (Verdict.PASSED, (PASSES,)), (Verdict.FAILED, (FAILS,))):
        green = own_user.does(*RUN, LOGIN_SPEC, *reports)
        assert (green.code, receipt()["status"]) == (3, "infrastructure_error")
        assert "the ctrf report was not written to taken" in green.stderr
        assert 'tests="1"' in Path("junit.xml").read_text(encoding="utf-8")
        red = own_user.does(*RUN, LOGIN_SPEC, *reports)
    assert (red.code, receipt()["status"]) == (1, "failed")
    assert "Uploading the project" not in red.stderr


def test_what_muted_cases_alone_failed_is_a_pass(own_user: User, own_client: Client) -> None:
    until = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    own_client.cases.mute("acme", "fails", {"owner": "sam", "until": until})
    with meanwhile(own_client, (Verdict.FAILED, (PASSES, FAILS))):
        answered = own_user.does(*RUN, LOGIN_SPEC)
    assert (answered.code, receipt()["status"]) == (0, "passed")
    assert receipt()["message"] == "Tests: 2 total, 1 passed, 1 failed. Jobs: 1 total, 1 failed, 1 excused."


def test_a_failed_run_is_run_again_and_waited_for(own_user: User, own_client: Client) -> None:
    with meanwhile(own_client, (Verdict.PASSED, (PASSES,)), (Verdict.FAILED, (FAILS,))):
        own_user.does(*RUN)
    failed = str(receipt()["run_id"])
    with meanwhile(own_client, (Verdict.PASSED, (PASSES,))):
        again = own_user.does(
            "retry", failed, "--failed", "--wait", "--poll-interval", "0.2", "--receipt", "receipt.json"
        )
    assert again.code == 0, again.stderr
    assert (receipt()["status"], receipt()["run_id"] != failed) == ("passed", True)
    assert len(own_client.jobs.get_run(str(receipt()["run_id"]))["job_ids"]) == 1


def test_plain_lines_tell_of_every_job_and_every_failed_case(own_user: User, own_client: Client) -> None:
    with meanwhile(own_client, (Verdict.PASSED, (PASSES,)), (Verdict.FAILED, (PASSES, FAILS))):
        answered = own_user.does(*RUN)
    lines = answered.stderr.splitlines()
    assert len([line for line in lines if f"{CART_SPEC}  passed" in line or f"{LOGIN_SPEC}  passed" in line]) == 1
    assert len([line for line in lines if "failed: fails (0.5 s)" in line]) == 1
    assert not [line for line in lines if "passes" in line]
    assert "\x1b" not in answered.stderr + answered.stdout


def test_programs_get_one_event_a_line_and_the_end_last(own_user: User, own_client: Client) -> None:
    with meanwhile(own_client, (Verdict.FAILED, (PASSES, FAILS))):
        answered = own_user.does("-o", "json", *RUN, LOGIN_SPEC)
    events = [json.loads(line) for line in answered.stdout.splitlines()]
    kinds = [event["event"] for event in events]
    assert kinds[0] == "accepted"
    assert kinds.count("case_ended") == 2
    assert kinds.count("job_ended") == 1
    assert kinds[-1] == "ended"
    last = events[-1]
    assert (last["status"], last["exit_code"], last["run_id"]) == ("failed", 1, receipt()["run_id"])
    assert last["run"]["cases"]["failed"] == 1
    assert "failed: fails" in answered.stderr
    assert "\x1b[31m" not in answered.stdout


def test_a_refusal_is_the_last_event_too(own_user: User) -> None:
    answered = own_user.does("-o", "json", *RUN, "gone.spec.js")
    (line,) = answered.stdout.splitlines()
    assert json.loads(line)["event"] == "ended"
    assert (answered.code, json.loads(line)["exit_code"]) == (2, 2)
