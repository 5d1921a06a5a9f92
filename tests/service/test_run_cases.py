"""The cases of a run: each whole and once, whatever the page, and together what the run says."""

from collections import Counter
from functools import partial

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qgjob.core.attempt import CaseCounts, count_outcomes
from qgjob.core.errors import InvalidRequest, NotFound
from qgjob.core.words import CaseOutcome, CaseStatus, Fault, RunId, Verdict
from qgjob.service import ask
from qgjob.service.ask import RunCase, cases
from tests.databases import Databases
from tests.service.farm import SPECS, Farm, a_case, a_request, case_ended, ended, installed, lease_ended, started

FAILED, INTERRUPTED, NOT_RUN, PASSED = (
    CaseStatus.FAILED,
    CaseStatus.INTERRUPTED,
    CaseStatus.NOT_RUN,
    CaseStatus.PASSED,
)


def pages(farm: Farm, run_id: RunId, *, limit: int) -> list[tuple[RunCase, ...]]:
    """Walk through all pages."""
    page = farm.read(partial(ask.cases_of_run, run_id=run_id, limit=limit))
    found = [page.items]
    while page.next_cursor is not None:
        page = farm.read(partial(ask.cases_of_run, run_id=run_id, limit=limit, cursor=page.next_cursor))
        found.append(page.items)
    return found


def all_cases(farm: Farm, run_id: RunId, *, limit: int = 500) -> list[RunCase]:
    return [each for page in pages(farm, run_id, limit=limit) for each in page]


def counts(found: list[RunCase]) -> CaseCounts:
    return count_outcomes(each.outcome for each in found)


def test_a_case_comes_with_all_its_executions_oldest_first(farm: Farm) -> None:
    farm.stock("v1")
    worker, other = farm.register("one", "two")
    run = farm.submit_run(a_request(max_retries=1))
    (job_id,) = run.job_ids
    first = farm.claim_one(worker)
    farm.report(
        first.token,
        installed(),
        started(job_id),
        case_ended(job_id, 1, a_case("pays", FAILED, line=9)),
        case_ended(job_id, 1, a_case("signs in", line=3)),
        ended(job_id, 1, Verdict.FAILED, Fault.TEST),
        lease_ended(),
    )
    second = farm.claim_one(other)
    farm.report(
        second.token,
        installed(),
        started(job_id, 2),
        case_ended(job_id, 2, a_case("pays", line=9)),
        ended(job_id, 2),
    )
    signs_in, pays = all_cases(farm, run.run_id)

    assert (signs_in.case.title, signs_in.outcome) == ("signs in", CaseOutcome.PASSED)
    assert (pays.case.title, pays.outcome, pays.job_id) == ("pays", CaseOutcome.FLAKY, job_id)
    assert [(each.attempt, each.worker_id, each.result.status) for each in pays.executions] == [
        (1, worker, FAILED),
        (2, other, PASSED),
    ]
    assert pays.seconds == 1.5


def test_cases_of_a_job_that_still_goes_are_listed_and_counted_as_they_stand(farm: Farm) -> None:
    farm.stock("v1")
    (worker,) = farm.register("one")
    run = farm.submit_run(a_request(), a_request(SPECS[1]))
    lease = farm.claim_one(worker)
    job_id = lease.jobs[0].job_id
    farm.report(lease.token, installed(), started(job_id), case_ended(job_id, 1, a_case()))

    assert [each.outcome for each in all_cases(farm, run.run_id)] == [CaseOutcome.PASSED]
    assert farm.run(run.run_id).cases == CaseCounts(passed=1)


def test_what_came_late_is_no_execution_that_counts(farm: Farm) -> None:
    farm.stock("v1")
    (worker,) = farm.register("one")
    run = farm.submit_run(a_request())
    (job_id,) = run.job_ids
    lease = farm.claim_one(worker)
    farm.report(lease.token, installed(), started(job_id), case_ended(job_id, 1, a_case()), ended(job_id))
    farm.report(lease.token, case_ended(job_id, 1, a_case("signs in", FAILED)))

    (signs_in,) = all_cases(farm, run.run_id)
    assert (signs_in.outcome, len(signs_in.executions)) == (CaseOutcome.PASSED, 1)


@pytest.mark.parametrize(("limit", "sizes"), [(1, [1] * 6), (2, [2, 2, 2]), (4, [4, 2]), (500, [6])])
def test_cases_are_in_the_order_of_jobs_files_lines_and_titles(farm: Farm, limit: int, sizes: list[int]) -> None:
    farm.stock("v1")
    (worker,) = farm.register("one")
    run = farm.submit_run(*(a_request(path) for path in SPECS[:2]))
    for job_id in run.job_ids:
        lease = farm.claim_one(worker)
        farm.report(
            lease.token,
            installed(),
            started(job_id),
            case_ended(job_id, 1, a_case("c", line=7)),
            case_ended(job_id, 1, a_case("b", line=5)),
            case_ended(job_id, 1, a_case("a", line=7)),
            ended(job_id),
            lease_ended(),
        )
    found = pages(farm, run.run_id, limit=limit)

    assert [len(page) for page in found] == sizes
    assert [(each.job_id, each.case.title) for page in found for each in page] == [
        (job_id, title) for job_id in run.job_ids for title in ("b", "a", "c")
    ]


