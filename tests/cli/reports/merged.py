"""Reads the merged blob of a run as Playwright does, and asks Playwright itself."""

import json
import os
import subprocess
import zipfile
from base64 import b64decode
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

from qgjob.wire.jobs import CaseCountsBody

Json = dict[str, Any]


def events_of(blob: Path) -> list[Json]:
    with zipfile.ZipFile(blob) as archive:
        return [json.loads(line) for line in archive.read("report.jsonl").splitlines()]


def told_tests(events: Sequence[Json]) -> Iterator[Json]:
    """All tests, each with its project, the titles around it and its results in the order in which they came."""
    results: dict[str, list[Json]] = {}
    ends: dict[str, Json] = {}
    for event in events:
        if event["method"] == "onTestEnd":
            results.setdefault(event["params"]["test"]["testId"], []).append(event["params"]["result"])
            ends[event["params"]["test"]["testId"]] = event["params"]["test"]
    for event in events:
        if event["method"] == "onProject":
            project = event["params"]["project"]
            for test in _listed(project["suites"], ()):
                test_id = test["testId"]
                expected = ends.get(test_id, {}).get("expectedStatus", "passed")
                yield {**test, "project": project["name"], "results": results.get(test_id, []), "expected": expected}


def _listed(suites: Sequence[Json], titles: tuple[str, ...]) -> Iterator[Json]:
    for entry in suites:
        if "testId" in entry:
            yield {**entry, "titles": titles}
        else:
            yield from _listed(entry["entries"], (*titles, entry["title"]))


def outcome(test: Json) -> str:
    """Playwright's own rule (`computeTestCaseOutcome`)."""
    counted: Counter[str] = Counter()
    for result in test["results"]:
        if result["status"] == "interrupted":
            counted["interrupted"] += 1
        elif result["status"] == "skipped":
            counted["skipped" if test["expected"] == "skipped" else "did not run"] += 1
        else:
            counted["expected" if result["status"] == test["expected"] else "unexpected"] += 1
    if not counted["expected"] and not counted["unexpected"]:
        return "skipped"
    if not counted["unexpected"]:
        return "expected"
    return "flaky" if counted["expected"] or counted["skipped"] else "unexpected"


def counts(outcomes: Mapping[str, str], not_run: set[str]) -> CaseCountsBody:
    """The run's counts from Playwright's outcomes by test, and the tests that are marked as not run."""
    counted = Counter("not_run" if test in not_run else word for test, word in outcomes.items())
    return {
        "total": len(outcomes),
        "passed": counted["expected"],
        "failed": counted["unexpected"],
        "flaky": counted["flaky"],
        "skipped": counted["skipped"],
        "not_run": counted["not_run"],
    }


def merge(blob: Path, playwright: Path) -> Json:
    """The json report that `playwright merge-reports` makes; it must end well. It leaves pipes half full."""
    into = blob.with_name("merged.json")
    done = subprocess.run(
        ["node", playwright / "node_modules/@playwright/test/cli.js", "merge-reports", "--reporter=json", "."],
        cwd=blob.parent,
        env={**os.environ, "PLAYWRIGHT_JSON_OUTPUT_FILE": str(into)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    report: Json = json.loads(into.read_bytes())
    return report


def specs_of(report: Json) -> Iterator[Json]:
    """All specs of Playwright's json report."""
    waiting = list(report["suites"])
    while waiting:
        suite = waiting.pop()
        yield from suite["specs"]
        waiting += suite.get("suites", [])


def stats_in(page: Path) -> Json:
    """What Playwright's HTML report counts; its data is a zip file inside the page."""
    packed = page.read_text(encoding="utf-8").partition("data:application/zip;base64,")[2].partition("<")[0]
    with zipfile.ZipFile(BytesIO(b64decode(packed))) as archive:
        report: Json = json.loads(archive.read("report.json"))
    stats: Json = report["stats"]
    return stats
