"""A job that is tried again runs only the cases that have not come out well, and counts all of them."""

import pytest

from qgjob.core.lease import Lease
from qgjob.core.places import Place
from qgjob.core.words import CaseStatus, Fault, JobId, Loss, ResetMode, Verdict, WorkerId
from qgjob.service import sweep
from tests.service.farm import Farm, a_case, a_request, case_ended, ended, lease_ended, started

SPEC = "tests/a.spec.js"


def tried(farm: Farm, *, reset: ResetMode = ResetMode.CLEAR) -> tuple[JobId, WorkerId]:
    """A job of three cases of which the second failed."""
    farm.stock("v1")
    (worker,) = farm.register("emulator-5554")
    (job_id,) = farm.submit(a_request(reset=reset))
    lease = farm.claim_one(worker)
    assert lease.jobs[0].places == ()
    farm.report(
        lease.token,
        started(job_id),
        case_ended(job_id, 1, a_case("first", line=3)),
        case_ended(job_id, 1, a_case("second", CaseStatus.FAILED, line=7)),
        case_ended(job_id, 1, a_case("third", line=12)),
        ended(job_id, 1, Verdict.FAILED, Fault.TEST),
        lease_ended(),
    )
    return job_id, worker


def places(lease: Lease) -> tuple[Place, ...]:
    (job,) = lease.jobs
    return job.places


def test_the_lease_of_a_retry_names_the_places_of_what_failed(farm: Farm) -> None:
    _, worker = tried(farm)

    assert places(farm.claim_one(worker)) == (Place(file=SPEC, line=7),)


def test_the_total_stays_what_it_was_and_what_passed_still_counts(farm: Farm) -> None:
    job_id, worker = tried(farm)
    lease = farm.claim_one(worker)
    again = case_ended(job_id, 2, a_case("second", line=7))
    farm.report(lease.token, started(job_id, 2), again, ended(job_id, 2), lease_ended())
    job = farm.job(job_id)

    assert job.verdict is Verdict.FLAKY
    assert isinstance(job.result, dict)
    assert job.result["cases"] == {"total": 3, "passed": 2, "failed": 0, "flaky": 1, "skipped": 0, "not_run": 0}


def test_a_lease_whose_answer_was_lost_names_the_same_places(farm: Farm) -> None:
    _, worker = tried(farm)
    first = farm.claim_one(worker)

    assert places(farm.claim_one(worker)) == places(first) == (Place(file=SPEC, line=7),)


def test_cases_that_build_upon_one_another_all_run_again(farm: Farm) -> None:
    _, worker = tried(farm, reset=ResetMode.KEEP)

    assert places(farm.claim_one(worker)) == ()


@pytest.mark.parametrize("late", [False, True])
def test_after_an_agent_fell_silent_what_it_had_told_in_time_is_not_run_again(farm: Farm, late: bool) -> None:
    job_id, worker = tried(farm)
    lease = farm.claim_one(worker)
    farm.report(lease.token, started(job_id, 2))
    passed = case_ended(job_id, 2, a_case("second", line=7))
    if not late:
        farm.report(lease.token, passed)
    farm.clock.advance(76)
    farm.write(sweep.sweep)
    if late:
        farm.report(lease.token, passed)
    farm.clock.advance(10)

    assert places(farm.claim_one(worker)) == ((Place(file=SPEC, line=7),) if late else ())


def test_after_a_lost_first_attempt_nobody_knows_all_cases_so_all_run(farm: Farm) -> None:
    farm.stock("v1")
    (worker,) = farm.register("emulator-5554")
    (job_id,) = farm.submit(a_request())
    lease = farm.claim_one(worker)
    farm.report(lease.token, started(job_id), case_ended(job_id, 1, a_case("first", line=3)), lease_ended())
    farm.clock.advance(10)

    assert places(farm.claim_one(worker)) == ()


def test_a_device_that_is_lost_costs_only_the_cases_that_had_not_ended(farm: Farm) -> None:
    farm.stock("v1")
    (worker,) = farm.register("emulator-5554")
    (job_id,) = farm.submit(a_request())
    lease = farm.claim_one(worker)
    farm.report(
        lease.token,
        started(job_id),
        case_ended(job_id, 1, a_case("first", line=3)),
        case_ended(job_id, 1, a_case("second", CaseStatus.INTERRUPTED, line=7)),
        case_ended(job_id, 1, a_case("third", CaseStatus.NOT_RUN, line=12, session=False)),
        ended(job_id, 1, Verdict.INFRA_ERROR, Fault.INFRASTRUCTURE, loss=Loss.DEVICE),
        lease_ended(),
    )
    farm.clock.advance(10)

    assert places(farm.claim_one(worker)) == (Place(file=SPEC, line=7), Place(file=SPEC, line=12))
