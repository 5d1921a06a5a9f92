"""Reports that come when their lease is over: evidence, never a verdict."""

from qgjob.core.words import CaseStatus, Fault, JobId, JobStatus, LeaseToken, Verdict
from qgjob.service import ask, sweep
from tests.service.farm import Farm, a_case, a_request, case_ended, ended, installed, lease_ended, started


def lost(farm: Farm) -> tuple[JobId, LeaseToken]:
    """A job whose lease expired while it ran."""
    farm.stock("v1")
    (worker,) = farm.register("emulator-5554")
    (job_id,) = farm.submit(a_request())
    token = farm.claim_one(worker).token
    farm.report(token, installed(), started(job_id))
    farm.clock.advance(76)
    farm.write(sweep.sweep)
    return job_id, token


def test_a_late_report_changes_no_verdict(farm: Farm) -> None:
    job_id, token = lost(farm)
    outcome = farm.report(token, case_ended(job_id, 1, a_case()), ended(job_id))
    job = farm.job(job_id)

    assert not outcome.in_force
    assert (job.status, job.verdict, job.infra_count) == (JobStatus.PENDING, None, 1)


def test_a_late_report_is_kept_as_evidence(farm: Farm) -> None:
    job_id, token = lost(farm)
    farm.report(token, case_ended(job_id, 1, a_case()), ended(job_id))
    (detail,) = farm.read(lambda tx: ask.attempts(tx, job_id=job_id))

    assert (detail.attempt.late, detail.attempt.verdict, detail.attempt.sessions) == (True, Verdict.INFRA_ERROR, 1)
    assert [case.status for case in detail.cases] == [CaseStatus.PASSED]


def test_what_devices_did_late_is_in_the_ledger(farm: Farm) -> None:
    job_id, token = lost(farm)
    farm.report(token, installed(), case_ended(job_id, 1, a_case()), ended(job_id), lease_ended())
    ledger = farm.read(ask.stats).ledger

    assert (ledger.installs, ledger.installs_stock, ledger.sessions) == (2, 1, 1)


def test_a_late_failure_does_not_make_a_later_pass_flaky(farm: Farm) -> None:
    job_id, old = lost(farm)
    (worker,) = [worker.worker_id for worker in farm.workers()]
    farm.clock.advance(60)
    new = farm.claim_one(worker).token
    farm.report(old, case_ended(job_id, 1, a_case(status=CaseStatus.FAILED)))
    farm.report(old, ended(job_id, 1, Verdict.FAILED, Fault.TEST))
    farm.report(new, started(job_id, 2), case_ended(job_id, 2, a_case()), ended(job_id, 2), lease_ended())
    job = farm.job(job_id)

    assert (job.status, job.verdict) == (JobStatus.COMPLETED, Verdict.PASSED)
    assert isinstance(job.result, dict)
    assert job.result["cases"]["passed"] == 1


def test_a_late_report_does_not_reopen_a_final_job(farm: Farm) -> None:
    job_id, old = lost(farm)
    (worker,) = [worker.worker_id for worker in farm.workers()]
    farm.clock.advance(60)
    farm.run_through(farm.claim_one(worker))
    final = farm.job(job_id)
    farm.report(old, ended(job_id, 1, Verdict.FAILED, Fault.TEST))

    assert farm.job(job_id) == final


def test_a_second_verdict_for_the_same_attempt_is_late_too(farm: Farm) -> None:
    farm.stock("v1")
    (worker,) = farm.register("emulator-5554")
    (job_id,) = farm.submit(a_request())
    token = farm.claim_one(worker).token
    farm.report(token, started(job_id), ended(job_id))
    outcome = farm.report(token, ended(job_id, 1, Verdict.FAILED, Fault.TEST))

    assert outcome.in_force
    assert farm.job(job_id).verdict is Verdict.PASSED
