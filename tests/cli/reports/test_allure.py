"""Allure results: one file per execution, counted by Allure itself as the run counts."""

import json
import shutil
import subprocess
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings

from qgjob.cli.reports.allure import write_allure
from qgjob.cli.reports.evidence import Blobs
from qgjob.cli.reports.folders import ALLURE_NAMES
from qgjob.cli.reports.reading import report_of
from qgjob.wire.cases import RunCaseShown
from qgjob.wire.jobs import JobShown
from qgjob.wire.prospects import RunDetail
from tests.cli.reports.documents import HOSTILE, RUNS, a_case, a_job, a_run, an_execution, random_runs

Json = dict[str, Any]
Told = tuple[RunDetail, list[JobShown], list[RunCaseShown]]
NO_BLOBS = Blobs({}, files={}, root="/project")


def written(told: Told, folder: Path, blobs: Blobs = NO_BLOBS) -> list[Json]:
    """What is in the folder, each result later than the ones before it."""
    write_allure(report_of(*told), blobs, folder)
    results = [json.loads(path.read_bytes()) for path in folder.glob("*-result.json")]
    return sorted(results, key=lambda result: result["stop"])


def decided(results: Sequence[Json]) -> list[Json]:
    """The results as Allure takes them: of those of a case the latest, the others are retries."""
    return list({result["historyId"]: result for result in results}.values())


@given(random_runs())
@RUNS
def test_its_counts_are_the_runs(told: Told) -> None:
    run, jobs, _ = told
    with TemporaryDirectory() as folder:
        results = decided(written(told, Path(folder)))
        assert all(ALLURE_NAMES.fullmatch(path.name) for path in Path(folder).iterdir())
    cases = [result for result in results if not result["fullName"].startswith("jobs of the run: ")]
    counted = Counter(result["status"] for result in cases)
    flaky = sum(result["statusDetails"]["flaky"] for result in cases)
    assert {
        "total": len(cases),
        "passed": counted["passed"] - flaky,
        "failed": counted["failed"],
        "flaky": flaky,
        "skipped": counted["skipped"],
        "not_run": counted["unknown"],
    } == run["cases"]
    if any(job["verdict"] not in {"passed", "flaky"} for job in jobs):
        assert {"failed", "broken"} & {result["status"] for result in results}


def test_executions_of_a_case_are_its_retries(tmp_path: Path) -> None:
    told = [an_execution("failed", errors=["slow"]), an_execution("interrupted", attempt=2), an_execution(attempt=3)]
    job, case = a_job(verdict="flaky"), a_case("adds up", told)
    results = written((a_run([job], [case]), [job], [case]), tmp_path)
    assert [(result["status"], result["statusDetails"]["message"]) for result in results] == [
        ("failed", "slow"),
        ("broken", ""),
        ("passed", ""),
    ]
    assert len({result["historyId"] for result in results}) == 1
    assert len({result["uuid"] for result in results}) == 3


def test_a_muted_failure_says_so(tmp_path: Path) -> None:
    job = a_job(verdict="failed")
    case = a_case("adds up", [an_execution("failed")], muted=True, standing="known_failure")
    (result,) = written((a_run([job], [case]), [job], [case]), tmp_path)
    details = result["statusDetails"]
    assert (result["status"], details["muted"], details["known"], details["flaky"]) == ("failed", True, True, False)


def test_ids_are_the_same_each_time(tmp_path: Path) -> None:
    job, case = a_job(), a_case("adds up")
    told = (a_run([job], [case]), [job], [case])
    first, second = tmp_path / "first", tmp_path / "second"
    first.mkdir()
    second.mkdir()
    assert written(told, first) == written(told, second)


@pytest.mark.exam
@pytest.mark.skipif(shutil.which("java") is None, reason="Allure's generator is a Java program, and there is no Java")
@given(random_runs())
@settings(parent=RUNS, max_examples=4)
def test_allure_itself_counts_the_same(allure: Path, told: Told) -> None:
    run, _, _ = told
    with TemporaryDirectory() as folder:
        results, report = Path(folder) / "results", Path(folder) / "report"
        results.mkdir()
        entries = [result for result in decided(written(told, results)) if "jobs of the run: " in result["fullName"]]
        summary = generated(allure, results, report)
    lost = Counter(result["status"] for result in entries)
    counts = run["cases"]
    assert summary["statistic"] == {
        "passed": counts["passed"] + counts["flaky"] + lost["passed"],
        "failed": counts["failed"],
        "skipped": counts["skipped"],
        "unknown": counts["not_run"],
        "broken": lost["broken"],
        "total": counts["total"] + len(entries),
    }


@pytest.mark.exam
@pytest.mark.skipif(shutil.which("java") is None, reason="Allure's generator is a Java program, and there is no Java")
def test_allure_shows_retries_flaky_and_muted(allure: Path, tmp_path: Path) -> None:
    job = a_job(verdict="failed")
    cases = [
        a_case("is flaky", [an_execution("failed", errors=[HOSTILE]), an_execution(attempt=2)]),
        a_case("is known", [an_execution("failed")], muted=True, standing="known_failure"),
    ]
    results, report = tmp_path / "results", tmp_path / "report"
    results.mkdir()
    written((a_run([job], cases), [job], cases), results)
    generated(allure, results, report)
    shown = {}
    for path in (report / "data" / "test-cases").iterdir():
        test = json.loads(path.read_bytes())
        if not test["hidden"]:
            shown[test["name"]] = (test["status"], test["flaky"], test["retriesCount"])
    assert shown == {"is flaky": ("passed", True, 1), "is known": ("failed", False, 0)}


def generated(allure: Path, results: Path, report: Path) -> Json:
    """What Allure counts."""
    done = subprocess.run(
        ["node", allure / "node_modules/allure-commandline/bin/allure", "generate", results, "-o", report],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    summary: Json = json.loads((report / "widgets" / "summary.json").read_bytes())
    return summary
