"""Which cases real Playwright runs for the line and the grep of a job, and how jobs of one file are told apart.

No case asks for a device: Appwright's project is real and unmodified, and nothing stands behind the gateway's port.
"""

import asyncio
import os
from collections.abc import Sequence
from pathlib import Path

import pytest

from qgjob.agent.processes import Processes
from qgjob.agent.project import Project
from qgjob.agent.runner import (
    CaseEnded,
    FailureReason,
    RunBegan,
    RunFailed,
    RunnerEvent,
    RunnerRequest,
    start_playwright,
)
from qgjob.agent.session.job_run import JobRun
from qgjob.core.attempt import CaseResult
from qgjob.core.lease import LeasedJob
from qgjob.core.picking import place_named
from qgjob.core.places import EarlierAttempt, Place, places_again
from qgjob.core.words import CaseStatus, JobId, Platform, ResetMode, Sha256
from tests.journeys.shops import shop_with

pytestmark = [pytest.mark.anyio, pytest.mark.journey]

NESTED = """import { test, expect } from "appwright";

test("first", { tag: "@smoke" }, async () => {});

test.describe("outer", () => {
  test("second", async () => {});
  test.describe("inner", { tag: "@slow" }, () => {
    test("third", async () => {});
    test("fourth @smoke", async () => {
      expect(process.env.MENDED).toBe("yes");
    });
  });
});
"""

SERIAL = """import { test, expect } from "appwright";

test.describe.serial("in order", () => {
  test("signs in", async () => {});
  test("buys", async () => {
    expect(process.env.MENDED).toBe("yes");
  });
  test("signs out", async () => {});
});
"""

SHARED_LINE = """import { test } from "appwright";

for (const size of ["small", "large"]) {
  test(`buys a ${size} one`, async () => {});
  test(`returns a ${size} one`, async () => {});
}
"""

PARALLEL = """import { test } from "appwright";

test.describe("mixed", () => {
  test.describe.parallel("apart", () => {
    test("later", async () => {});
  });
  test("sooner", async () => {});
});
test("last", async () => {});
"""

HOSTILE = """import { test } from "appwright";

test("says --foo", async () => {});
test("pays $(touch owned) `now` \\"quoted\\" it's", async () => {});
test("-x", async () => {});
test("/slashes/", async () => {});
"""

FILES = {
    "nested.spec.js": NESTED,
    "serial.spec.js": SERIAL,
    "shared-line.spec.js": SHARED_LINE,
    "parallel.spec.js": PARALLEL,
    "hostile.spec.js": HOSTILE,
    "odd.spec.js": 'import { test } from "appwright";' + 11 * "\n" + 'test("at the line", async () => {});',
    "odd.spec.js:12": "Playwright takes no file that is called so for a spec.",
}
FIRST, SECOND, THIRD, FOURTH = "first", "outer › second", "outer › inner › third", "outer › inner › fourth @smoke"


@pytest.fixture
async def project(tmp_path: Path) -> Project:
    return await shop_with(FILES, tmp_path)


def a_job(project: Project, test_path: str, *, places: tuple[Place, ...] = (), grep: str | None = None) -> JobRun:
    job = LeasedJob(job_id=JobId(test_path), attempt=1, test_path=test_path, timeout_s=None, places=places, grep=grep)
    return JobRun(job=job, place=place_named(test_path, is_there=lambda path: (project.folder / path).exists()))


async def run(folder: Path, project: Project, *jobs: JobRun, mended: bool = False) -> list[RunnerEvent]:
    """Run jobs in one process, as a round does."""
    await asyncio.to_thread(folder.mkdir, exist_ok=True)
    request = RunnerRequest(
        project=project,
        specs=tuple(str(job.path) for job in jobs if not job.places),
        places=tuple(place for job in jobs for place in job.places),
        grep=jobs[0].job.grep,
        project_name="android",
        platform=Platform.ANDROID,
        app=None,
        gateway_port=9,
        device_name="none",
        work=folder,
        case_timeout_s=60,
        env={"PATH": os.environ["PATH"], **({"MENDED": "yes"} if mended else {})},
    )
    async with await start_playwright(request, Processes(folder / "processes.json")) as runner:
        return [event async for event in runner.events()]


def began(events: Sequence[RunnerEvent]) -> RunBegan:
    (event,) = [event for event in events if isinstance(event, RunBegan)]
    return event


def listed(events: Sequence[RunnerEvent]) -> list[str]:
    return [case.title for case in began(events).cases]


def held(events: Sequence[RunnerEvent], job: JobRun) -> list[str]:
    event = began(events)
    return [case.title for case in event.cases if job.holds(case, event.lines[case.case_id])]


def ran(events: Sequence[RunnerEvent]) -> list[str]:
    return [event.case.title for event in events if isinstance(event, CaseEnded)]


