"""CTRF: valid by its own schema, and never of another count than the run."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given

from qgjob.cli.reports.ctrf import ctrf
from qgjob.cli.reports.reading import report_of
from qgjob.wire.cases import RunCaseShown
from qgjob.wire.jobs import JobShown
from qgjob.wire.prospects import RunDetail
from tests.cli.reports.documents import RUNS, a_case, a_job, a_run, an_execution, random_runs

SCHEMA = json.loads(Path(__file__).with_name("ctrf-schema-0.0.json").read_bytes())
VALIDATOR = jsonschema.Draft7Validator(SCHEMA, format_checker=jsonschema.FormatChecker())


def written(*jobs: JobShown, cases: list[RunCaseShown]) -> Any:
    return json.loads(ctrf(report_of(a_run(jobs, cases), jobs, cases)))


@given(random_runs())
@RUNS
def test_it_is_valid_and_its_counts_are_the_runs(told: tuple[RunDetail, list[JobShown], list[RunCaseShown]]) -> None:
    run, jobs, _ = told
    document = json.loads(ctrf(report_of(*told)))
    VALIDATOR.validate(document)
    tests = document["results"]["tests"]
    cases = [test for test in tests if test["extra"]["qgjob"]["kind"] == "case"]
    flaky = sum(case["flaky"] for case in cases)
    statuses = [case["status"] for case in cases]
    assert {
        "total": len(cases),
        "passed": statuses.count("passed") - flaky,
        "failed": statuses.count("failed"),
        "flaky": flaky,
        "skipped": statuses.count("skipped"),
        "not_run": statuses.count("other"),
    } == run["cases"]
    summary = document["results"]["summary"]
    assert summary["extra"]["qgjob"] == run["cases"]
    assert {key: summary[key] for key in ("tests", "passed", "failed", "skipped", "pending", "other", "flaky")} == {
        "tests": len(tests),
        **{word: [test["status"] for test in tests].count(word) for word in ("passed", "failed", "skipped")},
        "pending": 0,
        "other": run["cases"]["not_run"],
        "flaky": run["cases"]["flaky"],
    }
    if any(job["verdict"] not in {"passed", "flaky"} for job in jobs):
        assert summary["failed"] > 0


def test_a_flaky_case_passed_and_has_its_earlier_executions() -> None:
    told = [
        an_execution("failed", errors=["slow\nvery"]),
        an_execution("interrupted", attempt=2),
        an_execution(attempt=4),
    ]
    (test,) = written(a_job(verdict="flaky"), cases=[a_case("adds up", told)])["results"]["tests"]
    assert (test["status"], test["flaky"], test["retries"]) == ("passed", True, 2)
    assert [(retry["attempt"], retry["status"], retry.get("message")) for retry in test["retryAttempts"]] == [
        (1, "failed", "slow"),
        (2, "other", None),
    ]


def test_a_muted_failure_says_so_and_is_a_failure() -> None:
    case = a_case("adds up", [an_execution("failed", errors=["no"])], muted=True, standing="known_failure")
    (test,) = written(a_job(verdict="failed"), cases=[case])["results"]["tests"]
    extra = test["extra"]["qgjob"]
    assert (test["status"], test["message"], extra["muted"], extra["standing"]) == (
        "failed",
        "no",
        True,
        "known_failure",
    )


@pytest.mark.parametrize("verdict", ["cancelled", "infra_error", "app_error", "configuration_error", "no_tests", None])
def test_a_job_without_cases_is_a_failed_test(verdict: str | None) -> None:
    (test,) = written(a_job(verdict=verdict, message="Why."), cases=[])["results"]["tests"]
    assert (test["name"], test["status"], test["message"]) == ("tests/cart.spec.js", "failed", "Why.")
