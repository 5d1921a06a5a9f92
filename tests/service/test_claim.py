"""Free workers get work, each lease once."""

from datetime import timedelta
from functools import partial

import pytest

from qgjob.core.errors import NotFound
from qgjob.core.facts import FactKind
from qgjob.core.words import AgentId, Fault, JobStatus, Platform, Priority, Sha256, Target, Verdict, WorkerId
from qgjob.service import ask, drain, fleet, protocol1
from tests.service.farm import AGENT, BUNDLE, SPECS, Farm, a_binary, a_request, ended, installed, started
from tests.store.clocks import NOON


def learn_five_seconds(farm: Farm, worker: WorkerId, *paths: str) -> None:
    """Run these specs once: now the farm knows that each takes five seconds, and the installation a minute."""
    for path in paths:
        farm.submit(a_request(path))
        farm.run_through(farm.claim_one(worker), install_s=60)


def test_a_lease_says_all_that_its_worker_must_know(farm: Farm) -> None:
    farm.stock("v1")
    (worker,) = farm.register("emulator-5554")
    (job_id,) = farm.submit(a_request())
    lease = farm.claim_one(worker)

    assert lease.worker_id == worker
    assert lease.deadline_at == NOON + timedelta(seconds=75)
    assert (lease.app, lease.bundle) == (a_binary("v1"), BUNDLE)
    assert [(job.job_id, job.attempt, job.test_path) for job in lease.jobs] == [(job_id, 1, SPECS[0])]
    assert lease.reason == "no worker served this group, and it was the first in line"


def test_a_leased_job_is_queued_at_its_worker(farm: Farm) -> None:
    farm.stock("v1")
    (worker,) = farm.register("emulator-5554")
    (job_id,) = farm.submit(a_request())
    lease = farm.claim_one(worker)
    job = farm.job(job_id)

    assert (job.status, job.worker_id, job.lease, job.attempt) == (JobStatus.QUEUED, worker, lease.token, 1)


def test_with_nothing_waiting_a_claim_is_empty(farm: Farm) -> None:
    farm.stock("v1")
    (worker,) = farm.register("emulator-5554")

    assert farm.claim(worker) == ()


def test_a_job_is_leased_once(farm: Farm) -> None:
    farm.stock("v1")
    first, second = farm.register("emulator-5554", "emulator-5556")
    farm.submit(a_request())

    assert len(farm.claim(first, second)) == 1
    assert farm.claim(second) == ()


def test_a_worker_named_twice_in_a_claim_gets_one_lease(farm: Farm) -> None:
    farm.stock("v1")
    (worker,) = farm.register("emulator-5554")
    farm.submit(a_request())

    assert len(farm.claim(worker, worker)) == 1


def test_tokens_only_grow(farm: Farm) -> None:
    farm.stock("v1", "v2", "v3")
    workers = farm.register("a", "b", "c")
    farm.submit(a_request(version="v1"), a_request(version="v2"), a_request(version="v3"))
    tokens = [lease.token for lease in farm.claim(*workers)]

    assert tokens == sorted(set(tokens))


def test_a_lease_whose_answer_was_lost_is_given_again(farm: Farm) -> None:
    farm.stock("v1")
    (worker,) = farm.register("emulator-5554")
    farm.submit(a_request())
    first = farm.claim_one(worker)
    farm.clock.advance(10)
    again = farm.claim_one(worker)

    assert (again.token, again.jobs) == (first.token, first.jobs)
    assert again.deadline_at == first.deadline_at + timedelta(seconds=10)


def test_a_worker_that_has_begun_its_lease_gets_no_other(farm: Farm) -> None:
    farm.stock("v1")
    (worker,) = farm.register("emulator-5554")
    farm.submit(a_request(SPECS[0]), a_request(SPECS[1]))
    farm.report(farm.claim_one(worker).token, installed())

    assert farm.claim(worker) == ()


def test_a_job_that_nobody_knows_is_leased_alone(farm: Farm) -> None:
    farm.stock("v1")
    (worker,) = farm.register("emulator-5554")
    farm.submit(a_request(SPECS[0]), a_request(SPECS[1]))

    assert len(farm.claim_one(worker).jobs) == 1


def test_short_jobs_of_a_group_share_a_lease(farm: Farm) -> None:
    farm.stock("v1")
    (worker,) = farm.register("emulator-5554")
    learn_five_seconds(farm, worker, *SPECS)
    jobs = farm.submit(*(a_request(path) for path in SPECS))

    assert [job.job_id for job in farm.claim_one(worker).jobs] == list(jobs[:6])


