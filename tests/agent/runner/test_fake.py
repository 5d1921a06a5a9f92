"""The fake runner: real processes whose specs come out as they are told to, and that say they are fakes."""

import json
import zipfile
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from qgjob.agent.appium.fake import FakeAppium
from qgjob.agent.gateway import DeviceCapabilities, Gateway
from qgjob.agent.processes import Processes
from qgjob.agent.runner import (
    CaseBegan,
    CaseEnded,
    FailureReason,
    RunBegan,
    RunCrashed,
    RunEnded,
    RunFailed,
    RunnerEvent,
    RunnerProcess,
    RunnerRequest,
    RunStatus,
)
from qgjob.agent.runner.fake import FakeRunner
from qgjob.core.errors import ConfigurationError
from qgjob.core.places import Place
from qgjob.core.words import Platform, ResetMode

pytestmark = pytest.mark.anyio


async def device_is_there() -> None:
    """Prove what need not be proven here."""


@dataclass(frozen=True, kw_only=True)
class Trial:
    """Where fake programs run: behind the agent's own gateway, in front of a fake Appium."""

    folder: Path
    processes: Processes
    gateway: Gateway

    async def start(
        self, *specs: str, places: tuple[Place, ...] = (), told: object = None, grep: str | None = None
    ) -> RunnerProcess:
        """Start the runner on these specs of a bundle that has them and, if it is told something, a fake.json."""
        bundle, work = self.folder / "bundle.zip", self.folder / "work"
        with zipfile.ZipFile(bundle, "w") as archive:
            archive.writestr("package.json", "{}")
            archive.writestr("tests/deep/inner.spec.js", "")
            for spec in (spec for spec in specs if spec.startswith("tests/") and spec.endswith(".js")):
                archive.writestr(spec, "")
            if told is not None:
                archive.writestr("fake.json", json.dumps(told))
        work.mkdir()
        runner = FakeRunner(self.processes, home=self.folder / "cache", say=lambda _: None)
        request = RunnerRequest(
            project=await runner.prepare(bundle),
            specs=specs,
            places=places,
            grep=grep,
            project_name=None,
            platform=Platform.ANDROID,
            app=None,
            gateway_port=await self.gateway.start(),
            device_name="fake-1",
            work=work,
            case_timeout_s=60,
            env={},
        )
        return await runner.start(request)

    async def run(
        self, *specs: str, places: tuple[Place, ...] = (), told: object = None, grep: str | None = None
    ) -> list[RunnerEvent]:
        async with await self.start(*specs, places=places, told=told, grep=grep) as runner:
            return [event async for event in runner.events()]


@pytest.fixture
async def trial(tmp_path: Path, processes: Processes) -> AsyncIterator[Trial]:
    appium = FakeAppium()
    capabilities = DeviceCapabilities(serial="fake-1", system_port=0, adb_port=0, reset=ResetMode.CLEAR)
    gateway = Gateway(appium_port=await appium.port(), capabilities=capabilities, prove=device_is_there)
    try:
        yield Trial(folder=tmp_path, processes=processes, gateway=gateway)
    finally:
        await gateway.close()
        await appium.stop()


def statuses(events: list[RunnerEvent]) -> list[str]:
    return [event.status.value for event in events if isinstance(event, CaseEnded)]


async def test_a_spec_passes_with_three_cases_unless_told_otherwise(trial: Trial) -> None:
    events = await trial.run("tests/a.spec.js")
    assert statuses(events) == ["passed", "passed", "passed"]
    assert isinstance(events[0], RunBegan)
    assert {case.file for case in events[0].cases} == {"tests/a.spec.js"}
    assert all(case.title.startswith("fake: ") for case in events[0].cases)
    assert isinstance(events[-1], RunEnded)


@pytest.mark.parametrize(
    ("word", "expected"),
    [("fails", ["passed", "passed", "failed"]), ("skips", ["skipped", "skipped", "skipped"])],
)
async def test_a_word_in_its_name_says_how_a_spec_comes_out(trial: Trial, word: str, expected: list[str]) -> None:
    assert statuses(await trial.run(f"tests/login.{word}.spec.js")) == expected


async def test_of_a_patchy_spec_each_case_comes_out_by_chance(trial: Trial) -> None:
    told = {"case_s": 0.0, "specs": {"tests/a.patchy.spec.js": {"cases": 60}}}
    ended = statuses(await trial.run("tests/a.patchy.spec.js", told=told))
    assert len(ended) == 60
    assert set(ended) == {"passed", "failed"}


async def test_every_case_that_runs_has_a_session_of_its_own(trial: Trial) -> None:
    events = await trial.run("tests/a.skips.spec.js", "tests/b.fails.spec.js")
    expected = [event.case.case_id for event in events if isinstance(event, CaseEnded) and event.case.file[6] == "b"]
    assert [session.case_id for session in trial.gateway.sessions] == expected
    assert all(session.ended for session in trial.gateway.sessions)


