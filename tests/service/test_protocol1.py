"""Workers of the first generation."""

from datetime import timedelta

import pytest

from qgjob.core.errors import Conflict, IllegalTransition, InvalidRequest, NotFound
from qgjob.core.job import Job
from qgjob.core.words import JobId, JobStatus, Target, Verdict, WorkerId, WorkerStatus
from qgjob.service import cancel, fleet, protocol1, sweep
from tests.service.farm import SPECS, Farm, a_request


def register(farm: Farm, name: str = "old") -> WorkerId:
    return farm.decide(
        lambda tx: fleet.register_worker(tx, name=name, targets=[Target.EMULATOR], metadata={"room": "4"})
    )


def beat(farm: Farm, worker: WorkerId) -> Job | None:
    return farm.decide(lambda tx: protocol1.heartbeat(tx, worker_id=worker)).next_job


def put(
    farm: Farm,
    job_id: JobId,
    status: str | None,
    worker: WorkerId | None = None,
    *,
    result: object = None,
    error: str | None = None,
) -> Job:
    return farm.write(
        lambda tx: protocol1.change_job(
            tx, job_id=job_id, status=status, worker_id=worker, result=result, error_message=error
        )
    )


def given(farm: Farm, *, max_retries: int | None = None) -> tuple[WorkerId, JobId]:
    """A worker that was just given its job."""
    worker = register(farm)
    farm.submit(a_request(bundle=None, max_retries=max_retries))
    job = beat(farm, worker)
    assert job is not None
    return worker, job.job_id


def test_it_is_known_as_it_describes_itself(farm: Farm) -> None:
    register(farm)
    (worker,) = farm.workers()

    assert (worker.name, worker.targets, worker.metadata) == ("old", frozenset({Target.EMULATOR}), {"room": "4"})
    assert (worker.agent_id, worker.status) == (None, WorkerStatus.IDLE)


def test_with_nothing_waiting_a_heartbeat_answers_nothing(farm: Farm) -> None:
    assert beat(farm, register(farm)) is None


def test_the_same_job_comes_back_until_it_is_put_to_another_status(farm: Farm) -> None:
    worker, job_id = given(farm)
    again = beat(farm, worker)

    assert again is not None
    assert (again.job_id, again.status, again.worker_id) == (job_id, JobStatus.QUEUED, worker)
    put(farm, job_id, "running", worker)
    assert beat(farm, worker) is None


def test_one_job_at_a_time(farm: Farm) -> None:
    worker, job_id = given(farm)
    farm.submit(a_request(SPECS[1], bundle=None))
    put(farm, job_id, "running", worker)

    assert beat(farm, worker) is None
    put(farm, job_id, "completed", worker)
    assert beat(farm, worker) is not None


def test_a_job_runs_and_completes_with_the_result_that_its_worker_gave(farm: Farm) -> None:
    worker, job_id = given(farm)
    running = put(farm, job_id, "running", worker)
    farm.clock.advance(30)
    done = put(farm, job_id, "completed", worker, result={"passed": 3})

    assert (running.status, running.started_at) == (JobStatus.RUNNING, farm.clock.now - timedelta(seconds=30))
    assert (done.status, done.verdict, done.result) == (JobStatus.COMPLETED, Verdict.PASSED, {"passed": 3})
    assert (done.completed_at, done.worker_id) == (farm.clock.now, worker)
    assert farm.workers()[0].status is WorkerStatus.IDLE


def test_a_failed_job_takes_part_in_retries(farm: Farm) -> None:
    worker, job_id = given(farm, max_retries=1)
    first = put(farm, job_id, "failed", worker, error="assertion")
    assert (first.status, first.retry_count, first.error_message) == (JobStatus.PENDING, 1, "assertion")
    beat(farm, worker)
    second = put(farm, job_id, "failed", worker, error="assertion again")

    assert (second.status, second.verdict, second.error_message) == (
        JobStatus.FAILED,
        Verdict.FAILED,
        "assertion again",
    )


def test_a_worker_can_cancel_its_job(farm: Farm) -> None:
    worker, job_id = given(farm)

    assert put(farm, job_id, "cancelled", worker).verdict is Verdict.CANCELLED


def test_a_worker_can_give_its_job_back(farm: Farm) -> None:
    worker, job_id = given(farm)
    job = put(farm, job_id, "pending", worker)

    assert (job.status, job.worker_id, job.retry_count) == (JobStatus.PENDING, None, 0)


