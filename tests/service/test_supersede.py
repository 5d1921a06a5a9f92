"""A newer run takes the place of the older ones with its key."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import pairwise

import pytest

from qgjob.core.facts import FactKind
from qgjob.core.words import Fault, JobStatus, Loss, Verdict, WorkerStatus
from qgjob.service import ask, protocol1, retention, submit
from qgjob.service.check import broken
from qgjob.service.fleet import register_worker
from qgjob.store import Store, Transaction
from tests.databases import Databases
from tests.service.farm import SPECS, Farm, a_case, a_request, case_ended, ended, lease_ended, started

KEY = "shop/main"
WAYS_TO_ASK = {"rows", "rows_together", "execute", "execute_many", "write_each", "write_rows"}


def test_what_waits_of_the_older_run_is_cancelled_and_says_so(farm: Farm) -> None:
    farm.stock("v1", "v2")
    older = farm.submit_run(*(a_request(path, queue_timeout_s=60) for path in SPECS), supersede=KEY)
    newer = farm.submit_run(a_request(version="v2"), supersede=KEY)
    was = farm.run(older.run_id)
    job = farm.job(older.job_ids[3])

    assert (was.status, was.verdicts) == (JobStatus.COMPLETED, {Verdict.CANCELLED: 10})
    assert (was.supersede, was.superseded_by) == (KEY, newer.run_id)
    assert (job.status, job.error_message) == (JobStatus.CANCELLED, f"Superseded by run {newer.run_id}.")
    assert isinstance(job.result, dict)
    assert job.result["message"] == job.error_message
    assert (farm.run(newer.run_id).status, farm.run(newer.run_id).superseded_by) == (JobStatus.PENDING, None)
    facts = farm.read(partial(ask.facts, after=0, limit=100, run_id=older.run_id))
    assert [each.fact.data for each in facts if each.fact.kind is FactKind.RUN_SUPERSEDED] == [{"by": newer.run_id}]
    assert farm.read(broken) == ()


def test_runs_of_another_key_another_org_or_none_stay(farm: Farm) -> None:
    farm.stock("v1")
    farm.stock("v1", org="rival")
    others = [
        farm.submit_run(a_request(), supersede="shop/next"),
        farm.submit_run(a_request(org="rival"), supersede=KEY),
        farm.submit_run(a_request()),
    ]
    farm.submit_run(a_request(), supersede=KEY)

    assert [farm.run(each.run_id).status for each in others] == [JobStatus.PENDING] * 3


def test_what_runs_comes_to_its_end_and_what_has_not_begun_beside_it_is_cancelled(farm: Farm) -> None:
    farm.stock("v1")
    (worker,) = farm.register("emulator-5554")
    known_as_short(farm, *SPECS[:3])
    older = farm.submit_run(*(a_request(path) for path in SPECS[:3]), supersede=KEY)
    lease = farm.claim_one(worker)
    assert len(lease.jobs) == 3
    first, *rest = [job.job_id for job in lease.jobs]
    farm.report(lease.token, started(first))
    newer = farm.submit_run(a_request(SPECS[9]), supersede=KEY)

    assert farm.job(first).status is JobStatus.RUNNING
    assert [farm.job(job_id).error_message for job_id in rest] == [f"Superseded by run {newer.run_id}."] * 2
    heard = farm.report(lease.token, case_ended(first, 1, a_case()))
    assert (heard.in_force, set(heard.cancel)) == (True, set(rest))
    farm.report(lease.token, ended(first), lease_ended())
    assert farm.run(older.run_id).verdicts == {Verdict.PASSED: 1, Verdict.CANCELLED: 2}
    assert [job.job_id for job in farm.claim_one(worker).jobs] == list(newer.job_ids)


def test_a_test_that_fails_then_has_failed_and_is_not_tried_again(farm: Farm) -> None:
    farm.stock("v1")
    (worker,) = farm.register("emulator-5554")
    (job_id,) = farm.submit_run(a_request(), supersede=KEY).job_ids
    lease = farm.claim_one(worker)
    farm.report(lease.token, started(job_id))
    farm.submit_run(a_request(SPECS[1]), supersede=KEY)
    farm.report(lease.token, ended(job_id, 1, Verdict.FAILED, Fault.TEST), lease_ended())
    job = farm.job(job_id)

    assert (job.status, job.verdict, job.retry_count) == (JobStatus.FAILED, Verdict.FAILED, 0)
    assert job.error_message == "it did not go well. It is not tried again: its run was superseded."


@pytest.mark.parametrize("loss", [None, Loss.DEVICE, Loss.HOST])
def test_what_is_lost_to_infrastructure_then_is_cancelled(farm: Farm, loss: Loss | None) -> None:
    farm.stock("v1")
    (worker,) = farm.register("emulator-5554")
    (job_id,) = farm.submit_run(a_request(), supersede=KEY).job_ids
    lease = farm.claim_one(worker)
    farm.report(lease.token, started(job_id))
    farm.submit_run(a_request(SPECS[1]), supersede=KEY)
    farm.report(lease.token, ended(job_id, 1, Verdict.INFRA_ERROR, Fault.INFRASTRUCTURE, loss=loss), lease_ended())

    assert (farm.job(job_id).verdict, farm.job(job_id).infra_count) == (Verdict.CANCELLED, 0)


def test_a_job_that_rests_or_waits_for_another_try_is_cancelled(farm: Farm) -> None:
    farm.stock("v1")
    (worker,) = farm.register("emulator-5554")
    resting, again = farm.submit_run(a_request(SPECS[0]), a_request(SPECS[1]), supersede=KEY).job_ids
    farm.run_through(farm.claim_one(worker), Verdict.INFRA_ERROR, Fault.INFRASTRUCTURE)
    farm.run_through(farm.claim_one(worker), Verdict.FAILED, Fault.TEST)
    farm.submit_run(a_request(SPECS[2]), supersede=KEY)

    assert [farm.job(job_id).status for job_id in (resting, again)] == [JobStatus.CANCELLED] * 2
    assert farm.read(broken) == ()


def test_a_protocol_1_worker_that_has_not_begun_is_free_at_once(farm: Farm) -> None:
    farm.stock("v1")
    old = farm.decide(partial(register_worker, name="old", targets=[a_request().target], metadata={}))
    (job_id,) = farm.submit_run(a_request(bundle=None), supersede=KEY).job_ids
    farm.decide(partial(protocol1.heartbeat, worker_id=old))
    farm.submit_run(a_request(SPECS[1], version="v2", bundle=None), supersede=KEY)

    assert farm.job(job_id).status is JobStatus.CANCELLED
    assert farm.workers()[0].status is WorkerStatus.IDLE


def test_a_run_that_has_ended_is_superseded_by_nobody(farm: Farm) -> None:
    farm.stock("v1")
    (worker,) = farm.register("emulator-5554")
    older = farm.submit_run(a_request(), supersede=KEY)
    farm.run_through(farm.claim_one(worker))
    farm.submit_run(a_request(SPECS[1]), supersede=KEY)

    assert (farm.run(older.run_id).superseded_by, farm.run(older.run_id).verdicts) == (None, {Verdict.PASSED: 1})


def test_one_after_another_each_takes_the_place_of_the_one_before(farm: Farm) -> None:
    farm.stock("v1")
    runs = [farm.submit_run(a_request(path), supersede=KEY) for path in SPECS]

    for older, newer in pairwise(runs):
        assert farm.run(older.run_id).superseded_by == newer.run_id
    assert farm.run(runs[-1].run_id).status is JobStatus.PENDING


def test_submitting_a_superseded_run_again_takes_nobody_s_place(farm: Farm) -> None:
    farm.stock("v1")
    older = farm.submit_run(a_request(), supersede=KEY)
    newer = farm.submit_run(a_request(SPECS[1]), supersede=KEY)
    again = farm.write(partial(submit.retry_run, run_id=older.run_id, only_failed=False))

    assert farm.run(again.run_id).supersede is None
    assert farm.run(newer.run_id).status is JobStatus.PENDING


def test_a_key_is_forgotten_with_its_newest_run(farm: Farm) -> None:
    farm.stock("v1")
    (worker,) = farm.register("emulator-5554")
    farm.submit_run(a_request(), supersede=KEY)
    farm.submit_run(a_request(SPECS[1]), supersede=KEY)
    farm.run_through(farm.claim_one(worker))
    farm.clock.advance(10)
    farm.write(lambda tx: retention.forget_jobs(tx, before=tx.now, after=0))

    assert farm.read(lambda tx: tx._connection.rows("SELECT * FROM newest_runs", {})) == []
    assert farm.run(farm.submit_run(a_request(), supersede=KEY).run_id).status is JobStatus.PENDING


def test_a_long_run_makes_room_in_as_many_steps_as_a_short_one(farm: Farm) -> None:
    """Statements, of which those that take many rows at once count once."""
    farm.stock("v1")

    def steps(jobs: int) -> int:
        farm.submit_run(*(a_request(SPECS[place % 10]) for place in range(jobs)), supersede=KEY)
        counted = 0

        def submit_counted(tx: Transaction) -> None:
            nonlocal counted
            counted = 0
            connection = tx._connection

            class Counting:
                def __getattr__(self, name: str) -> object:
                    nonlocal counted
                    counted += name in WAYS_TO_ASK
                    return getattr(connection, name)

            tx._connection = Counting()  # type: ignore[assignment]  # passes everything on
            submit.submit(tx, requests=[a_request()], supersede=KEY)

        farm.write(submit_counted)
        return counted

    assert steps(2) == steps(2000)


@pytest.mark.exam
def test_of_runs_that_come_at_once_to_several_replicas_the_newest_alone_survives(databases: Databases) -> None:
    with databases() as database:
        if not isinstance(database, str):
            pytest.skip("a file has one owner")
        farms = [Farm(store=Store.open(database)) for _ in range(3)]
        try:
            farms[0].stock("v1")
            with ThreadPoolExecutor(len(farms)) as pool:
                runs = [
                    run
                    for some in pool.map(
                        lambda farm: [farm.submit_run(a_request(path), supersede=KEY) for path in SPECS], farms
                    )
                    for run in some
                ]

            def number(tx: Transaction, run_id: str) -> int:
                found: int = tx.only("run_by_id", run_id=run_id)["number"]
                return found

            *older, newest = sorted(runs, key=lambda run: farms[0].read(partial(number, run_id=run.run_id)))
            assert farms[0].run(newest.run_id).status is JobStatus.PENDING
            assert {farms[0].run(run.run_id).status for run in older} == {JobStatus.COMPLETED}
            assert farms[0].read(broken) == ()
        finally:
            for farm in farms:
                farm.store.close()


def known_as_short(farm: Farm, *paths: str) -> None:
    """Let these tests be known to take five seconds, so that one lease takes several."""
    (worker,) = (each.worker_id for each in farm.workers())
    farm.submit(*(a_request(path) for path in paths))
    while leases := farm.claim(worker):
        farm.run_through(leases[0])
