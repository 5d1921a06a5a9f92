"""Which cases real Playwright runs by the lines that our reporter tells, in an unmodified Appwright project."""

import asyncio
import os
from pathlib import Path

import pytest

from qgjob.agent.processes import Processes
from qgjob.agent.project import Project
from qgjob.agent.runner import CaseEnded, RunBegan, RunnerEvent, RunnerRequest, start_playwright
from qgjob.core.attempt import CaseResult
from qgjob.core.places import EarlierAttempt, Place, places_again
from qgjob.core.words import CaseStatus, Platform, ResetMode, Sha256
from tests.journeys.shops import shop_with

pytestmark = [pytest.mark.anyio, pytest.mark.journey]

ALONE = """import { test, expect } from "appwright";

test("first", async () => {});

test("second", async () => {
  expect(process.env.MENDED).toBe("yes");
});

test.describe("inside", () => {
  test("third", async () => {});
  test("fourth", async () => {
    expect(process.env.MENDED).toBe("yes");
  });
});
"""

SERIAL = """import { test, expect } from "appwright";

test("before", async () => {});

test.describe.serial("in order", () => {
  test("signs in", async () => {});
  test.describe("then", () => {
    test("buys", async () => {
      expect(process.env.MENDED).toBe("yes");
    });
  });
  test("signs out", async () => {});
});

test("after", async () => {});
"""

GENERATED = """import { test, expect } from "appwright";
import { declare } from "./shared.js";

for (const size of ["small", "large"]) {
  test(`buys a ${size} one`, async () => {
    expect(size === "small" || process.env.MENDED).toBeTruthy();
  });
}
test("looks around", async () => {});
"""

HELPED = """import { test } from "appwright";
import { declare } from "./shared.js";

test("looks around", async () => {});
declare();
"""

SHARED = """import { test, expect } from "appwright";

export function declare() {
  test("declared elsewhere", async () => {
    expect(process.env.MENDED).toBe("yes");
  });
}
"""

FILES = {
    "alone.spec.js": ALONE,
    "serial.spec.js": SERIAL,
    "generated.spec.js": GENERATED,
    "helped.spec.js": HELPED,
    "shared.js": SHARED,
}


@pytest.fixture
async def project(tmp_path: Path) -> Project:
    return await shop_with(FILES, tmp_path)


async def run(
    folder: Path, project: Project, *specs: str, places: tuple[Place, ...] = (), mended: bool = False
) -> list[RunnerEvent]:
    """Run specs or places. No case asks for a device, so nothing stands behind the gateway's port."""
    await asyncio.to_thread(folder.mkdir)
    request = RunnerRequest(
        project=project,
        specs=specs,
        places=places,
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


def listed(events: list[RunnerEvent]) -> list[str]:
    return [case.title for event in events if isinstance(event, RunBegan) for case in event.cases]


def executions(events: list[RunnerEvent]) -> list[CaseResult]:
    """As an agent would tell of them, each with a session of its own; what was not run is told as well."""
    (began,) = [event for event in events if isinstance(event, RunBegan)]
    statuses = {event.case.case_id: event.status for event in events if isinstance(event, CaseEnded)}
    return [
        CaseResult(
            case=case,
            status=statuses.get(case.case_id, CaseStatus.NOT_RUN),
            expected=CaseStatus.PASSED,
            seconds=0.1,
            errors=(),
            session=True,
        )
        for case in began.cases
    ]


@pytest.mark.parametrize(
    ("spec", "again"),
    [
        ("alone", ["second", "inside › fourth"]),
        ("serial", ["in order › signs in", "in order › then › buys", "in order › signs out"]),
        ("generated", ["buys a small one", "buys a large one"]),
        ("helped", ["looks around", "declared elsewhere"]),
    ],
)
async def test_what_failed_runs_again_with_what_must_run_with_it(
    project: Project, tmp_path: Path, spec: str, again: list[str]
) -> None:
    first = await run(tmp_path / "first", project, f"tests/{spec}.spec.js")
    earlier = EarlierAttempt(told=True, executions=executions(first))
    places = places_again([earlier], bundle=Sha256("b" * 64), reset=ResetMode.CLEAR)
    second = await run(tmp_path / "second", project, places=places, mended=True)

    assert listed(second) == again
    assert {result.status for result in executions(second)} == {CaseStatus.PASSED}
    assert {result.case for result in executions(second)} <= {result.case for result in executions(first)}


async def test_places_run_beside_whole_specs(project: Project, tmp_path: Path) -> None:
    places = (Place(file="tests/alone.spec.js", line=5),)
    events = await run(tmp_path / "run", project, "tests/helped.spec.js", places=places, mended=True)

    assert listed(events) == ["second", "looks around", "declared elsewhere"]


async def test_a_place_without_a_case_is_found_to_hold_none(project: Project, tmp_path: Path) -> None:
    events = await run(tmp_path / "run", project, places=(Place(file="tests/alone.spec.js", line=99),))

    assert listed(events) == []
