"""Leases last as long as somebody renews them, and end once."""

from datetime import timedelta

import pytest

from qgjob.core.agent import FoundApp
from qgjob.core.errors import NotFound
from qgjob.core.words import AgentId, Fault, JobStatus, Sha256, Verdict, WorkerStatus
from qgjob.service import ask, progress, sweep
from qgjob.service.jobs import waiting
from tests.service.farm import AGENT, SPECS, Farm, a_binary, a_request, installed, lease_ended, started
from tests.store.clocks import NOON


def test_a_renewed_lease_lasts(farm: Farm) -> None:
    farm.stock("v1")
    (worker,) = farm.register("emulator-5554")
    farm.submit(a_request())
    token = farm.claim_one(worker).token
    for _ in range(10):
        farm.clock.advance(20)
        assert farm.renew(token) == (True,)
        assert farm.write(sweep.sweep).leases_ended == 0

    (state,) = farm.write(lambda tx: progress.renew(tx, agent_id=AGENT, worker_ids=(), tokens=[token]))
    assert state.deadline_at == farm.clock.now + timedelta(seconds=75)


def test_a_group_may_have_more_leases_in_force_than_there_are_devices_anywhere(farm: Farm) -> None:
    farm.stock("v1")
    (job_id,) = farm.submit(a_request())
    group_id = farm.job(job_id).group_id

    ends = list[int]()
    for servers in (1_000_000, -1_000_000):
        farm.write(lambda tx: waiting.serve_group(tx, group_id, busy_until_at=NOON, servers=servers))  # noqa: B023
        ends.append(farm.read(lambda tx: tx.only("group_by_id", group_id=group_id))["ends_ms"])

    assert ends == [1_795_435_200_000 * 1_000_000, 0]


def test_a_lease_that_nobody_renews_is_ended_by_the_sweep(farm: Farm) -> None:
    farm.stock("v1")
    (worker,) = farm.register("emulator-5554")
    (job_id,) = farm.submit(a_request())
    token = farm.claim_one(worker).token
    farm.clock.advance(75)
    assert farm.write(sweep.sweep).leases_ended == 0
    farm.clock.advance(1)
    assert farm.write(sweep.sweep).leases_ended == 1

    assert farm.renew(token) == (False,)
    assert (farm.job(job_id).status, farm.job(job_id).infra_count) == (JobStatus.PENDING, 0)


def test_what_waits_behind_a_test_that_hangs_gets_another_worker(farm: Farm) -> None:
    """The last job would start in no time by the estimates, which were 120 s for installation and test."""
    farm.stock("v1")
    first, second = farm.register("emulator-5554", "emulator-5556")
    farm.submit(a_request())
    token = farm.claim_one(first).token
    farm.submit(a_request("tests/b.spec.js"))
    for _ in range(6):
        farm.clock.advance(20)
        farm.renew(token)
    assert farm.claim(second) == ()
    assert farm.write(sweep.sweep).leases_late == 0
    farm.clock.advance(1)
    farm.renew(token)

    assert farm.write(sweep.sweep).leases_late == 1
    assert farm.claim_one(second).reason.startswith("the work left in this group is worth another installation")


def test_a_job_that_never_begins_is_not_leased_for_ever(farm: Farm) -> None:
    farm.stock("v1")
    (worker,) = farm.register("emulator-5554")
    (job_id,) = farm.submit(a_request())
    leases = 0
    while farm.job(job_id).status is JobStatus.PENDING:
        leases += len(farm.claim(worker))
        farm.clock.advance(76)
        farm.write(sweep.sweep)

    assert leases == 20
    assert (farm.job(job_id).verdict, farm.job(job_id).infra_count) == (Verdict.INFRA_ERROR, 0)
    assert (farm.job(job_id).error_message or "").startswith(
        "It was given to workers 20 times and never began. The last time: its worker was not heard of until "
    )


def test_a_job_that_comes_back_again_and_again_rests_before_it_is_claimable(farm: Farm) -> None:
    farm.stock("v1")
    (worker,) = farm.register("emulator-5554")
    (job_id,) = farm.submit(a_request())
    for _ in range(4):
        farm.report(farm.claim_one(worker).token, lease_ended())

    assert farm.claim(worker) == ()
    farm.clock.advance(5)
    assert [job.job_id for job in farm.claim_one(worker).jobs] == [job_id]


def test_until_the_sweep_has_seen_it_a_lease_past_its_deadline_can_still_be_renewed(farm: Farm) -> None:
    farm.stock("v1")
    (worker,) = farm.register("emulator-5554")
    farm.submit(a_request())
    token = farm.claim_one(worker).token
    farm.clock.advance(100)

    assert farm.renew(token) == (True,)
    assert farm.write(sweep.sweep).leases_ended == 0


def test_a_job_that_ran_when_its_lease_expired_was_lost_to_infrastructure(farm: Farm) -> None:
    farm.stock("v1")
    (worker,) = farm.register("emulator-5554")
    (job_id,) = farm.submit(a_request())
    farm.report(farm.claim_one(worker).token, started(job_id))
    farm.clock.advance(76)
    farm.write(sweep.sweep)
    (detail,) = farm.read(lambda tx: ask.attempts(tx, job_id=job_id))

    assert (farm.job(job_id).infra_count, farm.job(job_id).retry_count) == (1, 0)
    assert (detail.attempt.verdict, detail.attempt.fault) == (Verdict.INFRA_ERROR, Fault.INFRASTRUCTURE)
    assert detail.attempt.message == "its worker was not heard of until 12:01:15 UTC"


