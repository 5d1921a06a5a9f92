"""A runner process from start to end, with a stand-in for Playwright that ends in every way a real one can."""

import asyncio
import json
import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import pytest

from qgjob.agent import process_table
from qgjob.agent.processes import Processes
from qgjob.agent.runner import (
    CaseBegan,
    CaseEnded,
    FailureReason,
    Location,
    RunBegan,
    RunCrashed,
    RunEnded,
    RunFailed,
    RunnerEvent,
    RunnerProcess,
    RunStatus,
    process,
    start_playwright,
)
from qgjob.core.errors import ConfigurationError
from qgjob.core.words import CaseStatus
from tests.agent.runner.standin_project import write_request

pytestmark = [pytest.mark.anyio, pytest.mark.exam]

Deed = Callable[[RunnerProcess], Awaitable[object]]


async def nothing(_runner: RunnerProcess) -> None:
    """Let it run."""


async def run(
    folder: Path, processes: Processes, story: str, *, when_begun: Deed = nothing
) -> tuple[RunnerProcess, list[RunnerEvent]]:
    """Run a story to its end and make sure that nothing of it is left; `when_begun` happens once its case runs."""
    runner = await start_playwright(write_request(folder, story=story), processes)
    group = runner._process.pid
    events = list[RunnerEvent]()
    async with runner, asyncio.TaskGroup() as deeds:
        async for event in runner.events():
            events.append(event)
            if isinstance(event, CaseBegan):
                deeds.create_task(when_begun(runner))  # type: ignore[arg-type]  # every deed is a coroutine
    assert process_table.members(group) == []
    return runner, events


def kinds(events: list[RunnerEvent]) -> list[type]:
    return [type(event) for event in events]


async def test_a_run_is_told_as_it_happens(tmp_path: Path, processes: Processes) -> None:
    runner, events = await run(tmp_path, processes, "passes")
    assert kinds(events) == [RunBegan, CaseBegan, CaseEnded, RunEnded]
    assert isinstance(events[0], RunBegan)
    assert (events[0].retries, events[0].timeout_s) == (1, 7.0)
    assert runner.exit_code == 0


async def test_it_runs_these_files_of_this_project_through_this_gateway(tmp_path: Path, processes: Processes) -> None:
    runner, _ = await run(tmp_path, processes, "passes")
    said = json.loads(runner.files.output.read_text())
    assert said["words"] == [
        "test",
        f"^{str(tmp_path / 'project').replace('.', chr(92) + '.')}/tests/a\\.spec\\.js$",
        "--config",
        str(tmp_path / "work" / "run.config.mjs"),
        "--project",
        "android",
    ]
    assert said["gateway"] == "5678"


async def test_a_project_that_cannot_be_loaded_is_told_with_the_place(tmp_path: Path, processes: Processes) -> None:
    _, events = await run(tmp_path, processes, "cannot be loaded")
    assert kinds(events) == [RunBegan, RunFailed, RunEnded]
    assert isinstance(events[1], RunFailed)
    assert events[1].reason is FailureReason.CONFIGURATION
    assert events[1].location == Location(file="tests/a.spec.js", line=3)


async def test_that_no_test_was_found_is_told_apart(tmp_path: Path, processes: Processes) -> None:
    _, events = await run(tmp_path, processes, "finds no tests")
    assert isinstance(events[1], RunFailed)
    assert events[1].reason is FailureReason.NO_TESTS


async def test_a_crash_is_told_with_what_was_printed_last(tmp_path: Path, processes: Processes) -> None:
    runner, events = await run(tmp_path, processes, "crashes")
    assert kinds(events) == [RunBegan, CaseBegan, RunCrashed]
    assert isinstance(events[2], RunCrashed)
    assert events[2].message == "the process ended without saying that it had finished"
    assert events[2].exit_code == runner.exit_code == 134
    assert events[2].output.endswith("FATAL ERROR: heap out of memory\n")


async def test_a_cancelled_run_ends_in_order(tmp_path: Path, processes: Processes) -> None:
    runner, events = await run(tmp_path, processes, "hangs", when_begun=RunnerProcess.cancel)
    assert kinds(events) == [RunBegan, CaseBegan, CaseEnded, RunEnded]
    assert isinstance(events[2], CaseEnded)
    assert isinstance(events[3], RunEnded)
    assert (events[2].status, events[3].status) == (CaseStatus.INTERRUPTED, RunStatus.INTERRUPTED)
    assert runner.exit_code == 130


