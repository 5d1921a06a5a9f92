"""Cancelling a job."""

import pytest

from qgjob.core.errors import IllegalTransition, NotFound
from qgjob.core.job import Job
from qgjob.core.lease import JobReturned
from qgjob.core.words import Fault, JobId, JobStatus, RunId, Verdict, WorkerStatus
from qgjob.service import ask, cancel
from tests.service.farm import SPECS, Farm, a_case, a_request, case_ended, ended, lease_ended, started


def test_a_waiting_job_is_cancelled_at_once(farm: Farm) -> None:
    farm.stock("v1")
    (worker,) = farm.register("emulator-5554")
    (job_id,) = farm.submit(a_request())
    job = farm.write(lambda tx: cancel.cancel(tx, job_id=job_id))

    assert (job.status, job.verdict, job.completed_at) == (JobStatus.CANCELLED, Verdict.CANCELLED, farm.clock.now)
    assert farm.claim(worker) == ()


def test_a_resting_job_is_cancelled_at_once(farm: Farm) -> None:
    farm.stock("v1")
    (worker,) = farm.register("emulator-5554")
    (job_id,) = farm.submit(a_request())
    farm.run_through(farm.claim_one(worker), Verdict.INFRA_ERROR, Fault.INFRASTRUCTURE)
    farm.write(lambda tx: cancel.cancel(tx, job_id=job_id))
    farm.clock.advance(60)

    assert farm.claim(worker) == ()
    assert farm.job(job_id).status is JobStatus.CANCELLED


def test_cancelling_twice_is_cancelling_once(farm: Farm) -> None:
    farm.stock("v1")
    (job_id,) = farm.submit(a_request())
    first = farm.write(lambda tx: cancel.cancel(tx, job_id=job_id))
    farm.clock.advance(1)

    assert farm.write(lambda tx: cancel.cancel(tx, job_id=job_id)) == first


def test_a_job_that_passed_cannot_be_cancelled(farm: Farm) -> None:
    farm.stock("v1")
    (worker,) = farm.register("emulator-5554")
    (job_id,) = farm.submit(a_request())
    farm.run_through(farm.claim_one(worker))
    with pytest.raises(IllegalTransition, match="completed already"):
        farm.write(lambda tx: cancel.cancel(tx, job_id=job_id))


def test_a_job_that_passes_before_it_can_be_stopped_has_passed(farm: Farm) -> None:
    farm.stock("v1")
    (worker,) = farm.register("emulator-5554")
    (job_id,) = farm.submit(a_request())
    token = farm.claim_one(worker).token
    farm.report(token, started(job_id))
    farm.write(lambda tx: cancel.cancel(tx, job_id=job_id))
    farm.report(token, ended(job_id))

    assert farm.job(job_id).verdict is Verdict.PASSED


def test_a_cancelled_job_that_fails_is_not_tried_again(farm: Farm) -> None:
    farm.stock("v1")
    (worker,) = farm.register("emulator-5554")
    (job_id,) = farm.submit(a_request())
    token = farm.claim_one(worker).token
    farm.report(token, started(job_id))
    farm.write(lambda tx: cancel.cancel(tx, job_id=job_id))
    farm.report(token, ended(job_id, 1, Verdict.FAILED, Fault.TEST))

    assert farm.job(job_id).verdict is Verdict.CANCELLED


def test_an_unknown_job_is_not_found(farm: Farm) -> None:
    with pytest.raises(NotFound, match="Job not found"):
        farm.write(lambda tx: cancel.cancel(tx, job_id=JobId("none")))


def test_a_cancelled_job_is_counted_as_such(farm: Farm) -> None:
    farm.stock("v1")
    (job_id,) = farm.submit(a_request())
    farm.write(lambda tx: cancel.cancel(tx, job_id=job_id))

    assert farm.read(ask.stats).jobs[JobStatus.CANCELLED] == 1
    assert farm.read(ask.stats).jobs[JobStatus.PENDING] == 0


def cancelled(farm: Farm, job_id: JobId) -> Job:
    return farm.write(lambda tx: cancel.cancel(tx, job_id=job_id))


def test_a_leased_job_that_has_not_begun_is_cancelled_at_once_and_its_agent_told(farm: Farm) -> None:
    farm.stock("v1")
    (worker,) = farm.register("emulator-5554")
    farm.submit(*(a_request(path) for path in SPECS[:2]))
    for _ in range(2):
        farm.run_through(farm.claim_one(worker))  # known to be so short now that two of them fit into a lease
    first, second = farm.submit(*(a_request(path) for path in SPECS[:2]))
    lease = farm.claim_one(worker)
    assert [job.job_id for job in lease.jobs] == [first, second]
    farm.report(lease.token, started(first))
    job = cancelled(farm, second)

    assert (job.status, job.verdict, job.lease) == (JobStatus.CANCELLED, Verdict.CANCELLED, None)
    assert farm.report(lease.token, ended(first)).cancel == (second,)
    assert farm.job(first).verdict is Verdict.PASSED


