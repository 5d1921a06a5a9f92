"""What agents report, and what becomes of it."""

from datetime import datetime, timedelta

import pytest

from qgjob.core.attempt import CaseCounts
from qgjob.core.errors import InvalidRequest, NotFound
from qgjob.core.lease import AttemptStarted, InstallFailed, JobReturned, LeaseEvent
from qgjob.core.words import (
    AgentId,
    CaseStatus,
    Fault,
    JobId,
    JobStatus,
    LeaseToken,
    Proof,
    Verdict,
    WorkerStatus,
)
from qgjob.service import ask, cancel, progress
from tests.service.farm import (
    AGENT,
    SPECS,
    Farm,
    a_case,
    a_request,
    case_ended,
    ended,
    installed,
    lease_ended,
    started,
)
from tests.store.clocks import NOON


def leased(farm: Farm, *, max_retries: int | None = None) -> tuple[JobId, LeaseToken]:
    """One job, leased to the only worker."""
    farm.stock("v1")
    (worker,) = farm.register("emulator-5554")
    (job_id,) = farm.submit(a_request(max_retries=max_retries))
    return job_id, farm.claim_one(worker).token


def test_a_job_that_passed_is_completed_with_a_result(farm: Farm) -> None:
    job_id, token = leased(farm)
    farm.report(token, installed(), started(job_id))
    assert farm.job(job_id).status is JobStatus.RUNNING
    farm.clock.advance(7)
    farm.report(token, case_ended(job_id, 1, a_case()), ended(job_id), lease_ended())
    job = farm.job(job_id)

    assert (job.status, job.verdict, job.lease) == (JobStatus.COMPLETED, Verdict.PASSED, None)
    assert job.completed_at == farm.clock.now
    assert job.completed_at - (job.started_at or farm.clock.now) == timedelta(seconds=7)
    assert job.result == {
        "verdict": "passed",
        "fault": None,
        "message": None,
        "cases": {"total": 1, "passed": 1, "failed": 0, "flaky": 0, "skipped": 0, "not_run": 0},
        "attempts": 1,
        "proof": "content_hash",
    }


def test_a_pass_on_a_retry_is_flaky_and_so_is_its_case(farm: Farm) -> None:
    job_id, first = leased(farm)
    (worker,) = [worker.worker_id for worker in farm.workers()]
    failing = a_case(status=CaseStatus.FAILED)
    farm.report(first, started(job_id), case_ended(job_id, 1, failing), ended(job_id, 1, Verdict.FAILED, Fault.TEST))
    between = farm.job(job_id)
    farm.report(first, lease_ended())
    second = farm.claim_one(worker).token
    farm.report(second, started(job_id, 2), case_ended(job_id, 2, a_case()), ended(job_id, 2), lease_ended())
    job = farm.job(job_id)

    assert (between.status, between.retry_count, between.error_message) == (
        JobStatus.PENDING,
        1,
        "it did not go well",
    )
    assert (job.status, job.verdict, job.error_message) == (JobStatus.COMPLETED, Verdict.FLAKY, None)
    assert isinstance(job.result, dict)
    assert job.result["cases"] == {"total": 1, "passed": 0, "failed": 0, "flaky": 1, "skipped": 0, "not_run": 0}
    assert [detail.attempt.verdict for detail in farm.read(lambda tx: ask.attempts(tx, job_id=job_id))] == [
        Verdict.FAILED,
        Verdict.PASSED,
    ]


def test_a_job_that_keeps_failing_fails_when_its_retries_are_spent(farm: Farm) -> None:
    job_id, token = leased(farm, max_retries=1)
    (worker,) = [worker.worker_id for worker in farm.workers()]
    farm.report(token, started(job_id), ended(job_id, 1, Verdict.FAILED, Fault.TEST), lease_ended())
    token = farm.claim_one(worker).token
    farm.report(token, started(job_id, 2), ended(job_id, 2, Verdict.TIMED_OUT, Fault.TEST), lease_ended())
    job = farm.job(job_id)

    assert (job.status, job.verdict, job.retry_count) == (JobStatus.FAILED, Verdict.TIMED_OUT, 1)
    assert job.error_message == "it did not go well"


def test_the_projects_own_retries_count_where_the_job_says_nothing(farm: Farm) -> None:
    job_id, token = leased(farm)
    failed = ended(job_id, 1, Verdict.FAILED, Fault.TEST, project_retries=0)
    farm.report(token, started(job_id), failed)

    assert (farm.job(job_id).status, farm.job(job_id).max_retries) == (JobStatus.FAILED, 0)


def test_the_jobs_own_retries_beat_the_projects(farm: Farm) -> None:
    job_id, token = leased(farm, max_retries=1)
    farm.report(token, started(job_id), ended(job_id, 1, Verdict.FAILED, Fault.TEST, project_retries=0))

    assert (farm.job(job_id).status, farm.job(job_id).max_retries) == (JobStatus.PENDING, 1)


