"""What attempts cost: a job's own retries, its run's, and what infrastructure takes."""

from qgjob.core.lease import Lease
from qgjob.core.words import AgentId, Fault, JobId, JobStatus, Loss, Verdict, WorkerId
from qgjob.service import ask, sweep
from tests.service.farm import SPECS, Farm, a_request, ended, lease_ended, started


def lose(farm: Farm, lease: Lease, *, loss: Loss | None) -> None:
    """Lose the only job of a lease in mid-attempt."""
    (job,) = lease.jobs
    lost = ended(job.job_id, job.attempt, Verdict.INFRA_ERROR, Fault.INFRASTRUCTURE, loss=loss)
    farm.report(lease.token, started(job.job_id, job.attempt), lost, lease_ended())


def two_workers(farm: Farm) -> tuple[JobId, WorkerId, WorkerId]:
    farm.stock("v1")
    first, second = farm.register("emulator-5554", "emulator-5556")
    (job_id,) = farm.submit(a_request())
    return job_id, first, second


def test_a_job_that_takes_down_two_workers_stops_there_and_says_so(farm: Farm) -> None:
    job_id, first, second = two_workers(farm)
    lose(farm, farm.claim_one(first), loss=Loss.DEVICE)
    farm.clock.advance(5)
    lose(farm, farm.claim_one(second), loss=Loss.RUNNER)
    job = farm.job(job_id)

    assert (job.status, job.verdict) == (JobStatus.FAILED, Verdict.INFRA_ERROR)
    assert job.error_message == "it did not go well. It took down 2 workers while it ran, and is given to no other."
    losses = [each.attempt.loss for each in farm.read(lambda tx: ask.attempts(tx, job_id=job_id))]
    assert losses == [Loss.DEVICE, Loss.RUNNER]


def test_one_worker_that_keeps_going_down_is_not_the_jobs_doing(farm: Farm) -> None:
    job_id, first, _ = two_workers(farm)
    for _ in range(2):
        lose(farm, farm.claim_one(first), loss=Loss.DEVICE)
        farm.clock.advance(120)

    assert farm.job(job_id).status is JobStatus.PENDING


def test_a_job_that_silences_two_agents_stops_there(farm: Farm) -> None:
    farm.stock("v1")
    (job_id,) = farm.submit(a_request())
    for name in ("agent-1", "agent-2"):
        (worker,) = farm.register("emulator-5554", agent=AgentId(name))
        lease = farm.claim_one(worker, agent=AgentId(name))
        farm.report(lease.token, started(job_id, lease.jobs[0].attempt), agent=AgentId(name))
        farm.clock.advance(76)
        farm.write(sweep.sweep)
        farm.clock.advance(6)
        farm.write(sweep.sweep)

    assert farm.job(job_id).verdict is Verdict.INFRA_ERROR
    assert "It took down 2 workers while it ran" in (farm.job(job_id).error_message or "")


def test_trouble_of_a_whole_host_spends_nothing_of_its_jobs(farm: Farm) -> None:
    job_id, first, second = two_workers(farm)
    for _ in range(4):
        for worker in (first, second):
            farm.clock.advance(61)
            for lease in farm.claim(worker):
                lose(farm, lease, loss=Loss.HOST)
    job = farm.job(job_id)

    assert (job.status, job.attempt, job.infra_count, job.retry_count) == (JobStatus.PENDING, 8, 0, 0)


def test_a_run_has_no_more_retries_than_its_budget(farm: Farm) -> None:
    farm.stock("v1")
    (worker,) = farm.register("emulator-5554")
    submitted = farm.submit_run(*(a_request(path, max_retries=2) for path in SPECS[:3]), retry_budget=2)
    attempts = 0
    while leases := farm.claim(worker):
        attempts += sum(len(lease.jobs) for lease in leases)
        farm.run_through(leases[0], Verdict.FAILED, Fault.TEST)
    run = farm.read(lambda tx: ask.run(tx, run_id=submitted.run_id))

    assert (attempts, run.retries, run.retry_budget) == (5, 2, 2)
    assert run.verdicts == {Verdict.FAILED: 3}
    messages = [farm.job(job_id).error_message or "" for job_id in submitted.job_ids]
    assert sum("the retries that its run may have are spent" in message for message in messages) == 2


def test_a_run_without_retries_still_tries_again_what_infrastructure_lost(farm: Farm) -> None:
    farm.stock("v1")
    (worker,) = farm.register("emulator-5554")
    submitted = farm.submit_run(a_request(), retry_budget=0)
    lose(farm, farm.claim_one(worker), loss=None)
    farm.clock.advance(5)
    farm.run_through(farm.claim_one(worker))

    assert farm.job(submitted.job_ids[0]).verdict is Verdict.PASSED


def test_the_retries_of_a_run_are_counted_without_a_budget_as_well(farm: Farm) -> None:
    farm.stock("v1")
    (worker,) = farm.register("emulator-5554")
    submitted = farm.submit_run(a_request(max_retries=1))
    farm.run_through(farm.claim_one(worker), Verdict.FAILED, Fault.TEST)
    farm.run_through(farm.claim_one(worker))
    run = farm.read(lambda tx: ask.run(tx, run_id=submitted.run_id))

    assert (run.retries, run.retry_budget, run.verdicts) == (1, None, {Verdict.FLAKY: 1})
