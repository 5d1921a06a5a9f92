"""What a Playwright process says becomes the story of each job: begun, case by case, and in the end a verdict."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import zip_longest

import pytest

from qgjob.agent.gateway import FaultKind, GatewayFault, Session
from qgjob.agent.runner import (
    CaseBegan,
    CaseEnded,
    CaseError,
    FailureReason,
    Location,
    Outcome,
    RunBegan,
    RunCrashed,
    RunEnded,
    RunFailed,
    RunnerEvent,
    RunStatus,
)
from qgjob.agent.session.following import Follower
from qgjob.agent.session.job_run import JobRun
from qgjob.agent.session.story import LeaseStory
from qgjob.agent.session.verdict import Stop
from qgjob.core.attempt import Case
from qgjob.core.lease import LeasedJob
from qgjob.core.picking import place_named
from qgjob.core.places import Place
from qgjob.core.words import CaseStatus, JobId, Loss
from qgjob.wire.agents import Event

pytestmark = pytest.mark.anyio

AT = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


def a_case(name: str, file: str = "tests/login.spec.js") -> Case:
    return Case(case_id=f"{file}-{name}", title=name, file=file, line=1)


WORKS, FAILS = a_case("works"), a_case("fails")
BUYS = a_case("buys", "tests/checkout.spec.js")


@dataclass
class Gateway:
    """What a gateway would have seen."""

    sessions: list[Session] = field(default_factory=list)
    faults: list[GatewayFault] = field(default_factory=list)

    def opened(self, case: Case) -> None:
        self.sessions.append(Session(session_id="s", case_id=case.case_id, retry=0, started_at=AT, create_seconds=0.5))


class Followed:
    """A follower of the jobs of these specs, and what it tells."""

    def __init__(
        self, *paths: str, broke: Callable[[Case], bool] = lambda _: False, greps: Sequence[str | None] = ()
    ) -> None:
        self.told = list[Event]()
        self.gateway = Gateway()
        self.turns = 0
        self.loss: Loss | None = None
        self.runs = [
            JobRun(
                job=LeasedJob(job_id=JobId(path), attempt=1, test_path=path, timeout_s=None, grep=grep),
                place=place_named(path, is_there=lambda _: False),
            )
            for path, grep in zip_longest(paths, greps)
        ]

        async def broke_beneath(case: Case) -> bool:
            return broke(case)

        self.follower = Follower(
            self.runs,
            gateway=self.gateway,
            story=LeaseStory(self.told.append),
            broke_beneath=broke_beneath,
            loss=lambda: self.loss,
            on_turn=self._turn,
        )

    def _turn(self) -> None:
        self.turns += 1

    async def see(self, *events: RunnerEvent) -> None:
        for event in events:
            await self.follower.see(event)

    def kinds(self) -> list[str]:
        return [event["kind"] for event in self.told]

    def verdicts(self) -> dict[str, tuple[str, str | None]]:
        return {
            event["job_id"]: (event["verdict"], event["fault"])
            for event in self.told
            if event["kind"] == "attempt_ended"
        }

    def losses(self) -> list[str | None]:
        return [event.get("loss") for event in self.told if event["kind"] == "attempt_ended"]

    def statuses(self) -> list[str]:
        return [event["status"] for event in self.told if event["kind"] == "case_ended"]


def listed(*cases: Case, retries: int | None = 2) -> RunBegan:
    return RunBegan(at=AT, cases=cases, retries=retries, timeout_s=None)


def began(case: Case) -> CaseBegan:
    return CaseBegan(at=AT, case=case, retry=0)


def ended(case: Case, status: CaseStatus = CaseStatus.PASSED, *errors: str) -> CaseEnded:
    return CaseEnded(
        at=AT,
        case=case,
        retry=0,
        status=status,
        expected=CaseStatus.PASSED,
        outcome=Outcome.EXPECTED,
        seconds=1.0,
        errors=tuple(CaseError(message=error, location=None) for error in errors),
        steps=(),
        attachments=(),
    )


def over(status: RunStatus = RunStatus.PASSED) -> RunEnded:
    return RunEnded(at=AT, status=status, seconds=3.0)


def failed(reason: FailureReason, message: str, location: Location | None = None) -> RunFailed:
    return RunFailed(at=AT, reason=reason, message=message, location=location)


CRASHED = RunCrashed(at=AT, message="the process ended", exit_code=-9, output="Killed")


async def test_a_job_is_judged_as_soon_as_its_last_case_has_ended() -> None:
    followed = Followed("tests/login.spec.js", "tests/checkout.spec.js")
    await followed.see(listed(WORKS, BUYS), began(WORKS), ended(WORKS))
    assert followed.kinds() == ["attempt_started", "case_started", "case_ended", "attempt_ended"]
    assert followed.verdicts() == {"tests/login.spec.js": ("passed", None)}
    await followed.see(began(BUYS), ended(BUYS), over())
    followed.follower.conclude(stopped=False)
    assert followed.verdicts()["tests/checkout.spec.js"] == ("passed", None)
    assert followed.turns == 2


async def test_sessions_are_counted_per_job_and_marked_per_case() -> None:
    followed = Followed("tests/login.spec.js", "tests/checkout.spec.js")
    await followed.see(listed(WORKS, FAILS, BUYS), began(WORKS))
    followed.gateway.opened(WORKS)
    await followed.see(ended(WORKS), began(FAILS), ended(FAILS), began(BUYS))
    followed.gateway.opened(BUYS)
    await followed.see(ended(BUYS))
    assert [event["session"] for event in followed.told if event["kind"] == "case_ended"] == [True, False, True]
    assert [event["sessions"] for event in followed.told if event["kind"] == "attempt_ended"] == [1, 1]


async def test_the_project_s_own_retries_are_told_with_the_verdict() -> None:
    followed = Followed("tests/login.spec.js")
    await followed.see(listed(WORKS, retries=3), began(WORKS), ended(WORKS))
    assert [event["project_retries"] for event in followed.told if event["kind"] == "attempt_ended"] == [3]


async def test_a_failure_that_something_beneath_caused_says_nothing_about_the_test() -> None:
    followed = Followed("tests/login.spec.js", broke=lambda _: True)
    await followed.see(listed(WORKS, FAILS), began(WORKS), ended(WORKS), began(FAILS))
    followed.gateway.faults.append(
        GatewayFault(at=AT, kind=FaultKind.DEVICE_GONE, message="device 'a' not found", case_id=FAILS.case_id)
    )
    await followed.see(ended(FAILS, CaseStatus.FAILED, "socket hang up"))
    assert followed.statuses() == ["passed", "interrupted"]
    assert followed.verdicts() == {"tests/login.spec.js": ("infra_error", "infrastructure")}


@pytest.mark.parametrize("loss", [None, Loss.DEVICE, Loss.HOST])
async def test_what_went_down_with_an_attempt_is_told_with_its_verdict(loss: Loss | None) -> None:
    followed = Followed("tests/login.spec.js", broke=lambda _: True)
    await followed.see(listed(WORKS), began(WORKS))
    followed.gateway.faults.append(
        GatewayFault(at=AT, kind=FaultKind.DEVICE_GONE, message="device 'a' not found", case_id=WORKS.case_id)
    )
    followed.loss = loss
    await followed.see(ended(WORKS, CaseStatus.FAILED, "socket hang up"))
    assert followed.losses() == [loss]


async def test_a_crash_took_the_runner_down_unless_the_whole_host_went() -> None:
    for loss, told in ((None, Loss.RUNNER), (Loss.DEVICE, Loss.RUNNER), (Loss.HOST, Loss.HOST)):
        followed = Followed("tests/login.spec.js")
        followed.loss = loss
        await followed.see(listed(WORKS), began(WORKS), CRASHED)
        followed.follower.conclude(stopped=False)
        assert followed.losses() == [told]


async def test_a_pass_and_a_failed_test_took_nothing_down() -> None:
    followed = Followed("tests/login.spec.js", "tests/checkout.spec.js")
    followed.loss = Loss.HOST
    await followed.see(listed(WORKS, BUYS), began(WORKS), ended(WORKS))
    await followed.see(began(BUYS), ended(BUYS, CaseStatus.FAILED, "no"), over(RunStatus.FAILED))
    assert followed.losses() == [None, None]


async def test_a_job_whose_places_hold_no_case_is_not_judged_for_it() -> None:
    followed = Followed("tests/login.spec.js")
    followed.runs[0].job = replace(followed.runs[0].job, places=(Place(file="tests/login.spec.js", line=99),))
    await followed.see(failed(FailureReason.NO_TESTS, "Error: No tests found"), listed(), over(RunStatus.FAILED))
    followed.follower.conclude(stopped=False)
    assert followed.verdicts() == {}
    assert followed.runs[0].missed_its_places


async def test_a_fault_before_a_job_began_is_not_held_against_it() -> None:
    followed = Followed("tests/login.spec.js", "tests/checkout.spec.js")
    followed.gateway.faults.append(
        GatewayFault(at=AT, kind=FaultKind.SESSION_LOST, message="socket hang up", case_id=WORKS.case_id)
    )
    await followed.see(listed(BUYS), began(BUYS), ended(BUYS, CaseStatus.FAILED, "expected 1, got 2"))
    assert followed.verdicts() == {"tests/checkout.spec.js": ("failed", "test")}


async def test_cases_that_were_never_run_are_counted_as_such() -> None:
    followed = Followed("tests/login.spec.js")
    await followed.see(
        listed(WORKS, FAILS), began(WORKS), ended(WORKS, CaseStatus.FAILED, "no"), over(RunStatus.FAILED)
    )
    followed.follower.conclude(stopped=False)
    assert followed.statuses() == ["failed", "not_run"]
    assert followed.verdicts() == {"tests/login.spec.js": ("failed", "test")}


async def test_a_crash_is_the_running_job_s_and_the_others_go_back() -> None:
    followed = Followed("tests/login.spec.js", "tests/checkout.spec.js")
    await followed.see(listed(WORKS, FAILS, BUYS), began(WORKS))
    followed.gateway.opened(WORKS)
    await followed.see(CRASHED)
    followed.follower.conclude(stopped=False)
    cases = [(event["status"], event["session"]) for event in followed.told if event["kind"] == "case_ended"]
    assert cases == [("interrupted", True), ("not_run", False)]
    assert followed.verdicts() == {"tests/login.spec.js": ("infra_error", "infrastructure")}
    assert [run.concluded for run in followed.runs] == [True, False]


async def test_a_crash_before_anything_began_is_everybody_s_so_that_it_ends_some_time() -> None:
    followed = Followed("tests/login.spec.js", "tests/checkout.spec.js")
    await followed.see(CRASHED)
    followed.follower.conclude(stopped=False)
    assert set(followed.verdicts().values()) == {("infra_error", "infrastructure")}
    assert len(followed.verdicts()) == 2


async def test_a_process_that_was_stopped_early_gives_everything_back() -> None:
    followed = Followed("tests/login.spec.js")
    await followed.see(listed(WORKS), over(RunStatus.INTERRUPTED))
    followed.follower.conclude(stopped=True)
    assert followed.verdicts() == {}


async def test_a_spec_without_tests_is_told_from_one_that_cannot_be_read() -> None:
    empty = Followed("tests/empty.spec.js")
    await empty.see(failed(FailureReason.NO_TESTS, "Error: No tests found"), listed(), over(RunStatus.FAILED))
    empty.follower.conclude(stopped=False)
    assert empty.verdicts() == {"tests/empty.spec.js": ("no_tests", "configuration")}

    broken = Followed("tests/broken.spec.js")
    location = Location(file="tests/broken.spec.js", line=3)
    await broken.see(
        failed(FailureReason.CONFIGURATION, "SyntaxError: Unexpected token", location),
        failed(FailureReason.NO_TESTS, "Error: No tests found"),
        listed(),
        over(RunStatus.FAILED),
    )
    broken.follower.conclude(stopped=False)
    assert broken.verdicts() == {"tests/broken.spec.js": ("configuration_error", "configuration")}
    message = next(event["message"] for event in broken.told if event["kind"] == "attempt_ended")
    assert message == "SyntaxError: Unexpected token (tests/broken.spec.js:3)"


async def test_a_spec_without_cases_beside_others_is_not_judged_because_a_test_only_may_hide_them() -> None:
    followed = Followed("tests/login.spec.js", "tests/hidden.spec.js")
    await followed.see(listed(WORKS), began(WORKS), ended(WORKS), over())
    followed.follower.conclude(stopped=False)
    assert followed.follower.ended_in_order
    assert followed.verdicts() == {"tests/login.spec.js": ("passed", None)}


async def test_a_failed_dependency_is_why_the_tests_did_not_run() -> None:
    followed = Followed("tests/login.spec.js")
    setup = a_case("seeds the database", "setup/seed.setup.js")
    await followed.see(
        listed(setup, WORKS), began(setup), ended(setup, CaseStatus.FAILED, "no database"), over(RunStatus.FAILED)
    )
    followed.follower.conclude(stopped=False)
    assert followed.verdicts() == {"tests/login.spec.js": ("failed", "test")}
    message = next(event["message"] for event in followed.told if event["kind"] == "attempt_ended")
    assert message == ("seeds the database (setup/seed.setup.js), which the tests depend on, failed: no database")


async def test_an_error_beside_the_cases_does_not_undo_what_passed() -> None:
    followed = Followed("tests/login.spec.js")
    await followed.see(
        listed(WORKS), began(WORKS), failed(FailureReason.DURING_RUN, "worker teardown"), ended(WORKS), over()
    )
    assert followed.verdicts() == {"tests/login.spec.js": ("passed", None)}


async def test_why_a_job_was_stopped_decides_its_verdict() -> None:
    followed = Followed("tests/login.spec.js")
    await followed.see(listed(WORKS, FAILS), began(WORKS))
    followed.runs[0].stop = Stop.TIMED_OUT
    await followed.see(ended(WORKS, CaseStatus.INTERRUPTED), over(RunStatus.INTERRUPTED))
    followed.follower.conclude(stopped=True)
    assert followed.verdicts() == {"tests/login.spec.js": ("timed_out", "test")}


async def test_a_folder_is_a_job_of_all_the_specs_in_it() -> None:
    followed = Followed("tests")
    await followed.see(listed(WORKS, BUYS), began(WORKS), ended(WORKS), began(BUYS), ended(BUYS))
    assert followed.verdicts() == {"tests": ("passed", None)}


@pytest.mark.parametrize(
    ("one", "other", "together"),
    [
        ("tests/login.spec.js", "tests/checkout.spec.js", True),
        ("tests/login.spec.js", "./tests/login.spec.js", False),
        ("tests", "tests/login.spec.js", False),
        ("tests/", "tests-more/login.spec.js", True),
        ("tests/login.spec.js:3", "tests/login.spec.js:7", True),
        ("tests/login.spec.js:3", "tests/checkout.spec.js:3", True),
        ("tests/login.spec.js:3", "./tests/login.spec.js:3", False),
        ("tests/login.spec.js:3", "tests/login.spec.js", False),
        ("tests/login.spec.js:3", "tests", False),
    ],
)
def test_jobs_whose_cases_cannot_be_told_apart_do_not_share_a_process(one: str, other: str, *, together: bool) -> None:
    first, second = Followed(one, other).runs
    assert (first.goes_with(second), second.goes_with(first)) == (together, together)


@pytest.mark.parametrize(
    ("one", "other", "together"), [("@a", "@a", True), ("@a", "@b", False), ("@a", None, False), (None, None, True)]
)
def test_jobs_of_different_greps_do_not_share_a_process(one: str | None, other: str | None, *, together: bool) -> None:
    first, second = Followed("tests/login.spec.js", "tests/checkout.spec.js", greps=[one, other]).runs
    assert first.goes_with(second) is together


def at_lines(*cases: tuple[Case, set[int]]) -> RunBegan:
    lines = {case.case_id: frozenset(each) for case, each in cases}
    return replace(listed(*(case for case, _ in cases)), lines=lines)


async def test_a_job_with_a_line_holds_the_cases_that_it_picks() -> None:
    followed = Followed("tests/login.spec.js:3", "tests/login.spec.js:9")
    inner = a_case("inner")
    await followed.see(at_lines((WORKS, {3, 4}), (inner, {3, 5}), (FAILS, {9})))

    assert [list(run.cases.values()) for run in followed.runs] == [[WORKS, inner], [FAILS]]
    await followed.see(began(WORKS), ended(WORKS), began(inner), ended(inner))
    await followed.see(began(FAILS), ended(FAILS, CaseStatus.FAILED, "no"), over(RunStatus.FAILED))
    assert followed.verdicts() == {
        "tests/login.spec.js:3": ("passed", None),
        "tests/login.spec.js:9": ("failed", "test"),
    }


async def test_of_a_case_that_two_jobs_hold_nothing_is_told_so_that_each_can_run_alone() -> None:
    followed = Followed("tests/login.spec.js:3", "tests/login.spec.js:4")
    await followed.see(at_lines((WORKS, {3, 4}), (FAILS, {3})), began(WORKS), ended(WORKS), over())

    assert followed.follower.mixes_jobs
    assert followed.told == []
    assert not any(run.begun for run in followed.runs)


async def test_of_jobs_whose_cases_take_turns_nothing_is_told_either() -> None:
    """Two tests in a loop: the first would be over, as it seems, when the second begins."""
    followed = Followed("tests/login.spec.js:3", "tests/login.spec.js:4")
    again = a_case("again")
    await followed.see(at_lines((WORKS, {3}), (FAILS, {4}), (again, {3})), began(WORKS))

    assert followed.follower.mixes_jobs
    assert followed.told == []


async def test_a_grep_or_line_that_picks_nothing_is_no_pass() -> None:
    followed = Followed("tests/login.spec.js:3", greps=["@none"])
    await followed.see(failed(FailureReason.NO_TESTS, "Error: No tests found"), listed(), over(RunStatus.FAILED))
    followed.follower.conclude(stopped=False)

    assert followed.verdicts() == {"tests/login.spec.js:3": ("no_tests", "configuration")}
    assert [event["message"] for event in followed.told if event["kind"] == "attempt_ended"] == [
        "tests/login.spec.js:3 holds no test that this Appwright project would run with --grep '@none'."
    ]


async def test_no_title_or_error_makes_a_report_that_the_server_must_refuse() -> None:
    odd = a_case("half \ud83d and \0")
    followed = Followed("tests/login.spec.js")
    await followed.see(listed(odd), began(odd), ended(odd, CaseStatus.FAILED, "\ud83d\0"))
    titles = [event["case"]["title"] for event in followed.told if event["kind"] in {"case_started", "case_ended"}]
    assert titles == ["half ? and ?", "half ? and ?"]
    assert [event["errors"] for event in followed.told if event["kind"] == "case_ended"] == [["??"]]
    messages = [event["message"] for event in followed.told if event["kind"] == "attempt_ended"]
    assert messages == ["1 of 1 cases failed; the first: half ? and ?: ??"]


async def test_events_are_numbered_without_a_gap() -> None:
    followed = Followed("tests/login.spec.js")
    await followed.see(listed(WORKS), began(WORKS), ended(WORKS))
    assert [event["seq"] for event in followed.told] == [1, 2, 3, 4]
