"""The merged blob: valid, cut to the run, and never of another count."""

import json
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings

from qgjob.cli.reports.blob import MergedBlob
from qgjob.cli.reports.evidence import Blobs
from qgjob.cli.reports.playwright_blob import Unreadable, read_blob
from qgjob.cli.reports.reading import report_of
from qgjob.wire.cases import RunCaseShown
from qgjob.wire.jobs import JobShown
from qgjob.wire.prospects import RunDetail
from tests.cli.reports.documents import RUNS, a_case, a_job, a_run, an_execution, random_runs
from tests.cli.reports.merged import counts, events_of, merge, outcome, specs_of, told_tests

NO_BLOBS = Blobs({}, files={}, root="/project")
JOBS = "jobs of the run"


def written(told: tuple[RunDetail, list[JobShown], list[RunCaseShown]], to: Path, blobs: Blobs = NO_BLOBS) -> Path:
    MergedBlob(report_of(*told), blobs).write(to)
    return to


@given(random_runs())
@RUNS
def test_its_counts_are_the_runs(told: tuple[RunDetail, list[JobShown], list[RunCaseShown]]) -> None:
    run, jobs, _ = told
    with TemporaryDirectory() as folder:
        events = events_of(written(told, Path(folder) / "report.zip"))
    tests = [test for test in told_tests(events) if test["project"] != JOBS]
    not_run = {test["testId"] for test in tests if any(note["type"] == "not_run" for note in test["annotations"])}
    assert len({test["testId"] for test in tests}) == len(tests)
    assert counts({test["testId"]: outcome(test) for test in tests}, not_run) == run["cases"]
    names = [(test["project"], test["titles"], test["title"]) for test in tests]
    assert len(set(names)) == len(names)
    green = all(job["verdict"] in {"passed", "flaky"} for job in jobs)
    assert events[-1]["params"]["result"]["status"] == ("passed" if green else "failed")
    if not green:
        assert any(outcome(test) == "unexpected" for test in told_tests(events))


@pytest.mark.exam
@given(random_runs())
@settings(parent=RUNS, max_examples=12)
def test_playwright_itself_counts_the_same(
    playwright: Path, told: tuple[RunDetail, list[JobShown], list[RunCaseShown]]
) -> None:
    with TemporaryDirectory() as folder:
        report = merge(written(told, Path(folder) / "report.zip"), playwright)
    cases = [spec for spec in specs_of(report) if spec["tests"][0]["projectName"] != JOBS]
    found = {}
    not_run = set()
    for spec in cases:
        (test,) = spec["tests"]
        found[spec["id"]] = test["status"]
        if any(note["type"] == "not_run" for note in test["annotations"]):
            not_run.add(spec["id"])
    assert counts(found, not_run) == told[0]["cases"]


def test_an_execution_that_would_mislead_playwright_is_interrupted_and_said(tmp_path: Path) -> None:
    case = a_case("adds up", [an_execution("passed"), an_execution("failed", attempt=2)])
    job = a_job(verdict="failed")
    (test,) = told_tests(events_of(written((a_run([job], [case]), [job], [case]), tmp_path / "report.zip")))
    assert [result["status"] for result in test["results"]] == ["interrupted", "failed"]
    assert {"type": "qgjob", "description": "execution 1 was passed"} in test["results"][0]["annotations"]


def test_a_muted_case_says_so(tmp_path: Path) -> None:
    case = a_case("adds up", [an_execution("failed")], muted=True, standing="known_failure")
    job = a_job(verdict="failed")
    (test,) = told_tests(events_of(written((a_run([job], [case]), [job], [case]), tmp_path / "report.zip")))
    assert [note["type"] for note in test["annotations"]] == ["muted", "known_failure"]
    assert test["tags"] == ["@muted", "@known_failure"]


def test_a_job_without_cases_is_a_failed_test(tmp_path: Path) -> None:
    job = a_job(verdict="infra_error", message="The host lost its disk.")
    (test,) = told_tests(events_of(written((a_run([job], []), [job], []), tmp_path / "report.zip")))
    assert (test["project"], test["title"], outcome(test)) == (JOBS, "tests/cart.spec.js", "unexpected")
    assert test["results"][0]["errors"] == [{"message": "The host lost its disk."}]