def test_a_job_lost_to_infrastructure_rests_and_keeps_its_retries(farm: Farm) -> None:
    job_id, token = leased(farm)
    (worker,) = [worker.worker_id for worker in farm.workers()]
    farm.report(token, started(job_id), ended(job_id, 1, Verdict.INFRA_ERROR, Fault.INFRASTRUCTURE), lease_ended())
    job = farm.job(job_id)

    assert (job.status, job.retry_count, job.infra_count) == (JobStatus.PENDING, 0, 1)
    assert farm.claim(worker) == ()
    farm.clock.advance(5)
    assert len(farm.claim(worker)) == 1


def test_a_report_that_comes_twice_counts_once(farm: Farm) -> None:
    job_id, token = leased(farm)
    events: list[LeaseEvent] = [
        build(seq, farm.clock())
        for seq, build in enumerate(
            [installed(), started(job_id), case_ended(job_id, 1, a_case()), ended(job_id)], start=1
        )
    ]
    first = farm.report_as_is(token, *events)
    before = farm.read(ask.stats)
    second = farm.report_as_is(token, *events)

    assert (first.last_seq, second.last_seq) == (4, 4)
    assert farm.read(ask.stats) == before
    assert before.ledger.installs == before.ledger.installs_stock == before.ledger.sessions == 1


def test_events_are_taken_in_by_their_number_whatever_their_order(farm: Farm) -> None:
    job_id, token = leased(farm)
    farm.report_as_is(token, ended(job_id)(2, farm.clock()), started(job_id)(1, farm.clock()))

    assert farm.job(job_id).status is JobStatus.COMPLETED


def test_an_event_about_a_job_of_another_lease_stores_nothing_at_all(farm: Farm) -> None:
    job_id, token = leased(farm)
    (other,) = farm.submit(a_request(SPECS[1]))
    with pytest.raises(InvalidRequest, match="was never given the job"):
        farm.report_as_is(token, started(job_id)(1, farm.clock()), started(other)(2, farm.clock()))

    assert farm.job(job_id).status is JobStatus.QUEUED


def test_an_event_about_another_attempt_is_refused(farm: Farm) -> None:
    job_id, token = leased(farm)
    with pytest.raises(InvalidRequest, match="attempt 2"):
        farm.report(token, started(job_id, 2))


def test_an_agent_cannot_report_on_anothers_lease(farm: Farm) -> None:
    job_id, token = leased(farm)
    farm.register("emulator-5556", agent=AgentId("agent-2"))
    with pytest.raises(NotFound, match="never had a lease"):
        farm.report(token, started(job_id), agent=AgentId("agent-2"))


def test_a_lease_that_ends_frees_its_worker_and_gives_back_what_never_began(farm: Farm) -> None:
    job_id, token = leased(farm)
    farm.report(token, installed(), lease_ended())
    job = farm.job(job_id)

    assert (job.status, job.lease, job.worker_id) == (JobStatus.PENDING, None, None)
    assert (job.retry_count, job.infra_count) == (0, 0)
    assert farm.workers()[0].status is WorkerStatus.IDLE
    assert farm.read(lambda tx: ask.attempts(tx, job_id=job_id)) == ()


def test_an_attempt_that_its_lease_left_behind_is_lost_to_infrastructure(farm: Farm) -> None:
    job_id, token = leased(farm)
    farm.report(token, started(job_id), lease_ended())
    (detail,) = farm.read(lambda tx: ask.attempts(tx, job_id=job_id))

    assert (farm.job(job_id).status, farm.job(job_id).infra_count) == (JobStatus.PENDING, 1)
    assert (detail.attempt.verdict, detail.attempt.fault) == (Verdict.INFRA_ERROR, Fault.INFRASTRUCTURE)


def test_a_job_given_back_waits_free_of_charge(farm: Farm) -> None:
    job_id, token = leased(farm)
    farm.report(token, lambda seq, at: JobReturned(seq=seq, at=at, job_id=job_id, reason="the process ended"))

    assert (farm.job(job_id).status, farm.job(job_id).infra_count) == (JobStatus.PENDING, 0)


@pytest.mark.parametrize(
    ("fault", "verdict"),
    [(Fault.APP, Verdict.APP_ERROR), (Fault.CONFIGURATION, Verdict.CONFIGURATION_ERROR)],
)
def test_an_app_that_cannot_be_installed_ends_the_jobs_of_its_lease(farm: Farm, fault: Fault, verdict: Verdict) -> None:
    job_id, token = leased(farm)
    farm.report(
        token,
        lambda seq, at: InstallFailed(seq=seq, at=at, seconds=2, message="INSTALL_FAILED_OLDER_SDK", fault=fault),
        lease_ended(),
    )
    job = farm.job(job_id)

    assert (job.status, job.verdict, job.error_message) == (JobStatus.FAILED, verdict, "INSTALL_FAILED_OLDER_SDK")
    assert farm.read(ask.stats).ledger.installs == 0
    assert farm.read(ask.stats).ledger.install_seconds == 2