@pytest.mark.parametrize(
    ("test_path", "picked"),
    [
        ("nested.spec.js:3", [FIRST]),
        ("nested.spec.js:5", [SECOND, THIRD, FOURTH]),
        ("nested.spec.js:7", [THIRD, FOURTH]),
        ("nested.spec.js:9", [FOURTH]),
        ("nested.spec.js:4", []),
        ("serial.spec.js:5", ["in order › buys"]),
        ("serial.spec.js:3", ["in order › signs in", "in order › buys", "in order › signs out"]),
        ("shared-line.spec.js:4", ["buys a small one", "buys a large one"]),
        ("odd.spec.js:12", []),
    ],
)
async def test_a_line_picks_the_test_or_the_block_at_it_and_the_job_holds_all_of_that(
    project: Project, tmp_path: Path, test_path: str, picked: list[str]
) -> None:
    job = a_job(project, f"tests/{test_path}")
    events = await run(tmp_path / "run", project, job, mended=True)

    assert listed(events) == held(events, job) == ran(events) == picked
    reasons = [event.reason for event in events if isinstance(event, RunFailed)]
    assert reasons == ([] if picked else [FailureReason.NO_TESTS])


@pytest.mark.parametrize(
    ("test_path", "grep", "picked"),
    [
        ("nested.spec.js", "@smoke", [FIRST, FOURTH]),
        ("nested.spec.js", "@slow", [THIRD, FOURTH]),
        ("nested.spec.js", "FOURTH", [FOURTH]),
        ("nested.spec.js", "/FOURTH/", []),
        ("nested.spec.js", "/FOURTH/i", [FOURTH]),
        ("nested.spec.js", "outer inner @slow third", [THIRD]),
        ("nested.spec.js:7", "@smoke", [FOURTH]),
        ("nested.spec.js:5", "second|third", [SECOND, THIRD]),
        ("nested.spec.js:3", "third", []),
        ("hostile.spec.js", "--foo", ["says --foo"]),
        ("hostile.spec.js", "-x$", ["-x"]),
        ("hostile.spec.js", r"\$\(touch owned\) `now` \"quoted\" it's", ['pays $(touch owned) `now` "quoted" it\'s']),
        ("hostile.spec.js", "$(touch owned)", []),
        ("hostile.spec.js", "--project", []),
        ("hostile.spec.js", "--config=/etc/passwd", []),
        ("hostile.spec.js", r"/\/slashes\//", ["/slashes/"]),
    ],
)
async def test_a_grep_is_what_playwright_s_is_and_nothing_else(
    project: Project, tmp_path: Path, test_path: str, grep: str, picked: list[str]
) -> None:
    job = a_job(project, f"tests/{test_path}", grep=grep)
    events = await run(tmp_path / "run", project, job, mended=True)

    assert listed(events) == held(events, job) == ran(events) == picked
    assert not list(project.folder.rglob("owned"))


async def test_a_grep_that_is_no_pattern_is_a_fault_of_the_configuration(project: Project, tmp_path: Path) -> None:
    events = await run(tmp_path / "run", project, a_job(project, "tests/nested.spec.js", grep="("))

    (failure,) = [event for event in events if isinstance(event, RunFailed)]
    assert failure.reason is FailureReason.CONFIGURATION
    assert "Invalid regular expression" in failure.message


async def test_two_jobs_of_a_file_share_a_process_and_each_has_its_cases(project: Project, tmp_path: Path) -> None:
    one, other = a_job(project, "tests/nested.spec.js:3"), a_job(project, "tests/nested.spec.js:7")
    third = a_job(project, "tests/serial.spec.js")
    events = await run(tmp_path / "run", project, one, other, third, mended=True)

    assert held(events, one) == [FIRST]
    assert held(events, other) == [THIRD, FOURTH]
    assert held(events, third) == ["in order › signs in", "in order › buys", "in order › signs out"]
    assert len(ran(events)) == 6


async def test_cases_are_listed_in_the_order_in_which_they_run(project: Project, tmp_path: Path) -> None:
    """By that the agent knows which jobs of a file would take turns."""
    events = await run(tmp_path / "run", project, a_job(project, "tests/parallel.spec.js"))

    assert listed(events) == ran(events) == ["mixed › sooner", "last", "mixed › apart › later"]


@pytest.mark.parametrize(
    ("test_path", "grep", "again"),
    [
        ("nested.spec.js:5", None, [FOURTH]),
        ("nested.spec.js", "@smoke", [FOURTH]),
        ("nested.spec.js:7", "h", [FOURTH]),
        ("serial.spec.js:5", None, ["in order › buys"]),
        ("serial.spec.js", "signs in|buys", ["in order › signs in", "in order › buys"]),
    ],
)
async def test_what_failed_runs_again_within_what_the_job_picks(
    project: Project, tmp_path: Path, test_path: str, grep: str | None, again: list[str]
) -> None:
    job = a_job(project, f"tests/{test_path}", grep=grep)
    first = await run(tmp_path / "first", project, job)
    statuses = {event.case.case_id: event.status for event in first if isinstance(event, CaseEnded)}
    executions = [
        CaseResult(
            case=case,
            status=statuses.get(case.case_id, CaseStatus.NOT_RUN),
            expected=CaseStatus.PASSED,
            seconds=0.1,
            errors=(),
            session=True,
        )
        for case in began(first).cases
    ]
    earlier = EarlierAttempt(told=True, executions=executions)
    places = places_again([earlier], bundle=Sha256("b" * 64), reset=ResetMode.CLEAR, line=job.line)
    retried = a_job(project, f"tests/{test_path}", places=places, grep=grep)
    second = await run(tmp_path / "second", project, retried, mended=True)

    assert listed(second) == held(second, retried) == ran(second) == again
