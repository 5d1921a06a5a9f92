"""Jobs that wait too long, run too long, or are not stopped by whoever should stop them."""

from functools import partial

import pytest

from qgjob.core.errors import Conflict
from qgjob.core.words import Fault, JobId, JobStatus, Target, Verdict, WorkerId
from qgjob.service import cancel, fleet, limits, protocol1, sweep
from qgjob.service.attend import attend
from qgjob.service.limits import TimedOut
from tests.service.farm import Farm, a_request, ended, lease_ended, started


def swept(farm: Farm, *, after_s: float) -> None:
    farm.clock.advance(after_s)
    farm.write(sweep.sweep)
    farm.write(limits.keep_limits)


def renewed(farm: Farm, token: int, *, seconds: int) -> None:
    """The agent renews all the time, and sweeps come and go."""
    for _ in range(0, seconds, 20):
        swept(farm, after_s=20)
        farm.renew(token)  # type: ignore[arg-type]  # a token as it was given


def old_worker(farm: Farm, **fields: object) -> tuple[WorkerId, JobId]:
    """A worker of protocol 1 that was just given its job."""
    worker = farm.decide(partial(fleet.register_worker, name="old", targets=[Target.EMULATOR], metadata={}))
    farm.submit(a_request(bundle=None, **fields))  # type: ignore[arg-type]  # fields of a request, by their names
    job = farm.decide(partial(protocol1.heartbeat, worker_id=worker)).next_job
    assert job is not None
    return worker, job.job_id


def put(farm: Farm, worker: WorkerId, job_id: JobId, status: str) -> None:
    farm.write(partial(protocol1.change_job, job_id=job_id, worker_id=worker, status=status))


def test_a_job_that_no_worker_takes_in_time_is_cancelled_and_says_so(farm: Farm) -> None:
    farm.stock("v1")
    (job_id,) = farm.submit(a_request(queue_timeout_s=60))
    swept(farm, after_s=59)
    assert farm.job(job_id).status is JobStatus.PENDING
    swept(farm, after_s=1)
    job = farm.job(job_id)

    assert (job.status, job.verdict) == (JobStatus.CANCELLED, Verdict.CANCELLED)
    assert job.error_message == "No worker took it within 60 s, which is as long as it may wait."


def test_a_job_without_a_limit_waits_as_long_as_it_takes(farm: Farm) -> None:
    farm.stock("v1")
    (job_id,) = farm.submit(a_request())
    swept(farm, after_s=30 * 86400)

    assert farm.job(job_id).status is JobStatus.PENDING


def test_a_job_that_is_tried_again_may_wait_as_long_once_more(farm: Farm) -> None:
    farm.stock("v1")
    (worker,) = farm.register("emulator-5554")
    (job_id,) = farm.submit(a_request(queue_timeout_s=100))
    farm.clock.advance(90)
    token = farm.claim_one(worker).token
    farm.report(token, started(job_id))
    renewed(farm, token, seconds=120)
    farm.report(token, ended(job_id, 1, Verdict.FAILED, Fault.TEST), lease_ended())
    swept(farm, after_s=99)
    assert farm.job(job_id).status is JobStatus.PENDING
    swept(farm, after_s=2)

    assert farm.job(job_id).status is JobStatus.CANCELLED


def test_a_job_in_a_lease_is_not_given_up(farm: Farm) -> None:
    farm.stock("v1")
    (worker,) = farm.register("emulator-5554")
    (job_id,) = farm.submit(a_request(queue_timeout_s=30))
    token = farm.claim_one(worker).token
    renewed(farm, token, seconds=200)
    farm.report(token, started(job_id), ended(job_id), lease_ended())

    assert farm.job(job_id).verdict is Verdict.PASSED