async def test_a_case_without_a_session_fails(trial: Trial) -> None:
    trial.gateway.give_up("The device is gone.")
    events = await trial.run("tests/a.spec.js")
    errors = [str(error) for event in events if isinstance(event, CaseEnded) for error in event.errors]
    assert errors == ["fake: the device gave no session"] * 3


async def test_the_bundle_may_say_it_as_well(trial: Trial) -> None:
    told = {"case_s": 0.02, "specs": {"tests/b.spec.js": {"outcome": "fails", "cases": 1}}}
    events = await trial.run("tests/a.spec.js", "tests/b.spec.js", told=told)
    assert statuses(events) == ["passed", "passed", "passed", "failed"]
    assert [event.seconds for event in events if isinstance(event, CaseEnded)] == [0.02] * 4


async def test_a_folder_is_all_the_specs_in_it(trial: Trial) -> None:
    events = await trial.run("tests/deep")
    assert {event.case.file for event in events if isinstance(event, CaseEnded)} == {"tests/deep/inner.spec.js"}


async def test_an_empty_spec_holds_no_tests(trial: Trial) -> None:
    events = await trial.run("tests/a.empty.spec.js")
    assert [event.reason for event in events if isinstance(event, RunFailed)] == [FailureReason.NO_TESTS]


async def test_one_that_dies_leaves_a_case_without_an_end(trial: Trial) -> None:
    events = await trial.run("tests/a.dies.spec.js")
    assert statuses(events) == ["passed", "passed"]
    assert isinstance(events[-1], RunCrashed)
    assert events[-1].exit_code == -9


async def test_told_to_stop_it_interrupts_the_case_that_runs(trial: Trial) -> None:
    told = {"specs": {"tests/a.spec.js": {"case_s": 600}}}
    events = list[RunnerEvent]()
    async with await trial.start("tests/a.spec.js", told=told) as runner:
        async for event in runner.events():
            events.append(event)
            if isinstance(event, CaseBegan):
                await runner.cancel()
    assert statuses(events) == ["interrupted"]
    assert isinstance(events[-1], RunEnded)
    assert events[-1].status is RunStatus.INTERRUPTED


async def test_what_it_prints_is_evidence_that_nothing_was_run(trial: Trial) -> None:
    await trial.run("tests/a.spec.js")
    assert (
        (trial.folder / "work" / "output.txt").read_text(encoding="utf-8").startswith("FAKE RUN: no test was executed")
    )


async def test_a_spec_outside_of_the_project_is_refused(trial: Trial) -> None:
    with pytest.raises(ConfigurationError, match="not inside the project"):
        await trial.start("../a.spec.js")


async def test_single_cases_run_again_by_their_lines(trial: Trial) -> None:
    places = (Place(file="tests/b.spec.js", line=2), Place(file="tests/b.spec.js", line=3))
    events = await trial.run("tests/a.spec.js", places=places)
    ended = [(event.case.file, event.case.line) for event in events if isinstance(event, CaseEnded)]
    assert ended == [
        ("tests/a.spec.js", 1),
        ("tests/a.spec.js", 2),
        ("tests/a.spec.js", 3),
        ("tests/b.spec.js", 2),
        ("tests/b.spec.js", 3),
    ]


def titles(events: list[RunnerEvent]) -> list[str]:
    return [event.case.title for event in events if isinstance(event, CaseEnded)]


@pytest.mark.parametrize(
    ("grep", "expected"),
    [
        ("case 2", ["fake: case 2"]),
        ("CASE 2", ["fake: case 2"]),
        ("case [13]$", ["fake: case 1", "fake: case 3"]),
        ("/CASE 2/", []),
        ("/CASE 2/i", ["fake: case 2"]),
        ("a.spec", ["fake: case 1", "fake: case 2", "fake: case 3"]),
        ("--foo", []),
        ("$(touch x)", []),
    ],
)
async def test_a_grep_picks_cases_by_their_titles(trial: Trial, grep: str, expected: list[str]) -> None:
    events = await trial.run("tests/a.spec.js", grep=grep)

    assert titles(events) == expected
    if not expected:
        assert [event.reason for event in events if isinstance(event, RunFailed)] == [FailureReason.NO_TESTS]


async def test_a_grep_picks_among_the_cases_of_a_line(trial: Trial) -> None:
    places = (Place(file="tests/a.spec.js", line=2), Place(file="tests/a.spec.js", line=3))
    events = await trial.run("tests/b.spec.js", places=places, grep="case 3", told={})

    assert titles(events) == ["fake: case 3", "fake: case 3"]
    assert isinstance(events[0], RunBegan)
    assert sorted(map(sorted, events[0].lines.values())) == [[3], [3]]


async def test_a_grep_that_is_no_pattern_is_a_fault_of_the_configuration(trial: Trial) -> None:
    events = await trial.run("tests/a.spec.js", grep="(")

    assert [event.reason for event in events if isinstance(event, RunFailed)] == [FailureReason.CONFIGURATION]