def a_blob(path: Path, *events: object, **files: bytes) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("report.jsonl", "\n".join(json.dumps(event) for event in events))
        for name, content in files.items():
            archive.writestr(name, content)
    return path


METADATA = {"method": "onBlobReportMetadata", "params": {"version": 2}}


@pytest.mark.parametrize(
    ("events", "why"),
    [
        ([{"method": "onBlobReportMetadata", "params": {"version": 3}}], "it is of version 3"),
        ([{"method": "onBegin", "params": {}}], "it is of version None"),
        ([], "it is not as Playwright writes it"),
        ([METADATA, {"method": "onTestEnd"}], "it is not as Playwright writes it"),
        ([METADATA, ["onTestEnd"]], "it is not as Playwright writes it"),
    ],
)
def test_a_blob_that_is_not_known_is_a_sentence(tmp_path: Path, events: list[object], why: str) -> None:
    with pytest.raises(Unreadable, match=why):
        read_blob(a_blob(tmp_path / "blob.zip", *events), files={}, root="/project")


def test_a_blob_cannot_lead_out_of_itself(tmp_path: Path) -> None:
    result = {"id": "r", "startTime": 1}
    names = ["../../evil.txt", "/etc/passwd", "resources/../evil.txt", "resources/not-there.txt", "resources/good.txt"]
    attachments = [{"name": name, "contentType": "text/plain", "path": name} for name in names]
    test = {"testId": "x-adds up", "title": "adds up"}
    ended = {"test": {"testId": "x-adds up"}, "result": {"id": "r", "attachments": attachments, "errors": []}}
    events = [
        METADATA,
        {"method": "onProject", "params": {"project": {"suites": [{"title": "x", "entries": [test]}]}}},
        {"method": "onTestBegin", "params": {"testId": "x-adds up", "result": result}},
        {"method": "onTestEnd", "params": ended},
    ]
    kept = {name: name.encode() for name in names if name != "resources/not-there.txt"}
    blob = a_blob(tmp_path / "blob.zip", *events, **kept)
    case, job = a_case("adds up", file="x"), a_job()
    told = report_of(a_run([job], [case]), [job], [case])
    MergedBlob(told, Blobs({("job-1", 1): blob}, files={}, root="/project")).write(tmp_path / "report.zip")

    with zipfile.ZipFile(tmp_path / "report.zip") as archive:
        (resource, _) = archive.namelist()
        assert archive.read(resource) == b"resources/good.txt"
    (shown,) = told_tests(events_of(tmp_path / "report.zip"))
    assert [attachment.get("path") for attachment in shown["results"][0]["attachments"]] == [None] * 4 + [resource]


def test_bytes_that_are_no_zip_file_are_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "blob.zip").write_bytes(b"PK\x03\x04 and no more")
    with pytest.raises(Unreadable, match="no zip file"):
        read_blob(tmp_path / "blob.zip", files={}, root="/project")


def test_what_a_blob_does_not_tell_is_told_from_the_records_with_a_note(tmp_path: Path) -> None:
    blob = a_blob(tmp_path / "blob.zip", {"method": "onBlobReportMetadata", "params": {"version": 9}})
    case, job = a_case("adds up"), a_job()
    run = report_of(a_run([job], [case]), [job], [case])
    blobs = Blobs({("job-1", 1): blob}, files={}, root="/project")
    MergedBlob(run, blobs).write(tmp_path / "report.zip")
    without, passed_over = blobs.notes(run)
    assert without.startswith("1 of 1 executions are told from the farm's own records, without steps: ")
    assert passed_over == "A blob was passed over: it is of version 9, and version 2 is known"
    (test,) = told_tests(events_of(tmp_path / "report.zip"))
    assert outcome(test) == "expected"
    assert test["results"][0]["annotations"] == [
        {"type": "qgjob", "description": "execution 1 is from the farm's own records: no blob tells of it"}
    ]