def test_the_sweep_wakes_jobs_that_have_rested(farm: Farm) -> None:
    farm.stock("v1")
    (worker,) = farm.register("emulator-5554")
    farm.submit(a_request())
    farm.run_through(farm.claim_one(worker), Verdict.INFRA_ERROR, Fault.INFRASTRUCTURE)
    farm.clock.advance(4)
    assert farm.write(sweep.sweep).jobs_woken == 0
    farm.clock.advance(1)

    assert farm.write(sweep.sweep).jobs_woken == 1


def test_an_agent_that_starts_again_loses_the_leases_that_it_does_not_hold(farm: Farm) -> None:
    farm.stock("v1", "v2")
    first, second = farm.register("emulator-5554", "emulator-5556")
    begun, unbegun = farm.submit(a_request(version="v1"), a_request(version="v2"))
    kept, forgotten = farm.claim(first, second)
    if kept.jobs[0].job_id != begun:
        kept, forgotten = forgotten, kept
    farm.report(kept.token, started(begun))
    farm.register("emulator-5554", "emulator-5556", holding=[kept.token])

    assert farm.renew(kept.token, forgotten.token) == (True, False)
    assert farm.job(begun).status is JobStatus.RUNNING
    assert (farm.job(unbegun).status, farm.job(unbegun).infra_count) == (JobStatus.PENDING, 0)


def test_an_attempt_that_a_restarted_agent_does_not_hold_is_lost_to_infrastructure(farm: Farm) -> None:
    farm.stock("v1")
    (worker,) = farm.register("emulator-5554")
    (job_id,) = farm.submit(a_request())
    farm.report(farm.claim_one(worker).token, started(job_id))
    farm.register("emulator-5554")

    assert (farm.job(job_id).status, farm.job(job_id).infra_count) == (JobStatus.PENDING, 1)
    assert farm.workers()[0].status is WorkerStatus.IDLE


def test_a_device_keeps_its_worker_id_for_ever(farm: Farm) -> None:
    first = farm.register("emulator-5554", "emulator-5556")

    assert farm.register("emulator-5556", "emulator-5554") == (first[1], first[0])
    assert farm.register("emulator-5554", agent=AgentId("agent-2")) != first[:1]


def test_a_device_that_is_no_longer_named_is_offline(farm: Farm) -> None:
    farm.register("emulator-5554", "emulator-5556")
    farm.register("emulator-5554")
    statuses = {worker.serial: worker.status for worker in farm.workers()}

    assert statuses == {"emulator-5554": WorkerStatus.IDLE, "emulator-5556": WorkerStatus.OFFLINE}


def test_a_silent_agents_workers_are_offline_after_ninety_seconds(farm: Farm) -> None:
    farm.register("emulator-5554")
    farm.clock.advance(91)

    assert farm.workers()[0].status is WorkerStatus.OFFLINE
    assert farm.read(ask.stats).active_workers == 0


def test_renewing_keeps_workers_alive(farm: Farm) -> None:
    (worker,) = farm.register("emulator-5554")
    farm.clock.advance(80)
    farm.write(lambda tx: progress.renew(tx, agent_id=AGENT, worker_ids=[worker], tokens=()))
    farm.clock.advance(80)

    assert farm.workers()[0].status is WorkerStatus.IDLE


def test_an_agent_cannot_renew_anothers_lease(farm: Farm) -> None:
    farm.stock("v1")
    (worker,) = farm.register("emulator-5554")
    farm.register("emulator-5556", agent=AgentId("agent-2"))
    farm.submit(a_request())
    token = farm.claim_one(worker).token

    assert farm.renew(token, agent=AgentId("agent-2")) == (False,)


def test_an_unknown_agent_is_told_to_register(farm: Farm) -> None:
    with pytest.raises(NotFound, match="register"):
        farm.renew(agent=AgentId("nobody"))


def test_what_a_device_says_it_holds_is_believed(farm: Farm) -> None:
    farm.stock("v1", "v2")
    (worker,) = farm.register("emulator-5554", installed=FoundApp(package="p", sha256=a_binary("v2").sha256))
    farm.submit(a_request(version="v1"), a_request(version="v2"))

    assert farm.claim_one(worker).app_version_id == "v2"


def test_a_device_that_was_wiped_holds_nothing(farm: Farm) -> None:
    farm.stock("v1")
    (worker,) = farm.register("emulator-5554")
    farm.submit(a_request())
    farm.run_through(farm.claim_one(worker))
    assert farm.workers()[0].installed is not None
    farm.register("emulator-5554", installed=None)

    assert farm.workers()[0].installed is None


def test_a_device_with_bytes_that_nobody_uploaded_holds_nothing(farm: Farm) -> None:
    farm.register("emulator-5554", installed=FoundApp(package="p", sha256=Sha256("9" * 64)))

    assert farm.workers()[0].installed is None


def test_an_installation_time_that_was_learnt_is_used_for_the_next_version(farm: Farm) -> None:
    farm.stock("v1", "v2")
    first, second = farm.register("emulator-5554", "emulator-5556")
    farm.submit(a_request())
    lease = farm.claim_one(first)
    farm.report(lease.token, installed(seconds=1))
    farm.run_through(lease)
    farm.submit(*(a_request(path) for path in SPECS[1:]))
    farm.claim_one(first)

    assert len(farm.claim(second)) == 1