def test_an_agent_that_begins_a_job_which_was_cancelled_is_told_to_stop_it(farm: Farm) -> None:
    farm.stock("v1")
    (worker,) = farm.register("emulator-5554")
    (job_id,) = farm.submit(a_request())
    token = farm.claim_one(worker).token
    cancelled(farm, job_id)
    assert farm.report(token, started(job_id)).cancel == (job_id,)


def test_what_an_agent_begins_although_it_was_cancelled_is_evidence_and_nothing_else(farm: Farm) -> None:
    farm.stock("v1")
    (worker,) = farm.register("emulator-5554")
    (job_id,) = farm.submit(a_request())
    token = farm.claim_one(worker).token
    cancelled(farm, job_id)
    outcome = farm.report(token, started(job_id), case_ended(job_id, 1, a_case()), ended(job_id), lease_ended())
    (detail,) = farm.read(lambda tx: ask.attempts(tx, job_id=job_id))

    assert farm.job(job_id).verdict is Verdict.CANCELLED
    assert (outcome.in_force, detail.attempt.late, len(detail.cases)) == (False, True, 1)
    assert farm.workers()[0].status is WorkerStatus.IDLE


def test_an_agent_that_gives_a_cancelled_job_back_leaves_nothing_behind(farm: Farm) -> None:
    farm.stock("v1")
    (worker,) = farm.register("emulator-5554")
    (job_id,) = farm.submit(a_request())
    token = farm.claim_one(worker).token
    cancelled(farm, job_id)
    farm.report(token, lambda seq, at: JobReturned(seq=seq, at=at, job_id=job_id, reason="cancelled"), lease_ended())

    assert farm.job(job_id).status is JobStatus.CANCELLED
    assert farm.read(lambda tx: ask.attempts(tx, job_id=job_id)) == ()


def test_a_lease_all_of_whose_jobs_were_cancelled_is_not_offered_again_with_them(farm: Farm) -> None:
    farm.stock("v1")
    (worker,) = farm.register("emulator-5554")
    (job_id,) = farm.submit(a_request())
    token = farm.claim_one(worker).token
    cancelled(farm, job_id)
    (again,) = farm.claim(worker)

    assert (again.token, again.jobs) == (token, ())


def test_a_whole_run_is_cancelled_at_every_stage_at_once(farm: Farm) -> None:
    farm.stock("v1")
    workers = farm.register("emulator-5554", "emulator-5556", "emulator-5558")
    submitted = farm.submit_run(*(a_request(path, max_retries=1) for path in SPECS[:6]))
    passed, running, leased = (farm.claim_one(worker) for worker in workers)
    farm.run_through(passed)
    farm.report(running.token, started(running.jobs[0].job_id))
    resting = farm.claim_one(workers[0])
    farm.run_through(resting, Verdict.INFRA_ERROR, Fault.INFRASTRUCTURE)
    run = farm.write(lambda tx: cancel.cancel_run(tx, run_id=submitted.run_id))

    assert run.statuses == {JobStatus.CANCELLED: 4, JobStatus.COMPLETED: 1, JobStatus.RUNNING: 1}
    assert farm.job(leased.jobs[0].job_id).status is JobStatus.CANCELLED
    assert farm.job(running.jobs[0].job_id).cancel_requested
    farm.report(running.token, ended(running.jobs[0].job_id, 1, Verdict.CANCELLED), lease_ended())
    assert farm.write(lambda tx: cancel.cancel_run(tx, run_id=submitted.run_id)).status is JobStatus.COMPLETED


def test_a_run_of_ten_thousand_jobs_is_cancelled_in_one_transaction(farm: Farm) -> None:
    farm.stock("v1")
    submitted = farm.submit_run(*(a_request(SPECS[number % 10]) for number in range(10_000)))
    run = farm.write(lambda tx: cancel.cancel_run(tx, run_id=submitted.run_id))

    assert run.statuses == {JobStatus.CANCELLED: 10_000}
    job = farm.job(submitted.job_ids[-1])
    assert isinstance(job.result, dict)
    assert (job.verdict, job.result["verdict"], job.result["attempts"]) == (Verdict.CANCELLED, "cancelled", 0)


def test_an_unknown_run_is_not_found(farm: Farm) -> None:
    with pytest.raises(NotFound, match="There is no run none"):
        farm.write(lambda tx: cancel.cancel_run(tx, run_id=RunId("none")))