@pytest.mark.parametrize("status", ["running", "completed", "failed", "cancelled"])
def test_nobody_reports_on_a_job_that_is_leased_to_nobody(farm: Farm, status: str) -> None:
    (job_id,) = farm.submit(a_request(bundle=None))
    with pytest.raises(Conflict, match="leased to no worker"):
        put(farm, job_id, status)

    assert farm.job(job_id).status is JobStatus.PENDING


def test_another_worker_does_not_report_on_it(farm: Farm) -> None:
    _, job_id = given(farm)
    with pytest.raises(Conflict, match="is leased to"):
        put(farm, job_id, "completed", register(farm, "another"))


def test_a_worker_need_not_name_itself_in_the_jobs_first_lease(farm: Farm) -> None:
    _, job_id = given(farm)

    assert put(farm, job_id, "completed").status is JobStatus.COMPLETED


def test_a_worker_must_name_itself_in_a_later_lease(farm: Farm) -> None:
    worker, job_id = given(farm)
    put(farm, job_id, "failed")
    beat(farm, worker)
    with pytest.raises(Conflict, match="unnamed"):
        put(farm, job_id, "completed")

    assert put(farm, job_id, "completed", worker).verdict is Verdict.FLAKY


def test_a_job_of_an_agent_is_not_for_protocol_1_to_change(farm: Farm) -> None:
    farm.stock("v1")
    (worker,) = farm.register("emulator-5554")
    (job_id,) = farm.submit(a_request())
    farm.claim_one(worker)
    with pytest.raises(Conflict):
        put(farm, job_id, "completed", worker)


def test_a_final_job_is_not_changed(farm: Farm) -> None:
    worker, job_id = given(farm)
    put(farm, job_id, "completed", worker)
    with pytest.raises(Conflict):
        put(farm, job_id, "failed", worker)


def test_a_running_job_does_not_go_back_to_pending(farm: Farm) -> None:
    worker, job_id = given(farm)
    put(farm, job_id, "running", worker)
    with pytest.raises(IllegalTransition):
        put(farm, job_id, "pending", worker)


def test_an_unknown_status_is_refused_with_the_legal_ones(farm: Farm) -> None:
    worker, job_id = given(farm)
    with pytest.raises(InvalidRequest, match="pending, queued, running, completed, failed, cancelled"):
        put(farm, job_id, "done", worker)


def test_a_note_is_kept_while_the_job_runs(farm: Farm) -> None:
    worker, job_id = given(farm)
    put(farm, job_id, "running", worker, result={"progress": 10})

    assert put(farm, job_id, None, worker, error="slow").error_message == "slow"
    assert farm.job(job_id).result == {"progress": 10}


def test_what_is_not_there_is_not_found(farm: Farm) -> None:
    with pytest.raises(NotFound, match="Worker not found"):
        beat(farm, WorkerId("worker-none"))
    with pytest.raises(NotFound, match="Job not found"):
        put(farm, JobId("none"), "running")


def test_heartbeats_renew_its_lease_of_five_minutes(farm: Farm) -> None:
    worker, job_id = given(farm)
    put(farm, job_id, "running", worker)
    farm.clock.advance(299)
    beat(farm, worker)
    farm.clock.advance(299)
    assert farm.write(sweep.sweep).leases_ended == 0
    farm.clock.advance(2)

    assert farm.write(sweep.sweep).leases_ended == 1
    assert (farm.job(job_id).status, farm.job(job_id).infra_count) == (JobStatus.PENDING, 1)


def test_a_job_cancelled_before_it_began_is_taken_from_it_and_the_next_one_given(farm: Farm) -> None:
    worker, job_id = given(farm)
    (following,) = farm.submit(a_request(SPECS[1], bundle=None))
    farm.write(lambda tx: cancel.cancel(tx, job_id=job_id))
    job = beat(farm, worker)

    assert farm.job(job_id).status is JobStatus.CANCELLED
    assert job is not None
    assert job.job_id == following


def test_it_takes_part_in_grouping(farm: Farm) -> None:
    worker, job_id = given(farm)
    put(farm, job_id, "completed", worker)
    farm.submit(a_request(SPECS[1], bundle=None, version="v2"))
    farm.clock.advance(1)
    (same_version,) = farm.submit(a_request(SPECS[2], bundle=None, version="v1"))
    job = beat(farm, worker)

    assert job is not None
    assert job.job_id == same_version


def test_an_agents_worker_is_given_nothing_by_a_heartbeat(farm: Farm) -> None:
    farm.stock("v1")
    (worker,) = farm.register("emulator-5554")
    farm.submit(a_request())

    assert beat(farm, worker) is None