def test_a_worker_of_protocol_1_has_as_long_as_the_job_may_run(farm: Farm) -> None:
    worker, job_id = old_worker(farm, timeout_s=30, max_retries=0)
    put(farm, worker, job_id, "running")
    swept(farm, after_s=29)
    assert farm.job(job_id).status is JobStatus.RUNNING
    swept(farm, after_s=1)
    job = farm.job(job_id)

    assert (job.verdict, job.error_message) == (
        Verdict.TIMED_OUT,
        "It was still running after its own limit of 30 s.",
    )
    with pytest.raises(Conflict, match="leased to no worker"):
        put(farm, worker, job_id, "completed")


def test_an_agent_ends_what_runs_too_long_itself_and_loses_the_lease_when_it_does_not(farm: Farm) -> None:
    farm.stock("v1")
    (worker,) = farm.register("emulator-5554")
    (job_id,) = farm.submit(a_request(timeout_s=30, max_retries=0))
    token = farm.claim_one(worker).token
    farm.report(token, started(job_id))
    renewed(farm, token, seconds=140)
    assert farm.job(job_id).status is JobStatus.RUNNING
    renewed(farm, token, seconds=20)

    assert farm.job(job_id).verdict is Verdict.TIMED_OUT
    assert farm.renew(token) == (False,)


def test_an_agent_that_does_not_stop_a_cancelled_job_loses_its_lease(farm: Farm) -> None:
    farm.stock("v1")
    (worker,) = farm.register("emulator-5554")
    (job_id,) = farm.submit(a_request())
    token = farm.claim_one(worker).token
    farm.report(token, started(job_id))
    farm.write(partial(cancel.cancel, job_id=job_id))
    renewed(farm, token, seconds=100)
    assert farm.job(job_id).status is JobStatus.RUNNING
    renewed(farm, token, seconds=40)

    assert farm.job(job_id).verdict is Verdict.CANCELLED
    assert farm.workers()[0].current_jobs == ()


def test_a_worker_of_protocol_1_hears_in_its_heartbeat_what_to_stop(farm: Farm) -> None:
    worker, job_id = old_worker(farm)
    put(farm, worker, job_id, "running")
    farm.write(partial(cancel.cancel, job_id=job_id))
    beat = farm.decide(partial(protocol1.heartbeat, worker_id=worker))
    assert (beat.next_job, beat.cancel) == (None, (job_id,))
    put(farm, worker, job_id, "failed")

    assert farm.job(job_id).verdict is Verdict.CANCELLED


def test_one_that_does_not_stop_loses_its_lease_however_often_it_beats(farm: Farm) -> None:
    worker, job_id = old_worker(farm)
    put(farm, worker, job_id, "running")
    farm.write(partial(cancel.cancel, job_id=job_id))
    for _ in range(31):
        swept(farm, after_s=10)
        farm.decide(partial(protocol1.heartbeat, worker_id=worker))

    assert farm.job(job_id).verdict is Verdict.CANCELLED


def test_a_job_cancelled_before_its_protocol_1_worker_began_is_over_and_the_worker_free(farm: Farm) -> None:
    worker, job_id = old_worker(farm)
    farm.write(partial(cancel.cancel, job_id=job_id))
    (next_id,) = farm.submit(a_request(bundle=None))

    assert farm.job(job_id).status is JobStatus.CANCELLED
    with pytest.raises(Conflict, match="cancelled and leased to no worker"):
        put(farm, worker, job_id, "running")
    job = farm.decide(partial(protocol1.heartbeat, worker_id=worker)).next_job
    assert job is not None
    assert job.job_id == next_id


def test_soon_after_a_time_without_servers_nothing_is_given_up(farm: Farm) -> None:
    farm.stock("v1")
    (job_id,) = farm.submit(a_request(queue_timeout_s=60))
    farm.write(attend)
    farm.clock.advance(3600)
    given_up = 0
    for _ in range(12):
        attended = farm.write(attend)
        given_up += 0 if attended is None else attended.timed_out.waits
        farm.clock.advance(10)
    assert given_up == 0
    attended = farm.write(attend)

    assert attended is not None
    assert attended.timed_out == TimedOut(waits=1, leases=0)
    assert farm.job(job_id).status is JobStatus.CANCELLED