def test_a_failed_installation_cannot_go_round_for_ever(farm: Farm) -> None:
    job_id, token = leased(farm)
    (worker,) = [worker.worker_id for worker in farm.workers()]
    for _ in range(4):
        farm.report(
            token,
            lambda seq, at: InstallFailed(seq=seq, at=at, seconds=2, message="adb hung", fault=Fault.INFRASTRUCTURE),
            lease_ended(),
        )
        farm.clock.advance(600)  # beyond the worker's quarantine
        for lease in farm.claim(worker):
            token = lease.token

    assert farm.job(job_id).verdict is Verdict.INFRA_ERROR


def test_an_installation_makes_the_worker_hold_the_version(farm: Farm) -> None:
    _, token = leased(farm)
    farm.report(token, installed())
    held = farm.workers()[0].installed

    assert held is not None
    assert (held.app_version_id, held.proof, held.installed_at) == ("v1", Proof.CONTENT_HASH, farm.clock.now)


@pytest.mark.parametrize(("reused", "held_since"), [(True, NOON), (False, NOON + timedelta(seconds=60))])
def test_a_version_that_is_found_installed_is_held_since_it_was_installed(
    farm: Farm, *, reused: bool, held_since: datetime
) -> None:
    _, token = leased(farm)
    farm.report(token, installed(), lease_ended())
    farm.clock.advance(60)
    (again,) = farm.claim(farm.workers()[0].worker_id)
    farm.report(again.token, installed(reused=reused))
    held = farm.workers()[0].installed

    assert held is not None
    assert held.installed_at == held_since


def test_an_app_that_was_there_already_is_no_installation(farm: Farm) -> None:
    _, token = leased(farm)
    farm.report(token, installed(reused=True))

    assert farm.read(ask.stats).ledger.installs == 0


def test_the_ledger_counts_what_stock_appwright_would_have_installed(farm: Farm) -> None:
    job_id, token = leased(farm)
    cases = [case_ended(job_id, 1, a_case(f"case {number}")) for number in range(5)]
    skipped = case_ended(job_id, 1, a_case("skipped", CaseStatus.SKIPPED, session=False))
    farm.report(token, installed(seconds=4), started(job_id), *cases, skipped, ended(job_id))
    ledger = farm.read(ask.stats).ledger

    assert (ledger.installs, ledger.installs_stock, ledger.installs_avoided) == (1, 5, 4)
    assert (ledger.install_seconds, ledger.test_seconds) == (4, 5)


def test_an_agents_clock_is_believed_within_reason(farm: Farm) -> None:
    job_id, token = leased(farm)
    farm.clock.advance(30)
    too_early = farm.clock.now - timedelta(days=1)
    farm.report_as_is(token, AttemptStarted(seq=1, at=too_early, job_id=job_id, attempt=1))

    assert farm.job(job_id).started_at == farm.clock.now - timedelta(seconds=30)


def test_a_running_job_is_cancelled_when_its_agent_says_so(farm: Farm) -> None:
    job_id, token = leased(farm)
    farm.report(token, started(job_id))
    asked = farm.write(lambda tx: cancel.cancel(tx, job_id=job_id))
    (state,) = farm.write(lambda tx: progress.renew(tx, agent_id=AGENT, worker_ids=(), tokens=[token]))
    outcome = farm.report(token, ended(job_id, 1, Verdict.CANCELLED))
    job = farm.job(job_id)

    assert (asked.status, asked.cancel_requested) == (JobStatus.RUNNING, True)
    assert state.cancel == (job_id,)
    assert outcome.cancel == ()
    assert (job.status, job.verdict) == (JobStatus.CANCELLED, Verdict.CANCELLED)


def test_a_report_is_answered_with_the_jobs_to_be_stopped(farm: Farm) -> None:
    job_id, token = leased(farm)
    farm.write(lambda tx: cancel.cancel(tx, job_id=job_id))

    assert farm.report(token, installed()).cancel == (job_id,)


def test_a_cancelled_job_that_never_began_ends_with_its_lease(farm: Farm) -> None:
    job_id, token = leased(farm)
    farm.write(lambda tx: cancel.cancel(tx, job_id=job_id))
    farm.report(token, lease_ended())

    assert farm.job(job_id).status is JobStatus.CANCELLED


def test_a_run_sums_its_jobs_and_cases(farm: Farm) -> None:
    job_id, token = leased(farm)
    farm.report(token, started(job_id), case_ended(job_id, 1, a_case()), ended(job_id), lease_ended())
    run = farm.read(lambda tx: ask.run(tx, run_id=farm.job(job_id).run_id))

    assert (run.status, run.verdicts, run.cases) == (
        JobStatus.COMPLETED,
        {Verdict.PASSED: 1},
        CaseCounts(passed=1),
    )
