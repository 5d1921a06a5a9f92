from collections.abc import Mapping

from qgjob.cli.running.tally import Occupation, Tally
from qgjob.wire.apps import FactShown
from tests.cli.answers import a_fact

TESTS: Mapping[str, str] = {"one": "tests/cart.spec.js", "two": "tests/login.spec.js"}


def heard(*facts: FactShown, cases: int | None = 5) -> Tally:
    tally = Tally(tests=TESTS, jobs=2, cases=cases)
    for fact in facts:
        tally.hear(fact)
    return tally


def ended(job_id: str, case_id: str, status: str, *, ok: bool) -> FactShown:
    return a_fact("case_ended", job_id=job_id, case_id=case_id, status=status, ok=ok)


def test_each_case_of_each_job_counts_once_and_as_it_stands_now() -> None:
    tally = heard(
        ended("one", "a", "failed", ok=False),
        ended("two", "a", "passed", ok=True),
        ended("one", "b", "timedOut", ok=False),
        ended("one", "a", "passed", ok=True),
    )
    assert (tally.cases_done, tally.cases_failed, tally.cases) == (3, 1, 5)


def test_a_skipped_case_is_done_and_one_that_was_cut_off_is_not() -> None:
    tally = heard(
        ended("one", "a", "skipped", ok=False),
        ended("one", "b", "interrupted", ok=False),
        ended("one", "c", "not_run", ok=False),
    )
    assert (tally.cases_done, tally.cases_failed) == (1, 0)


def test_more_cases_than_were_expected_are_not_more_than_all() -> None:
    assert heard(ended("one", "a", "passed", ok=True), ended("one", "b", "passed", ok=True), cases=1).cases == 2
    assert heard(ended("one", "a", "passed", ok=True), cases=None).cases is None


def test_a_device_installs_then_tests_then_does_nothing_for_the_run() -> None:
    at = "2026-11-23T02:47:05.100000+00:00"
    install = a_fact("install_started", job_id=None, worker_id="w", app_version_id="2.0.0")
    case = a_fact("case_started", job_id="one", worker_id="w", case_id="a", title="adds up")
    attempt = a_fact("attempt_started", job_id="two", worker_id="v", test_path="tests/login.spec.js")
    assert heard(install).devices == {"w": Occupation(what="installing 2.0.0", since=at)}
    assert heard(install, attempt, case).devices == {
        "w": Occupation(what="testing tests/cart.spec.js: adds up", since=at),
        "v": Occupation(what="testing tests/login.spec.js", since=at),
    }
    assert heard(install, case, a_fact("lease_ended", job_id=None, worker_id="w")).devices == {}


def test_jobs_that_ended_count_once() -> None:
    tally = heard(a_fact("job_ended", job_id="one"), a_fact("job_ended", job_id="one"))
    assert (tally.jobs_ended, tally.jobs) == (1, 2)


def test_an_unknown_fact_changes_nothing() -> None:
    assert heard(a_fact("moon_landed", job_id="one", worker_id="w")).devices == {}
