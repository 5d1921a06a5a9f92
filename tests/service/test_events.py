"""Single events of a lease: what each tells, and what the odd ones do."""

from qgjob.core.facts import FactKind
from qgjob.core.lease import CaseStarted, InstallFailed, InstallStarted, JobReturned
from qgjob.core.words import Fault, JobId, JobStatus, LeaseToken, Verdict
from qgjob.service import ask, sweep
from tests.service.farm import Farm, a_case, a_request, started


def leased(farm: Farm) -> tuple[JobId, LeaseToken]:
    farm.stock("v1")
    (worker,) = farm.register("emulator-5554")
    (job_id,) = farm.submit(a_request())
    return job_id, farm.claim_one(worker).token


def kinds(farm: Farm, job_id: JobId) -> list[FactKind]:
    """What those who follow the job's run were told last."""
    run_id = farm.job(job_id).run_id
    return [fact.fact.kind for fact in farm.read(lambda tx: ask.facts(tx, after=0, limit=100, run_id=run_id))]


def test_the_beginning_of_an_installation_and_of_a_case_is_told(farm: Farm) -> None:
    job_id, token = leased(farm)
    farm.report(
        token,
        lambda seq, at: InstallStarted(seq=seq, at=at),
        started(job_id),
        lambda seq, at: CaseStarted(seq=seq, at=at, job_id=job_id, attempt=1, case=a_case().case),
    )

    assert kinds(farm, job_id)[-3:] == [
        FactKind.INSTALL_STARTED,
        FactKind.ATTEMPT_STARTED,
        FactKind.CASE_STARTED,
    ]


def test_an_attempt_that_begins_twice_began_once(farm: Farm) -> None:
    job_id, token = leased(farm)
    farm.report(token, started(job_id))
    began_at = farm.job(job_id).started_at
    farm.clock.advance(5)
    farm.report(token, started(job_id))

    assert farm.job(job_id).started_at == began_at


def test_a_job_given_back_after_it_began_was_lost_to_infrastructure(farm: Farm) -> None:
    job_id, token = leased(farm)
    farm.report(
        token,
        started(job_id),
        lambda seq, at: JobReturned(seq=seq, at=at, job_id=job_id, reason="the agent is stopping"),
    )
    (detail,) = farm.read(lambda tx: ask.attempts(tx, job_id=job_id))

    assert (farm.job(job_id).status, farm.job(job_id).infra_count) == (JobStatus.PENDING, 1)
    assert (detail.attempt.verdict, detail.attempt.message) == (Verdict.INFRA_ERROR, "the agent is stopping")


def test_a_failed_installation_leaves_the_worker_holding_nothing_for_sure(farm: Farm) -> None:
    job_id, token = leased(farm)
    farm.report(
        token, lambda seq, at: InstallFailed(seq=seq, at=at, seconds=3, message="no room", fault=Fault.INFRASTRUCTURE)
    )

    assert farm.workers()[0].installed is None
    assert kinds(farm, job_id)[-1] is FactKind.INSTALL_FAILED


def test_a_late_beginning_and_a_late_failed_installation_are_kept(farm: Farm) -> None:
    job_id, token = leased(farm)
    farm.clock.advance(76)
    farm.write(sweep.sweep)
    farm.report(
        token,
        lambda seq, at: InstallFailed(seq=seq, at=at, seconds=3, message="no room", fault=Fault.INFRASTRUCTURE),
        started(job_id),
    )
    (detail,) = farm.read(lambda tx: ask.attempts(tx, job_id=job_id))

    assert (detail.attempt.late, detail.attempt.verdict) == (True, None)
    assert farm.read(ask.stats).ledger.install_seconds == 3
    assert farm.job(job_id).status is JobStatus.PENDING
