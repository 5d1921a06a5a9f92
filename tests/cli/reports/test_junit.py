"""JUnit XML: valid, readable by a real consumer, and never of another count than the run."""

from pathlib import Path

import junitparser
import pytest
from hypothesis import given
from inline_snapshot import snapshot
from junitparser import xunit2
from lxml import etree

from qgjob.cli.reports.junit import junit
from qgjob.cli.reports.reading import report_of
from qgjob.wire.cases import RunCaseShown
from qgjob.wire.jobs import CaseCountsBody, JobShown
from qgjob.wire.prospects import RunDetail
from tests.cli.reports.documents import HOSTILE, RUNS, a_case, a_job, a_run, an_execution, random_runs

SCHEMA = etree.XMLSchema(etree.parse(Path(__file__).with_name("junit-10.xsd")))
"""That of Jenkins's xunit plugin, which refuses what does not follow it."""


def written(*jobs: JobShown, cases: list[RunCaseShown]) -> bytes:
    return junit(report_of(a_run(jobs, cases), jobs, cases))


def counts_in(document: bytes) -> CaseCountsBody:
    """The counts as a reader of the file finds them."""
    root = etree.fromstring(document)
    cases = root.xpath("testsuite[@name != 'jobs of the run']/testcase")
    found = {
        "failed": sum(case.find("failure") is not None for case in cases),
        "not_run": sum(case.find("error") is not None for case in cases),
        "skipped": sum(case.find("skipped") is not None for case in cases),
        "flaky": sum(case.find("flakyFailure") is not None for case in cases),
    }
    return {
        "total": len(cases),
        "passed": len(cases) - sum(found.values()),
        "failed": found["failed"],
        "flaky": found["flaky"],
        "skipped": found["skipped"],
        "not_run": found["not_run"],
    }


def test_every_kind_of_outcome_has_its_place() -> None:
    jobs = [a_job(verdict="failed"), a_job("job-2", "infra_error", message="The host lost its disk.\nDo look.")]
    cases = [
        a_case("passes"),
        a_case("fails", [an_execution("failed", errors=["total is 3\nnot 4"])], muted=True, standing="known_failure"),
        a_case("fails twice", [an_execution("failed"), an_execution("timedOut", attempt=2)]),
        a_case("is flaky", [an_execution("failed", errors=["slow"]), an_execution(attempt=2)]),
        a_case("was lost once", [an_execution("interrupted"), an_execution(attempt=2)]),
        a_case("is left out", [an_execution("skipped", expected="skipped")]),
        a_case("never came to its end", [an_execution("interrupted")]),
    ]
    assert written(*jobs, cases=cases).decode() == snapshot("""\
<?xml version='1.0' encoding='utf-8'?>
<testsuites name="qgjob run 0192f0c1-0000-7000-8000-000000000001" time="10.500" tests="8" failures="2" errors="2">
  <testsuite name="tests/cart.spec.js" file="tests/cart.spec.js" tests="7" failures="2" errors="1" skipped="1" \
time="10.500" hostname="V1" timestamp="2026-11-23T02:41:00">
    <properties>
      <property name="qgjob.muted" value="fails: true" />
      <property name="qgjob.standing" value="fails: known_failure" />
      <property name="qgjob.failing_since" value="fails: 2026-11-20T00:00:00+00:00" />
    </properties>
    <testcase name="passes" classname="tests/cart.spec.js" time="1.500">
      <system-out>tests/cart.spec.js:12
job job-1, case tests/cart.spec.js-passes
[[PROPERTY|qgjob.outcome=passed]]
attempt 1 on V1: passed</system-out>
    </testcase>
    <testcase name="fails" classname="tests/cart.spec.js" time="1.500">
      <failure type="failed" message="total is 3">total is 3
not 4

(attempt 1)</failure>
      <system-out>tests/cart.spec.js:12
job job-1, case tests/cart.spec.js-fails
[[PROPERTY|qgjob.outcome=failed]]
[[PROPERTY|qgjob.muted=true]]
[[PROPERTY|qgjob.standing=known_failure]]
[[PROPERTY|qgjob.failing_since=2026-11-20T00:00:00+00:00]]
attempt 1 on V1: failed</system-out>
    </testcase>
    <testcase name="fails twice" classname="tests/cart.spec.js" time="1.500">
      <failure type="failed" message="failed, passed expected">(attempt 1)</failure>
      <rerunFailure type="timedOut" message="timedOut, passed expected">
        <stackTrace>(attempt 2)</stackTrace>
      </rerunFailure>
      <system-out>tests/cart.spec.js:12
job job-1, case tests/cart.spec.js-fails twice
[[PROPERTY|qgjob.outcome=failed]]
attempt 1 on V1: failed
attempt 2 on V1: timedOut</system-out>
    </testcase>
    <testcase name="is flaky" classname="tests/cart.spec.js" time="1.500">
      <flakyFailure type="failed" message="slow">
        <stackTrace>slow

(attempt 1)</stackTrace>
      </flakyFailure>
      <system-out>tests/cart.spec.js:12
job job-1, case tests/cart.spec.js-is flaky
[[PROPERTY|qgjob.outcome=flaky]]
attempt 1 on V1: failed
attempt 2 on V1: passed</system-out>
    </testcase>
    <testcase name="was lost once" classname="tests/cart.spec.js" time="1.500">
      <system-out>tests/cart.spec.js:12
job job-1, case tests/cart.spec.js-was lost once
[[PROPERTY|qgjob.outcome=passed]]
attempt 1 on V1: interrupted
attempt 2 on V1: passed</system-out>
    </testcase>
    <testcase name="is left out" classname="tests/cart.spec.js" time="1.500">
      <skipped />
      <system-out>tests/cart.spec.js:12
job job-1, case tests/cart.spec.js-is left out
[[PROPERTY|qgjob.outcome=skipped]]
attempt 1 on V1: skipped</system-out>
    </testcase>
    <testcase name="never came to its end" classname="tests/cart.spec.js" time="1.500">
      <error type="not_run" message="It did not come to its end: no result is known.">(attempt 1)</error>
      <system-out>tests/cart.spec.js:12
job job-1, case tests/cart.spec.js-never came to its end
[[PROPERTY|qgjob.outcome=not_run]]
attempt 1 on V1: interrupted</system-out>
    </testcase>
  </testsuite>
  <testsuite name="jobs of the run" tests="1" failures="0" errors="1" skipped="0" time="0.000">
    <testcase name="tests/cart.spec.js" classname="jobs of the run" time="0.000">
      <error type="infra_error" message="The host lost its disk.">The host lost its disk.
Do look.</error>
      <system-out>job job-2, 2 attempts</system-out>
    </testcase>
  </testsuite>
</testsuites>
""")


