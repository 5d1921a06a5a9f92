"""A run with every kind of outcome on a real agent, and what each of the six formats says of it."""

import asyncio
import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import etree

from qgjob.agent.processes import Processes
from qgjob.agent.project import prepare_project
from qgjob.wire.jobs import CaseCountsBody
from tests.cli.reports.merged import Json, events_of, outcome, stats_in, told_tests
from tests.journeys.agents import CACHE, ORG, SHOP, Farm, a_farm, zip_folder

pytestmark = pytest.mark.journey

JOBS = "jobs of the run"
WOBBLY = """
import {{ test, expect }} from "appwright";
import fs from "node:fs";
const isFirst = !fs.existsSync({mark});
test("is fine at the second time", async ({{ device }}) => {{
  fs.writeFileSync({mark}, "");
  expect(isFirst, "the first time").toBe(false);
}});
test.skip("is kept for later", async ({{ device }}) => {{}});
"""
LOST = """
import {{ test }} from "appwright";
import fs from "node:fs";
test("outlives the loss of its runner", async ({{ device }}) => {{
  if (fs.existsSync({mark})) return;
  fs.writeFileSync({mark}, "");
  process.kill(process.ppid, "SIGKILL");
  await new Promise(() => {{}});
}});
"""


class Checkout:
    """Somebody's working folder, with the npm packages that agents use as well."""

    def __init__(self, farm: Farm, folder: Path) -> None:
        self.farm, self.folder = farm, folder
        shutil.copytree(SHOP, folder, ignore=shutil.ignore_patterns("node_modules", "test-results"))
        for name, text in {"wobbly": WOBBLY, "lost": LOST}.items():
            mark = json.dumps(str(folder.parent / f"{name}.mark"))
            (folder / "tests" / f"{name}.spec.js").write_text(text.format(mark=mark), encoding="utf-8")
        (folder / "tests" / "broken.spec.js").write_text("test(", encoding="utf-8")
        bundle = folder.parent / "checkout.zip"
        zip_folder(bundle, folder)
        processes = Processes(folder.parent / "checkout-processes.json")
        prepared = asyncio.run(prepare_project(bundle, CACHE, processes, say=lambda _: None))
        (folder / "node_modules").symlink_to((prepared.folder / "node_modules").resolve())

    def qgjob(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "QGJOB_SERVER_URL": self.farm.url, "QGJOB_ORG": ORG}
        return subprocess.run(
            [sys.executable, "-m", "qgjob", *arguments],
            cwd=self.folder, env=environment, capture_output=True, text=True, timeout=600, check=False,
        )  # fmt: skip


@pytest.fixture
def checkout(tmp_path: Path) -> Iterator[Checkout]:
    with a_farm(tmp_path / "farm", devices=1) as farm:
        yield Checkout(farm, tmp_path / "shop")


def test_all_six_formats_say_what_the_run_came_to(checkout: Checkout) -> None:
    checkout.farm.start_agent()
    specs = ("smoke", "known-bug", "wobbly", "lost", "broken")
    tests = [word for spec in specs for word in ("--test", f"tests/{spec}.spec.js")]
    submitted = checkout.qgjob("submit", "--app-version-id", "v2.0.0", *tests, "--max-retries", "1", "--wait")
    assert submitted.returncode == 1, submitted.stderr
    (listed,) = checkout.farm.client.jobs.runs()["runs"]
    run = checkout.farm.client.jobs.get_run(listed["run_id"])
    counts = run["cases"]
    assert counts == {"total": 7, "passed": 4, "failed": 1, "flaky": 1, "skipped": 1, "not_run": 0}

    out = checkout.folder.parent / "out"
    kinds = {"junit": "j.xml", "ctrf": "c.json", "json": "r.json", "blob": "b.zip", "html": "html", "allure": "allure"}
    wanted = ",".join(f"{kind}={out / name}" for kind, name in kinds.items())
    reported = checkout.qgjob("report", run["run_id"], "--report", wanted)

    assert reported.returncode == 0, reported.stderr
    assert in_junit(out / "j.xml") == counts
    assert in_ctrf(out / "c.json") == counts
    assert json.loads((out / "r.json").read_bytes())["cases"] == counts
    assert in_blob(out / "b.zip") == counts
    assert in_allure(out / "allure") == counts
    stats = stats_in(out / "html" / "index.html")
    lost = 1  # the spec that could not be loaded is a failed test of its own there
    assert (stats["expected"], stats["unexpected"], stats["flaky"], stats["skipped"]) == (4, 1 + lost, 1, 1)
    traces = [path for path in (out / "html" / "data").iterdir() if path.suffix == ".zip"]
    screens = [path for path in (out / "html" / "data").iterdir() if path.suffix == ".png"]
    assert traces, "the traces of what failed"
    assert screens, "what the device showed then"
    copied = {path.suffix for path in (out / "allure").iterdir() if "-attachment" in path.name}
    assert {".zip", ".png"} <= copied
    shown = {test["title"]: [result["status"] for result in test["results"]] for test in cases_of(out / "b.zip")}
    assert shown["is fine at the second time"] == ["failed", "passed"]
    assert shown["outlives the loss of its runner"] == ["interrupted", "passed"]


def in_junit(path: Path) -> CaseCountsBody:
    cases = etree.fromstring(path.read_bytes()).xpath(f"testsuite[@name != '{JOBS}']/testcase")
    found = Counter(next((child.tag for child in case if child.tag != "system-out"), "passed") for case in cases)
    return {
        "total": len(cases),
        "passed": found["passed"],
        "failed": found["failure"],
        "flaky": found["flakyFailure"],
        "skipped": found["skipped"],
        "not_run": found["error"],
    }


def in_ctrf(path: Path) -> CaseCountsBody:
    tests = json.loads(path.read_bytes())["results"]["tests"]
    cases = [test for test in tests if test["suite"] != [JOBS]]
    found = Counter("flaky" if test["flaky"] else test["status"] for test in cases)
    return {
        "total": len(cases),
        "passed": found["passed"],
        "failed": found["failed"],
        "flaky": found["flaky"],
        "skipped": found["skipped"],
        "not_run": found["other"],
    }


def cases_of(path: Path) -> list[Json]:
    return [test for test in told_tests(events_of(path)) if test["project"] != JOBS]


def in_blob(path: Path) -> CaseCountsBody:
    cases = cases_of(path)
    found = Counter(outcome(test) for test in cases)
    return {
        "total": len(cases),
        "passed": found["expected"],
        "failed": found["unexpected"],
        "flaky": found["flaky"],
        "skipped": found["skipped"],
        "not_run": 0,
    }


def in_allure(folder: Path) -> CaseCountsBody:
    results = sorted(
        (json.loads(path.read_bytes()) for path in folder.glob("*-result.json")), key=lambda each: each["stop"]
    )
    cases = {each["historyId"]: each for each in results if not each["fullName"].startswith(JOBS)}.values()
    found = Counter("flaky" if each["statusDetails"]["flaky"] else each["status"] for each in cases)
    return {
        "total": len(cases),
        "passed": found["passed"],
        "failed": found["failed"],
        "flaky": found["flaky"],
        "skipped": found["skipped"],
        "not_run": found["unknown"],
    }