def test_a_worker_stays_on_the_version_that_it_holds(farm: Farm) -> None:
    farm.stock("v1", "v2")
    (worker,) = farm.register("emulator-5554")
    learn_five_seconds(farm, worker, SPECS[0])
    farm.submit(a_request(version="v2"))
    farm.clock.advance(1)
    farm.submit(a_request(version="v1"))
    lease = farm.claim_one(worker)

    assert lease.app_version_id == "v1"
    assert lease.reason == "its app version is installed here already: saves about 60 s"


def test_urgent_work_that_nobody_serves_comes_first(farm: Farm) -> None:
    farm.stock("v1", "v2")
    (worker,) = farm.register("emulator-5554")
    learn_five_seconds(farm, worker, SPECS[0])
    farm.submit(a_request(version="v1"), a_request(version="v2", priority=Priority.URGENT))

    assert farm.claim_one(worker).app_version_id == "v2"


def test_each_of_two_workers_takes_a_version_of_its_own(farm: Farm) -> None:
    farm.stock("v1", "v2")
    workers = farm.register("emulator-5554", "emulator-5556")
    farm.submit(*(a_request(path, version=version) for version in ("v1", "v2") for path in SPECS))

    assert {lease.app_version_id for lease in farm.claim(*workers)} == {"v1", "v2"}


def test_a_second_worker_joins_when_the_work_left_is_worth_an_installation(farm: Farm) -> None:
    farm.stock("v1")
    first, second = farm.register("emulator-5554", "emulator-5556")
    farm.submit(*(a_request(path) for path in SPECS))
    farm.claim_one(first)

    assert (
        farm.claim_one(second).reason == "the work left in this group is worth another installation: saves about 300 s"
    )


def test_a_second_worker_stays_idle_when_it_is_not(farm: Farm) -> None:
    farm.stock("v1")
    first, second = farm.register("emulator-5554", "emulator-5556")
    learn_five_seconds(farm, first, *SPECS)
    farm.submit(*(a_request(path) for path in SPECS[:8]))

    assert len(farm.claim_one(first).jobs) == 6
    assert farm.claim(second) == ()


def test_a_job_without_an_uploaded_app_waits_for_a_worker_with_a_project(farm: Farm) -> None:
    farm.stock()
    (without,) = farm.register("emulator-5554")
    (with_project,) = farm.register("emulator-5556", agent=AgentId("agent-2"), has_project=True)
    farm.submit(a_request())

    assert farm.claim(without) == ()
    assert farm.claim_one(with_project, agent=AgentId("agent-2")).app is None


def test_uploading_the_app_lets_any_agent_run_what_waited_for_it(farm: Farm) -> None:
    farm.stock()
    (worker,) = farm.register("emulator-5554")
    farm.submit(a_request())
    farm.stock("v1")

    assert farm.claim_one(worker).app == a_binary("v1")


def test_a_job_without_a_bundle_waits_for_a_worker_with_a_project(farm: Farm) -> None:
    farm.stock("v1")
    (without,) = farm.register("emulator-5554")
    farm.submit(a_request(bundle=None))

    assert farm.claim(without) == ()
    (with_project,) = farm.register("emulator-5554", has_project=True)
    assert farm.claim_one(with_project).bundle is None


def test_a_device_of_another_platform_is_not_asked(farm: Farm) -> None:
    farm.stock("v1")
    (worker,) = farm.register("iphone", platform=Platform.IOS)
    farm.submit(a_request(platform=Platform.ANDROID), a_request())

    assert farm.claim(worker) == ()


def test_an_unknown_agent_or_worker_is_told_to_register(farm: Farm) -> None:
    (worker,) = farm.register("emulator-5554")
    farm.register("emulator-5556", agent=AgentId("agent-2"))

    with pytest.raises(NotFound, match="register"):
        farm.claim(worker, agent=AgentId("nobody"))
    with pytest.raises(NotFound, match="register"):
        farm.claim(worker, agent=AgentId("agent-2"))