@given(random_runs())
@RUNS
def test_it_is_valid_and_its_counts_are_the_runs(told: tuple[RunDetail, list[JobShown], list[RunCaseShown]]) -> None:
    run, jobs, _ = told
    document = junit(report_of(*told))
    SCHEMA.assertValid(etree.fromstring(document))
    assert counts_in(document) == run["cases"]
    if any(job["verdict"] not in {"passed", "flaky"} for job in jobs):
        assert etree.fromstring(document).xpath("@failures + @errors > 0")


@given(random_runs())
@RUNS
def test_a_real_consumer_finds_the_same_counts(told: tuple[RunDetail, list[JobShown], list[RunCaseShown]]) -> None:
    run, _, _ = told
    found = xunit2.JUnitXml.fromstring(junit(report_of(*told)))
    read = [case for suite in found for case in suite]
    cases = [case for case in read if case.classname != "jobs of the run"]
    assert (found.tests, found.failures, found.errors) == (
        len(read),
        sum(case.is_failure for case in read),
        sum(case.is_error for case in read),
    )
    assert {
        "total": len(cases),
        "passed": sum(case.is_passed and not _is_flaky(case) for case in cases),
        "failed": sum(case.is_failure for case in cases),
        "flaky": sum(case.is_passed and _is_flaky(case) for case in cases),
        "skipped": sum(case.is_skipped for case in cases),
        "not_run": sum(case.is_error for case in cases),
    } == run["cases"]


def _is_flaky(case: junitparser.TestCase) -> bool:
    assert isinstance(case, xunit2.TestCase)
    return case.is_flaky


def test_a_real_consumer_reads_reruns() -> None:
    cases = [
        a_case("is flaky", [an_execution("failed", errors=["slow"]), an_execution(attempt=2)]),
        a_case("fails", [an_execution("failed"), an_execution("failed", attempt=2, errors=["again"])]),
    ]
    (suite,) = xunit2.JUnitXml.fromstring(written(a_job(verdict="failed"), cases=cases))
    flaky, fails = suite
    assert isinstance(fails, xunit2.TestCase)
    assert isinstance(flaky, xunit2.TestCase)
    assert (flaky.is_passed, [rerun.message for rerun in flaky.flaky_failures()]) == (True, ["slow"])
    assert (fails.is_failure, [rerun.message for rerun in fails.rerun_failures()]) == (True, ["again"])


def test_hostile_text_stays_text() -> None:
    case = a_case(HOSTILE, [an_execution("failed", errors=["x" * 400 + HOSTILE * 1000], worker=HOSTILE)], file=HOSTILE)
    document = written(a_job(verdict="failed", test_path=HOSTILE), cases=[case])
    SCHEMA.assertValid(etree.fromstring(document))
    (failure,) = etree.fromstring(document).iter("failure")
    assert len(failure) == 0
    assert len(failure.get("message") or "") == 300
    assert len(failure.text or "") == 8000 + len("\n\n(attempt 1)")


@pytest.mark.parametrize("verdict", ["cancelled", "infra_error", "app_error", "configuration_error", "no_tests", None])
def test_a_job_without_cases_is_an_error_that_no_reader_overlooks(verdict: str | None) -> None:
    root = etree.fromstring(written(a_job("job-1", "passed"), a_job("job-2", verdict), cases=[a_case("passes")]))
    assert (root.get("tests"), root.get("failures"), root.get("errors")) == ("2", "0", "1")