def test_a_page_looks_at_so_many_jobs_and_executions_and_no_more(farm: Farm, monkeypatch: pytest.MonkeyPatch) -> None:
    farm.stock("v1")
    (worker,) = farm.register("one")
    run = farm.submit_run(*(a_request(path) for path in SPECS))
    for job_id in run.job_ids[:2]:
        lease = farm.claim_one(worker)
        farm.report(
            lease.token,
            installed(),
            started(job_id),
            *(case_ended(job_id, 1, a_case(title)) for title in "abcde"),
            ended(job_id),
            lease_ended(),
        )
    monkeypatch.setattr(cases, "MOST_JOBS", 3)
    monkeypatch.setattr(cases, "MOST_EXECUTIONS", 4)
    found = pages(farm, run.run_id, limit=500)

    assert [[each.case.title for each in page] for page in found] == [list("abcde"), list("abcde"), [], [], []]
    assert len({(each.job_id, each.case.case_id) for page in found for each in page}) == 10


def test_a_run_that_is_not_there_and_a_cursor_that_is_none_are_refused(farm: Farm) -> None:
    farm.stock("v1")
    run = farm.submit_run(a_request())

    with pytest.raises(NotFound, match="There is no run nobody"):
        farm.read(partial(ask.cases_of_run, run_id=RunId("nobody"), limit=1))
    with pytest.raises(InvalidRequest, match="begin without one"):
        farm.read(partial(ask.cases_of_run, run_id=run.run_id, limit=1, cursor="x.y"))


executions = st.lists(st.tuples(st.sampled_from("abcd"), st.sampled_from(CaseStatus)), max_size=6)
attempts = st.lists(executions, min_size=1, max_size=3)


@given(
    jobs=st.lists(st.tuples(attempts, st.booleans()), min_size=1, max_size=4),
    limit=st.integers(min_value=1, max_value=5),
    most=st.integers(min_value=1, max_value=6),
)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_cases_of_all_pages_add_up_to_the_counts_of_the_run(
    databases: Databases,
    monkeypatch: pytest.MonkeyPatch,
    jobs: list[tuple[list[list[tuple[str, CaseStatus]]], bool]],
    limit: int,
    most: int,
) -> None:
    monkeypatch.setattr(cases, "MOST_JOBS", most)
    monkeypatch.setattr(cases, "MOST_EXECUTIONS", most)
    with databases() as database:
        farm = Farm.on(database)
        try:
            run_id = carry_out(farm, jobs)
            found = pages(farm, run_id, limit=limit)
            run = farm.run(run_id)
        finally:
            farm.store.close()
    listed = [each for page in found for each in page]

    assert counts(listed) == run.cases
    assert max(Counter((each.job_id, each.case.case_id) for each in listed).values(), default=1) == 1
    assert all(len(page) <= limit for page in found)


def carry_out(farm: Farm, jobs: list[tuple[list[list[tuple[str, CaseStatus]]], bool]]) -> RunId:
    """Let each job have these attempts, all but the last of which failed; one that is not to end goes on."""
    farm.stock("v1")
    (worker,) = farm.register("one")
    run = farm.submit_run(*(a_request(path, max_retries=9) for path in SPECS[: len(jobs)]))
    todo = dict(zip(run.job_ids, jobs, strict=True))
    done = dict.fromkeys(run.job_ids, 0)
    for _ in range(len(jobs) * 4):
        if all(done[job_id] == len(todo[job_id][0]) for job_id in run.job_ids):
            break
        lease = farm.claim_one(worker)
        farm.report(lease.token, installed())
        for job in lease.jobs:
            of_job, ends = todo[job.job_id]
            if done[job.job_id] == len(of_job):
                continue
            farm.report(
                lease.token,
                started(job.job_id, job.attempt),
                *(
                    case_ended(job.job_id, job.attempt, a_case(name, status))
                    for name, status in of_job[done[job.job_id]]
                ),
            )
            done[job.job_id] += 1
            last = done[job.job_id] == len(of_job)
            if not last:
                farm.report(lease.token, ended(job.job_id, job.attempt, Verdict.FAILED, Fault.TEST))
            elif ends:
                farm.report(lease.token, ended(job.job_id, job.attempt))
        farm.report(lease.token, lease_ended())
        farm.clock.advance(3600)
    return run.run_id
