"""Jobs that are submitted alone, shortly one after another, are one run."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial

import pytest

from qgjob.core.facts import FactKind
from qgjob.core.words import JobStatus, Verdict
from qgjob.service import ask, cancel, submit, sweep
from qgjob.service.check import broken
from qgjob.store import Transaction
from qgjob.store.clock import from_micros
from qgjob.store.store import Store
from tests.databases import Databases
from tests.service.farm import SPECS, Farm, a_request


def due_in(farm: Farm, job_id: str) -> timedelta:
    def ask_it(tx: Transaction) -> timedelta:
        return from_micros(tx.only("job_by_id", job_id=job_id)["due_at"]) - farm.clock()

    return farm.read(ask_it)


def test_jobs_of_one_org_version_and_commit_within_two_seconds_are_one_run(farm: Farm) -> None:
    farm.stock("v1")
    first, second = farm.submit_alone(a_request(SPECS[0]), a_request(SPECS[1]))
    farm.clock.advance(1.9)
    (third,) = farm.submit_alone(a_request(SPECS[2]))
    run = farm.run(first.run_id)

    assert first.run_id == second.run_id == third.run_id
    assert run.job_ids == (*first.job_ids, *second.job_ids, *third.job_ids)
    assert run.statuses == {JobStatus.PENDING: 3}
    assert farm.read(broken) == ()


def test_after_two_seconds_there_is_a_new_run(farm: Farm) -> None:
    """Counted from its first job, however many have come since."""
    farm.stock("v1")
    (first,) = farm.submit_alone(a_request(SPECS[0]))
    farm.clock.advance(1.5)
    (second,) = farm.submit_alone(a_request(SPECS[1]))
    farm.clock.advance(0.5)
    (third,) = farm.submit_alone(a_request(SPECS[2]))

    assert first.run_id == second.run_id != third.run_id


def test_others_do_not_join(farm: Farm) -> None:
    farm.stock("v1", "v2")
    farm.stock("v1", org="rival")
    alone = farm.submit_alone(
        a_request(),
        a_request(version="v2"),
        a_request(org="rival"),
        a_request(metadata={"commit": "c0ffee"}),
        a_request(metadata={"commit": "decade"}),
        a_request(metadata={"commit": 7}),
        a_request(metadata={"commit": "x" * 201}),
    )

    assert len({each.run_id for each in alone}) == 7
    assert farm.submit_alone(a_request(metadata={"commit": "decade"}))[0].run_id == alone[4].run_id
    assert farm.submit_alone(a_request(metadata={"commit": 7}))[0].run_id not in {each.run_id for each in alone}


def test_nobody_joins_a_run_that_was_submitted_as_one(farm: Farm) -> None:
    farm.stock("v1")
    whole = farm.submit_run(a_request(SPECS[0]))
    (alone,) = farm.submit_alone(a_request(SPECS[1]))
    whole_again = farm.submit_run(a_request(SPECS[2]))

    assert len({whole.run_id, alone.run_id, whole_again.run_id}) == 3


def test_the_first_can_be_claimed_before_the_others_come(farm: Farm) -> None:
    farm.stock("v1")
    (worker,) = farm.register("emulator-5554")
    (first,) = farm.submit_alone(a_request(SPECS[0]))
    lease = farm.claim_one(worker)
    (second,) = farm.submit_alone(a_request(SPECS[1]))

    assert [job.job_id for job in lease.jobs] == list(first.job_ids)
    assert second.run_id == first.run_id
    assert farm.run(first.run_id).statuses == {JobStatus.PENDING: 1, JobStatus.QUEUED: 1}


def test_who_joins_is_due_after_all_that_is_outstanding_and_the_others_keep_their_place(farm: Farm) -> None:
    """Unknown tests of a minute, one worker."""
    farm.stock("v1")
    farm.register("emulator-5554")
    (first,) = farm.submit_alone(a_request(SPECS[0]))
    farm.clock.advance(1)
    second, third = farm.submit_alone(a_request(SPECS[1]), a_request(SPECS[2]))

    assert [due_in(farm, job) for job in (*first.job_ids, *second.job_ids, *third.job_ids)] == [
        timedelta(seconds=59),
        timedelta(minutes=3),
        timedelta(minutes=3),
    ]


def test_a_run_that_had_ended_goes_on_when_a_job_joins_it(farm: Farm) -> None:
    farm.stock("v1")
    (worker,) = farm.register("emulator-5554")
    (first,) = farm.submit_alone(a_request(SPECS[0]))
    farm.run_through(farm.claim_one(worker))
    assert farm.read(partial(ask.is_over, run_id=first.run_id))
    farm.submit_alone(a_request(SPECS[1]))

    assert not farm.read(partial(ask.is_over, run_id=first.run_id))
    assert farm.run(first.run_id).verdicts == {Verdict.PASSED: 1}


def test_it_is_told_how_many_have_come_and_how_many_have_joined(farm: Farm) -> None:
    farm.stock("v1")
    (first, _) = farm.submit_alone(a_request(SPECS[0]), a_request(SPECS[1]))
    farm.submit_alone(a_request(SPECS[2]))
    facts = farm.read(partial(ask.facts, after=0, limit=100, run_id=first.run_id))

    assert [(each.fact.kind, each.fact.data) for each in facts] == [
        (FactKind.RUN_SUBMITTED, {"jobs": 2}),
        (FactKind.RUN_JOINED, {"jobs": 1}),
    ]


def test_cancelling_the_run_and_submitting_it_again_takes_all_that_have_joined(farm: Farm) -> None:
    farm.stock("v1")
    (first,) = farm.submit_alone(a_request(SPECS[0]))
    farm.submit_alone(a_request(SPECS[1], queue_timeout_s=60))
    run = farm.write(partial(cancel.cancel_run, run_id=first.run_id))
    again = farm.write(partial(submit.retry_run, run_id=first.run_id, only_failed=True))

    assert run.verdicts == {Verdict.CANCELLED: 2}
    assert [farm.job(job_id).request.test_path for job_id in again.job_ids] == [SPECS[0], SPECS[1]]
    assert again.run_id != first.run_id
    assert farm.read(broken) == ()


def test_what_nobody_joins_any_more_is_swept_from_the_list(farm: Farm) -> None:
    farm.stock("v1")
    farm.submit_alone(a_request(SPECS[0]), a_request(SPECS[1], metadata={"commit": "c0ffee"}))
    farm.clock.advance(1)
    farm.submit_alone(a_request(SPECS[2], metadata={"commit": "decade"}))
    farm.clock.advance(1)
    farm.write(sweep.sweep)

    def listed(tx: Transaction) -> list[str]:
        return [row["commit_id"] for row in tx._connection.rows("SELECT commit_id FROM open_runs", {})]

    assert farm.read(listed) == ["decade"]


@pytest.mark.exam
def test_jobs_that_come_to_two_replicas_are_one_run_or_two_and_none_is_lost(databases: Databases) -> None:
    with databases() as database:
        if not isinstance(database, str):
            pytest.skip("a file has one owner")
        one, two = Store.open(database), Store.open(database)
        try:
            farms = [Farm(store=one), Farm(store=two)]
            farms[0].stock("v1")
            with ThreadPoolExecutor(len(farms)) as pool:
                coming = pool.map(lambda farm: [farm.submit_alone(a_request(path)) for path in SPECS * 4], farms)
                runs = {submitted.run_id for each in coming for (submitted,) in each}
            came = sum(sum(farms[0].run(run_id).statuses.values()) for run_id in runs)

            assert came == 80
            assert len(runs) < 20  # two, and some more where it takes longer than two seconds
            assert farms[0].read(broken) == ()
        finally:
            one.close()
            two.close()
