"""The places in line that jobs get from what the store knows: backlogs, weights, workers."""

from collections.abc import Mapping
from datetime import timedelta
from functools import partial

import pytest

from qgjob.core.errors import InvalidRequest
from qgjob.core.words import Fault, JobId, JobStatus, OrgId, Platform, Priority, Verdict
from qgjob.service import cancel, orgs, submit
from qgjob.store import Transaction
from qgjob.store.clock import from_micros
from tests.service.farm import SPECS, Farm, a_request


def places(farm: Farm, job_ids: tuple[JobId, ...]) -> list[tuple[int, timedelta]]:
    """Of each job its lane, and how long after now it is due."""

    def ask(tx: Transaction) -> Mapping[JobId, tuple[int, timedelta]]:
        rows = [tx.only("job_by_id", job_id=job_id) for job_id in job_ids]
        return {row["job_id"]: (row["lane"], from_micros(row["due_at"]) - farm.clock()) for row in rows}

    found = farm.read(ask)
    return [found[job_id] for job_id in job_ids]


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


def test_the_jobs_of_a_run_are_due_together_when_their_org_s_share_would_have_done_them(farm: Farm) -> None:
    """Ten unknown tests of a minute on two workers."""
    farm.stock("v1")
    farm.register("emulator-5554", "emulator-5556")

    assert places(farm, farm.submit(*(a_request(path) for path in SPECS))) == [(1, minutes(5))] * 10


def test_what_an_org_has_outstanding_pushes_its_next_jobs_back_and_no_other_org_s(farm: Farm) -> None:
    farm.stock("v1")
    farm.stock("v1", org="quiet")
    farm.register("emulator-5554")
    farm.submit(*(a_request(path) for path in SPECS))

    assert places(farm, farm.submit(a_request())) == [(1, minutes(11))]
    assert places(farm, farm.submit(a_request(org="quiet"))) == [(1, minutes(2))]


def test_jobs_that_are_done_push_nobody_back(farm: Farm) -> None:
    farm.stock("v1")
    (worker,) = farm.register("emulator-5554")
    farm.submit(a_request())
    farm.run_through(farm.claim_one(worker))

    assert places(farm, farm.submit(a_request("tests/b.spec.js"))) == [(1, timedelta(seconds=5))]


def test_a_heavier_org_has_a_larger_share(farm: Farm) -> None:
    farm.stock("v1")
    farm.stock("v1", org="heavy")
    farm.register("emulator-5554")
    farm.write(partial(orgs.set_weight, org_id=OrgId("heavy"), weight=3))
    farm.submit(a_request())

    assert places(farm, farm.submit(a_request(org="heavy"))) == [(1, minutes(1) * 4 / 3)]
    assert places(farm, farm.submit(a_request())) == [(1, minutes(2) * 4)]


@pytest.mark.parametrize("weight", [0, -1, 0.009, 100.1, float("nan"), float("inf")])
def test_a_weight_out_of_bounds_is_refused(farm: Farm, weight: float) -> None:
    with pytest.raises(InvalidRequest, match=r"weight: must be a number from 0\.01 to 100"):
        farm.write(partial(orgs.set_weight, org_id=OrgId("acme"), weight=weight))


def test_urgent_jobs_beyond_their_lane_count_as_high(farm: Farm) -> None:
    farm.stock("v1")
    farm.register("emulator-5554")
    first = farm.submit(*(a_request(path, priority=Priority.URGENT) for path in SPECS))
    eleventh = farm.submit(a_request(priority=Priority.URGENT))

    assert places(farm, first) == [(0, minutes(10))] * 10
    assert places(farm, eleventh) == [(1, minutes(11 - 30))]


def test_each_requirement_and_priority_of_a_run_has_a_place_of_its_own(farm: Farm) -> None:
    """Unknown tests of a minute on one worker that meets both: of each requirement what is as pressing comes first."""
    farm.stock("v1")
    farm.register("emulator-5554")
    run = farm.submit(
        a_request(SPECS[0]),
        a_request(SPECS[1], platform=Platform.ANDROID),
        a_request(SPECS[2], priority=Priority.HIGH),
        a_request(SPECS[3]),
        a_request(SPECS[4], priority=Priority.HIGH),
        a_request(SPECS[5], platform=Platform.ANDROID, priority=Priority.LOW),
    )

    assert places(farm, run) == [
        (1, minutes(4)),
        (1, minutes(1)),
        (1, minutes(2 - 30)),
        (1, minutes(4)),
        (1, minutes(2 - 30)),
        (1, minutes(2 + 60)),
    ]


def test_a_late_job_joins_its_group_and_has_a_place_of_its_own(farm: Farm) -> None:
    farm.stock("v1")
    farm.register("emulator-5554")
    early = farm.submit(a_request(SPECS[0]), a_request(SPECS[1]))
    farm.clock.advance(30)
    (late,) = farm.submit(a_request(SPECS[2]))

    assert farm.job(late).group_id == farm.job(early[0]).group_id
    assert places(farm, (*early, late)) == [(1, minutes(1.5)), (1, minutes(1.5)), (1, minutes(3))]


def test_a_deadline_brings_jobs_forward_so_that_the_longest_of_them_can_start_in_time(farm: Farm) -> None:
    """On ten unknown tests of a minute on one worker, due in ten: half of them should be done in five."""
    farm.stock("v1")
    farm.register("emulator-5554")
    soon = farm.clock() + minutes(5)
    run = farm.submit(
        *(a_request(path, deadline_at=soon) for path in SPECS[:5]), *(a_request(path) for path in SPECS[5:])
    )

    assert places(farm, run) == [(1, minutes(4))] * 5 + [(1, minutes(10))] * 5


def test_a_deadline_that_is_far_away_puts_nobody_back(farm: Farm) -> None:
    farm.stock("v1")
    farm.register("emulator-5554")
    (job_id,) = farm.submit(a_request(deadline_at=farm.clock() + minutes(60)))

    assert places(farm, (job_id,)) == [(1, minutes(1))]
    assert farm.job(job_id).request.deadline_at == farm.clock() + minutes(60)


def test_a_deadline_that_is_over_is_refused(farm: Farm) -> None:
    farm.stock("v1")
    with pytest.raises(InvalidRequest, match=r"deadline: .* is over: it was .* already") as refusal:
        farm.submit(a_request(SPECS[0]), a_request(SPECS[1], deadline_at=farm.clock()))

    assert [(problem.item, problem.field) for problem in refusal.value.problems] == [(1, "deadline")]


def test_a_job_that_is_submitted_again_has_no_deadline(farm: Farm) -> None:
    farm.stock("v1")
    (job_id,) = farm.submit(a_request(deadline_at=farm.clock() + minutes(5)))
    farm.write(partial(cancel.cancel, job_id=job_id))
    farm.clock.advance(600)
    (again,) = farm.write(partial(submit.retry, job_id=job_id)).job_ids

    assert farm.job(again).request.deadline_at is None


def test_a_retried_job_keeps_its_place(farm: Farm) -> None:
    farm.stock("v1")
    (worker,) = farm.register("emulator-5554")
    (job_id,) = farm.submit(a_request())
    (before,) = places(farm, (job_id,))
    farm.run_through(farm.claim_one(worker), Verdict.FAILED, Fault.TEST)
    farm.clock.advance(10)

    assert farm.job(job_id).status is JobStatus.PENDING
    assert places(farm, (job_id,)) == [(1, before[1] - timedelta(seconds=10))]
