"""A worker that keeps losing its leases is kept from work, and comes back by itself."""

from datetime import timedelta

import pytest

from qgjob.core.facts import FactKind
from qgjob.core.words import Fault, JobId, Loss, Verdict, WorkerId, WorkerStatus
from qgjob.core.worker import Worker
from qgjob.service import ask, drain, sweep
from tests.service.farm import SPECS, Farm, a_request, ended, lease_ended, started


def prepared(farm: Farm) -> WorkerId:
    farm.stock("v1")
    (worker,) = farm.register("emulator-5554")
    farm.submit(*(a_request(path) for path in SPECS))
    return worker


def lose(farm: Farm, worker: WorkerId, *, loss: Loss | None = Loss.DEVICE) -> JobId:
    """One lease whose first job is lost to infrastructure."""
    lease = farm.claim_one(worker)
    job = lease.jobs[0]
    lost = ended(job.job_id, job.attempt, Verdict.INFRA_ERROR, Fault.INFRASTRUCTURE, loss=loss)
    farm.report(lease.token, started(job.job_id, job.attempt), lost, lease_ended())
    return job.job_id


def the_worker(farm: Farm) -> Worker:
    (worker,) = farm.workers()
    return worker


def facts(farm: Farm, kind: FactKind) -> list[dict[str, object]]:
    recorded = farm.read(lambda tx: ask.facts(tx, after=0, limit=1000))
    return [dict(each.fact.data) for each in recorded if each.fact.kind is kind]


def quarantined(farm: Farm) -> WorkerId:
    worker = prepared(farm)
    for _ in range(3):
        lose(farm, worker)
    return worker


def test_three_leases_lost_in_a_row_put_a_worker_into_quarantine(farm: Farm) -> None:
    worker = prepared(farm)
    lose(farm, worker)
    lose(farm, worker)
    assert the_worker(farm).status is WorkerStatus.IDLE
    lose(farm, worker)

    assert farm.claim(worker) == ()
    shown = the_worker(farm)
    assert shown.status is WorkerStatus.QUARANTINED
    assert shown.conduct.until_at == farm.clock.now + timedelta(minutes=5)
    assert shown.conduct.reason == "3 leases in a row were lost to infrastructure. The last time: it did not go well"
    (fact,) = facts(farm, FactKind.WORKER_QUARANTINED)
    assert (fact["faults_in_a_row"], fact["reason"]) == (3, shown.conduct.reason)


def test_after_it_a_worker_gets_one_job_and_is_cleared_when_that_has_run(farm: Farm) -> None:
    worker = quarantined(farm)
    farm.clock.advance(299)
    assert farm.claim(worker) == ()
    farm.clock.advance(1)
    probe = farm.claim_one(worker)
    farm.run_through(probe)

    assert len(probe.jobs) == 1
    assert the_worker(farm).conduct.faults_in_a_row == 0
    assert facts(farm, FactKind.WORKER_CLEARED) == [{"because": "a test came to its end on it"}]


def test_a_probe_that_is_lost_as_well_doubles_the_time(farm: Farm) -> None:
    worker = quarantined(farm)
    farm.clock.advance(300)
    lose(farm, worker)

    assert the_worker(farm).conduct.until_at == farm.clock.now + timedelta(minutes=10)
    farm.clock.advance(599)
    assert farm.claim(worker) == ()


def test_a_test_that_fails_clears_a_worker_as_well_as_one_that_passes(farm: Farm) -> None:
    worker = prepared(farm)
    lose(farm, worker)
    lose(farm, worker)
    farm.run_through(farm.claim_one(worker), Verdict.FAILED, Fault.TEST)

    assert the_worker(farm).conduct.faults_in_a_row == 0


def test_a_worker_whose_agent_keeps_falling_silent_goes_the_same_way(farm: Farm) -> None:
    worker = prepared(farm)
    for _ in range(3):
        lease = farm.claim_one(worker)
        farm.report(lease.token, started(lease.jobs[0].job_id, lease.jobs[0].attempt))
        farm.clock.advance(76)
        farm.write(sweep.sweep)

    assert farm.claim(worker) == ()
    assert (the_worker(farm).conduct.reason or "").startswith("3 leases in a row were lost to infrastructure.")


@pytest.mark.parametrize(("fault", "loss"), [(Fault.INFRASTRUCTURE, Loss.HOST), (Fault.US, None), (Fault.APP, None)])
def test_what_is_not_its_doing_is_not_held_against_a_worker(farm: Farm, fault: Fault, loss: Loss | None) -> None:
    worker = prepared(farm)
    for _ in range(4):
        lease = farm.claim_one(worker)
        job = lease.jobs[0]
        verdict = Verdict.APP_ERROR if fault is Fault.APP else Verdict.INFRA_ERROR
        farm.report(lease.token, ended(job.job_id, job.attempt, verdict, fault, loss=loss), lease_ended())

    assert the_worker(farm).conduct.faults_in_a_row == 0


def test_a_worker_in_quarantine_is_not_waited_for(farm: Farm) -> None:
    farm.stock("v1")
    bad, good = farm.register("emulator-5554", "emulator-5556")
    farm.submit(*(a_request(path) for path in SPECS[:3]))
    for _ in range(3):
        lose(farm, bad)
    farm.submit(a_request(SPECS[4], max_retries=1))
    farm.clock.advance(20)
    lease = farm.claim_one(good)
    failed = [ended(job.job_id, job.attempt, Verdict.FAILED, Fault.TEST) for job in lease.jobs]
    farm.report(lease.token, *failed, lease_ended())

    assert farm.claim(good) != ()


def test_a_person_can_end_a_quarantine(farm: Farm) -> None:
    worker = quarantined(farm)
    shown = farm.decide(lambda tx: drain.resume(tx, worker_id=worker))

    assert (shown.status, shown.conduct.faults_in_a_row) == (WorkerStatus.IDLE, 0)
    assert len(farm.claim(worker)) == 1
    assert facts(farm, FactKind.WORKER_CLEARED) == [{"because": "a person said so"}]
