"""The one model of a run that all formats are written from."""

import pytest
from hypothesis import given

from qgjob.cli.reports.model import RunReport
from qgjob.cli.reports.reading import report_of
from qgjob.core.errors import ConfigurationError, InfrastructureError
from qgjob.wire.cases import RunCaseShown
from qgjob.wire.jobs import JobShown
from qgjob.wire.prospects import RunDetail
from tests.cli.reports.documents import RUNS, a_case, a_job, a_run, an_execution, random_runs


def report(*jobs: JobShown, cases: list[RunCaseShown] | None = None) -> RunReport:
    told = cases or []
    return report_of(a_run(jobs, told), jobs, told)


def test_a_run_that_goes_on_is_refused_with_what_to_do() -> None:
    run: RunDetail = {**a_run([], []), "status": "running"}
    with pytest.raises(ConfigurationError, match=rf"still going.*qgjob wait {run['run_id']}"):
        report_of(run, [], [])


def test_cases_that_do_not_add_up_to_the_runs_counts_make_no_report() -> None:
    case = a_case("adds up")
    run = a_run([a_job()], [case, a_case("another")])
    with pytest.raises(InfrastructureError, match="no report was written"):
        report_of(run, [a_job()], [case])


def test_the_same_case_in_a_matrix_is_told_apart_by_what_the_jobs_asked_for() -> None:
    jobs = [a_job("job-1", os_version="13"), a_job("job-2", os_version="14", target="device")]
    cases = [a_case("adds up", job_id="job-1"), a_case("adds up", job_id="job-2", project="android")]
    assert [(case.suite, case.name) for case in report(*jobs, cases=cases).cases] == [
        ("tests/cart.spec.js (emulator, OS 13)", "adds up"),
        ("tests/cart.spec.js [android] (device, OS 14)", "adds up"),
    ]


def test_what_is_still_equal_is_numbered() -> None:
    jobs = [a_job("job-1"), a_job("job-2")]
    cases = [a_case("adds up"), a_case("adds up (2)"), a_case("adds  up", job_id="job-2")]
    assert [case.name for case in report(*jobs, cases=cases).cases] == ["adds up", "adds up (2)", "adds up (3)"]


@pytest.mark.parametrize(
    ("verdict", "cases", "told"),
    [
        ("passed", [a_case("adds up")], None),
        ("failed", [a_case("adds up", [an_execution("failed")])], None),
        ("flaky", [a_case("adds up", [an_execution("failed"), an_execution()])], None),
        ("passed", [], "tests/cart.spec.js"),
        ("failed", [a_case("adds up")], "tests/cart.spec.js"),
        ("failed", [a_case("adds up", [an_execution("not_run")])], "tests/cart.spec.js"),
        ("timed_out", [a_case("adds up", [an_execution("failed")])], "tests/cart.spec.js"),
        ("infra_error", [a_case("adds up")], "tests/cart.spec.js"),
        ("no_tests", [], "tests/cart.spec.js"),
        (None, [a_case("adds up")], "tests/cart.spec.js"),
        ("of a newer server", [a_case("adds up")], "tests/cart.spec.js"),
    ],
)
def test_a_job_has_an_entry_of_its_own_where_its_cases_do_not_tell_how_it_ended(
    verdict: str | None, cases: list[RunCaseShown], told: str | None
) -> None:
    (job,) = report(a_job(verdict=verdict), cases=cases).jobs
    assert job.told_by == told


@pytest.mark.parametrize(
    ("verdict", "message", "problem"),
    [
        ("passed", None, None),
        ("infra_error", "The device went away.", "The device went away."),
        ("cancelled", None, "The job was cancelled."),
        (None, None, "Its verdict None is not known here."),
    ],
)
def test_a_job_that_did_not_pass_says_why(verdict: str | None, message: str | None, problem: str | None) -> None:
    (job,) = report(a_job(verdict=verdict, message=message)).jobs
    assert job.problem == problem


def test_executions_of_an_attempt_are_laid_one_after_the_other() -> None:
    cases = [a_case("a"), a_case("b"), a_case("c", [an_execution("failed"), an_execution(attempt=2)])]
    told = report(a_job(), cases=cases)
    starts = [[str(execution.started_at)[14:23] for execution in case.executions] for case in told.cases]
    assert starts == [["41:00+00:"], ["41:01.500"], ["41:03+00:", "42:00+00:"]]


def test_a_word_of_a_newer_server_is_a_sentence() -> None:
    odd: RunCaseShown = {**a_case("adds up"), "outcome": "levitated"}
    with pytest.raises(ConfigurationError, match=r"'levitated'.*update it"):
        report_of(a_run([a_job()], [odd]), [a_job()], [odd])


@given(random_runs())
@RUNS
def test_names_are_unique_in_a_run(told: tuple[RunDetail, list[JobShown], list[RunCaseShown]]) -> None:
    run = report_of(*told)
    names = [(case.suite, case.name) for case in run.cases]
    entries = [job.told_by for job in run.entries]
    assert len(set(names)) == len(names)
    assert len(set(entries)) == len(entries)