def test_a_job_that_failed_on_one_worker_is_tried_on_another_that_is_free(farm: Farm) -> None:
    farm.stock("v1")
    first, second = farm.register("emulator-5554", "emulator-5556")
    (job_id,) = farm.submit(a_request())
    lease = farm.claim_one(first)
    farm.report(lease.token, started(job_id), ended(job_id, 1, Verdict.FAILED, Fault.TEST))
    farm.run_through(lease)

    assert farm.claim(first) == ()
    assert [job.attempt for job in farm.claim_one(second).jobs] == [2]


def test_where_no_other_worker_is_free_the_same_one_tries_again(farm: Farm) -> None:
    farm.stock("v1")
    (worker,) = farm.register("emulator-5554")
    farm.submit(a_request())
    farm.run_through(farm.claim_one(worker), Verdict.FAILED, Fault.TEST)

    assert [job.attempt for job in farm.claim_one(worker).jobs] == [2]


def test_a_job_is_kept_for_another_worker_for_a_minute_at_most(farm: Farm) -> None:
    farm.stock("v1")
    first, _ = farm.register("emulator-5554", "emulator-5556")
    farm.submit(a_request())
    farm.run_through(farm.claim_one(first), Verdict.FAILED, Fault.TEST)
    farm.clock.advance(59)
    assert farm.claim(first) == ()
    farm.clock.advance(1)

    assert len(farm.claim(first)) == 1


def test_a_grant_is_told_to_those_who_follow_the_run(farm: Farm) -> None:
    farm.stock("v1")
    (worker,) = farm.register("emulator-5554")
    (job_id,) = farm.submit(a_request())
    run_id = farm.job(job_id).run_id
    lease = farm.claim_one(worker)
    fact = farm.read(lambda tx: ask.facts(tx, after=0, limit=10, run_id=run_id))[-1].fact

    assert (fact.kind, fact.worker_id) == (FactKind.LEASE_GRANTED, worker)
    assert fact.data["token"] == lease.token
    assert fact.data["jobs"] == [job_id]


def test_the_offered_binary_is_of_the_workers_own_platform(farm: Farm) -> None:
    farm.stock("v1")
    (worker,) = farm.register("emulator-5554")
    farm.submit(a_request())
    lease = farm.claim_one(worker)

    assert lease.app is not None
    assert lease.app.sha256 == Sha256(b"v1".hex().ljust(64, "0"))
    assert farm.workers()[0].current_jobs == (lease.jobs[0].job_id,)
    assert farm.workers()[0].agent_id == AGENT


def test_work_that_has_just_come_is_left_to_a_free_worker_that_holds_its_version(farm: Farm) -> None:
    farm.stock("v1")
    warm, cold = farm.register("emulator-5554", "emulator-5556")
    farm.submit(a_request())
    farm.run_through(farm.claim_one(warm))
    farm.submit(a_request("tests/b.spec.js"))

    assert farm.claim(cold) == ()
    assert farm.claim_one(warm).reason == "its app version is installed here already: saves about 4 s"


def test_it_is_left_for_a_moment_only(farm: Farm) -> None:
    farm.stock("v1")
    warm, cold = farm.register("emulator-5554", "emulator-5556")
    farm.submit(a_request())
    farm.run_through(farm.claim_one(warm))
    farm.submit(a_request("tests/b.spec.js"))
    farm.clock.advance(seconds=2.1)

    assert farm.claim_one(cold).reason == "no worker served this group, and it was the first in line"


def test_it_is_not_left_to_a_worker_that_may_not_take_it(farm: Farm) -> None:
    farm.stock("v1")
    warm, cold = farm.register("emulator-5554", "emulator-5556")
    farm.submit(a_request())
    farm.run_through(farm.claim_one(warm))
    farm.decide(partial(drain.drain, worker_id=warm))
    farm.submit(a_request("tests/b.spec.js"))

    assert farm.claim_one(cold).app_version_id == "v1"


def test_it_is_not_left_to_a_worker_of_protocol_1_which_asks_when_it_likes(farm: Farm) -> None:
    farm.stock("v1")
    (cold,) = farm.register("emulator-5554")
    farm.submit(a_request())
    warm = farm.write(lambda tx: fleet.register_worker(tx, name="old", targets=[Target.EMULATOR], metadata={}))
    job = farm.decide(partial(protocol1.heartbeat, worker_id=warm)).next_job
    assert job is not None
    for status in ("running", "completed"):
        farm.write(partial(protocol1.change_job, job_id=job.job_id, status=status, worker_id=warm))
    farm.submit(a_request("tests/b.spec.js"))

    assert farm.claim_one(cold).app_version_id == "v1"
