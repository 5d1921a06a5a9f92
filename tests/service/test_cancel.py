"""Cancelling a job."""

import pytest

from qgjob.core.errors import IllegalTransition, NotFound
from qgjob.core.words import Fault, JobId, JobStatus, Verdict
from qgjob.service import ask, cancel
from tests.service.farm import Farm, a_request, ended, started


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
