"""Blobs as a test could forge them, with any value anywhere: they spoil nothing but what they tell themselves."""

import copy
import json
import random
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from qgjob.cli.reports.blob import MergedBlob
from qgjob.cli.reports.evidence import Blobs
from qgjob.cli.reports.html import write_html
from qgjob.cli.reports.reading import report_of
from qgjob.wire.cases import RunCaseShown
from qgjob.wire.jobs import JobShown
from qgjob.wire.prospects import RunDetail
from tests.cli.reports.documents import a_case, a_job, a_run, an_execution
from tests.cli.reports.merged import counts, events_of, merge, outcome, specs_of, told_tests

BLOBS = 250
JUNK: list[Any] = [None, True, -1, 1e300, 8.7e15, 0.5, "", "x", "../..", "\x00\ud800", [], [None], {}, {"id": 1}, [[1]]]
PLACE = {"file": "a.spec.js", "line": 1, "column": 1}
ERROR = {
    "message": "no",
    "stack": "no\n at /agent/tests/a.spec.js:1:1",
    "location": PLACE,
    "snippet": "1 |",
    "value": "v",
}
NOTE = {"type": "issue", "description": "x", "location": PLACE}
TEST = {"testId": "T", "title": "adds up", "location": PLACE, "tags": ["@smoke"], "annotations": [NOTE], "retries": 0}
FILE = {"name": "shot", "contentType": "image/png", "path": "resources/shot.png"}
INLINE = {"name": "note", "contentType": "text/plain", "base64": "dGV4dA=="}
STEP = {"id": "s", "title": "look", "category": "test.step", "startTime": 5, "location": PLACE, "parentStepId": "r"}
STEP_END = {"id": "s", "duration": 1, "error": ERROR, "attachments": [0], "annotations": [NOTE]}
RESULT = {"id": "r", "retry": 0, "workerIndex": 0, "parallelIndex": 0, "startTime": 4}
END = {"id": "r", "duration": 3, "status": "failed", "errors": [ERROR], "annotations": [NOTE], "attachments": [FILE]}
EVENTS = [
    ("onBlobReportMetadata", {"version": 2}),
    ("onConfigure", {"config": {"rootDir": "/agent/tests", "version": "1.59.1"}}),
    ("onProject", {"project": {"name": "p", "suites": [{"title": "a.spec.js", "entries": [TEST]}]}}),
    ("onTestBegin", {"testId": "T", "result": RESULT}),
    ("onStepBegin", {"testId": "T", "resultId": "r", "step": STEP}),
    ("onStdIO", {"testId": "T", "resultId": "r", "type": "stdout", "data": "hello", "isBase64": False}),
    ("onAttach", {"testId": "T", "resultId": "r", "attachments": [INLINE]}),
    ("onStepEnd", {"testId": "T", "resultId": "r", "step": STEP_END}),
    ("onTestEnd", {"test": {"testId": "T", "expectedStatus": "passed", "annotations": [NOTE]}, "result": END}),
]


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every place in a JSON value that something can stand at."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in list(items):
        yield value, key
        yield from places(inner)


def forged(dice: random.Random) -> list[Any]:
    """The events of a blob with junk at one to three places, in some other order now and then."""
    events = [{"method": method, "params": copy.deepcopy(params)} for method, params in EVENTS]
    for _ in range(dice.randint(1, 3)):
        holder, key = dice.choice(list(places(events[2:])))
        holder[key] = dice.choice(JUNK)
    if dice.random() < 0.2:
        later = events[3:]
        dice.shuffle(later)
        events[3:] = later
    return events


def a_story(folder: Path) -> tuple[RunDetail, list[JobShown], list[RunCaseShown], Blobs]:
    """A run of which every job has a forged blob of its own."""
    dice = random.Random("forged")
    jobs, cases, found = [], [], {}
    for number in range(BLOBS):
        job_id = f"job-{number}"
        jobs.append(a_job(job_id, "failed"))
        case = a_case("adds up", [an_execution("failed", errors=["no"])], job_id=job_id, file="tests/a.spec.js")
        case["case_id"] = "T"
        cases.append(case)
        found[job_id, 1] = folder / f"{number}.zip"
        with zipfile.ZipFile(found[job_id, 1], "w") as archive:
            archive.writestr("resources/shot.png", b"a picture")
            archive.writestr("report.jsonl", "\n".join(json.dumps(event) for event in forged(dice)))
    blobs = Blobs(found, files={"T": "tests/a.spec.js"}, root="/project")
    return a_run(jobs, cases), jobs, cases, blobs


def test_the_counts_stay_the_runs_whatever_blobs_say(tmp_path: Path) -> None:
    run, jobs, cases, blobs = a_story(tmp_path)
    told = report_of(run, jobs, cases)
    MergedBlob(told, blobs).write(tmp_path / "report.zip")
    tests = {test["testId"]: outcome(test) for test in told_tests(events_of(tmp_path / "report.zip"))}
    assert counts(tests, set()) == run["cases"]
    some_are_told = sum(blobs.of(case, case.executions[0]) is not None for case in told.cases)
    assert 50 < some_are_told < BLOBS, "otherwise it says nothing"


@pytest.mark.exam
def test_playwright_reads_what_is_left_of_forged_blobs(tmp_path: Path, playwright: Path) -> None:
    run, jobs, cases, blobs = a_story(tmp_path)
    (tmp_path / "merged").mkdir()
    merged = tmp_path / "merged" / "report.zip"
    MergedBlob(report_of(run, jobs, cases), blobs).write(merged)
    write_html(merged, tmp_path / "html", cli=playwright / "node_modules/@playwright/test/cli.js")
    report = merge(merged, playwright)
    assert counts({spec["id"]: spec["tests"][0]["status"] for spec in specs_of(report)}, set()) == run["cases"]