async def test_a_run_that_does_not_listen_is_killed_after_the_grace(tmp_path: Path, processes: Processes) -> None:
    runner, events = await run(tmp_path, processes, "is deaf", when_begun=lambda runner: runner.cancel(grace_s=0.2))
    assert kinds(events) == [RunBegan, CaseBegan, RunCrashed]
    assert runner.exit_code == -9


async def test_a_child_that_outlives_the_run_is_ended_with_it(tmp_path: Path, processes: Processes) -> None:
    _, events = await run(tmp_path, processes, "leaves a child behind")
    assert kinds(events) == [RunBegan, CaseBegan, CaseEnded, RunEnded]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux shows the environment of a process")
async def test_a_child_in_a_session_of_its_own_is_ended_too(tmp_path: Path, processes: Processes) -> None:
    runner, _ = await run(tmp_path, processes, "leaves a daemon behind")
    said = runner.files.output.read_text()
    assert process_table.birth(int(said.rpartition("daemon ")[2])) is None


async def test_a_run_that_never_begins_is_ended(
    tmp_path: Path, processes: Processes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process, "BEGIN_TIMEOUT_S", 0.5)
    _, events = await run(tmp_path, processes, "never begins")
    (failure,) = events
    assert isinstance(failure, RunFailed)
    assert failure.reason is FailureReason.CONFIGURATION
    assert failure.message == "Loading the config and the spec files took more than 0.5 s. It said last: nothing"


async def test_a_spec_that_ends_the_process_as_it_loads_is_a_fault_of_the_project(
    tmp_path: Path, processes: Processes
) -> None:
    _, events = await run(tmp_path, processes, "exits as it loads")
    (failure,) = events
    assert isinstance(failure, RunFailed)
    assert failure.reason is FailureReason.CONFIGURATION
    assert failure.message == (
        "Loading the config and the spec files ended the process with exit code 1. It said last: TEST_USER is not set"
    )


@pytest.mark.parametrize("story", ["is killed as it loads", "finds the disk full as it loads"])
async def test_what_ends_a_process_from_elsewhere_as_it_loads_is_no_fault_of_the_project(
    tmp_path: Path, processes: Processes, story: str
) -> None:
    _, events = await run(tmp_path, processes, story)
    assert kinds(events) == [RunCrashed]


async def test_a_process_that_has_finished_but_does_not_exit_is_ended(
    tmp_path: Path, processes: Processes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process, "EXIT_TIMEOUT_S", 0.2)
    _, events = await run(tmp_path, processes, "does not exit")
    assert kinds(events) == [RunBegan, CaseBegan, CaseEnded, RunEnded]


async def test_what_is_no_event_ends_the_run_as_a_crash(
    tmp_path: Path, processes: Processes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process, "CANCEL_GRACE_S", 5)
    _, events = await run(tmp_path, processes, "writes nonsense")
    assert kinds(events) == [RunBegan, CaseBegan, RunCrashed]
    assert isinstance(events[2], RunCrashed)
    assert events[2].message.startswith("the reporter wrote what is no event: ")


async def test_whoever_stops_listening_leaves_nothing_behind(tmp_path: Path, processes: Processes) -> None:
    runner = await start_playwright(write_request(tmp_path, story="hangs"), processes)
    async with runner:
        async for event in runner.events():
            if isinstance(event, CaseBegan):
                break
    assert process_table.members(runner._process.pid) == []
    assert runner.exit_code == 130


async def test_events_come_while_the_process_runs(tmp_path: Path, processes: Processes) -> None:
    runner = await start_playwright(write_request(tmp_path, story="hangs"), processes)
    async with runner:
        async for event in runner.events():
            if isinstance(event, CaseBegan):
                late_s = time.time() - event.at.timestamp()
                break
    assert late_s < 1


async def test_a_spec_outside_of_the_project_is_refused_before_anything_starts(
    tmp_path: Path, processes: Processes
) -> None:
    request = replace(write_request(tmp_path, story="passes"), specs=("../a.spec.js",))
    with pytest.raises(ConfigurationError, match="is not inside the project"):
        await start_playwright(request, processes)
    assert list((tmp_path / "work").iterdir()) == []
