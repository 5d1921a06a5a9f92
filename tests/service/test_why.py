"""Why jobs wait, said by the rule that decides."""

from datetime import timedelta
from functools import partial

import pytest

from qgjob.core.eta import Eta
from qgjob.core.job import JobRequest
from qgjob.core.waiting import InLine, Kept, Next, NobodyServes, Resting, Satisfied, Waiting, sentence
from qgjob.core.words import Fault, JobId, Platform, Priority, Verdict, WorkerId
from qgjob.service.ask.why import Prospect, explain_job, job_with_prospect
from qgjob.service.drain import drain
from tests.service.exact import teach
from tests.service.farm import SPECS, Farm, a_request, installed, started
from tests.store.clocks import NOON


def prospect_of(farm: Farm, job_id: JobId) -> Prospect:
    return farm.read(partial(job_with_prospect, job_id=job_id))[1]


def why(farm: Farm, job_id: JobId) -> Waiting | None:
    return prospect_of(farm, job_id).waiting


def said(farm: Farm, job_id: JobId) -> str:
    prospect = prospect_of(farm, job_id)
    assert prospect.waiting is not None
    return sentence(prospect.waiting, prospect.at)


def a_busy_worker(farm: Farm) -> WorkerId:
    """Serve v1 with the farm's only worker: it has a job of a minute, and installs for another."""
    farm.stock("v1", "v2", "v3")
    (worker,) = farm.register("emulator-5554")
    farm.submit(a_request("tests/a.spec.js"))
    farm.claim_one(worker)
    return worker


@pytest.mark.parametrize(
    ("request_", "code", "sentence_"),
    [
        (
            a_request(platform=Platform.IOS),
            "platform",
            "No worker with target emulator has platform ios: those have android.",
        ),
        (
            a_request(bundle=None),
            "project",
            (
                "No worker with target emulator and with platform android has a project of its own, "
                "as a job without bundle or uploaded app needs."
            ),
        ),
    ],
)
def test_a_job_that_no_worker_meets_says_which_part_fails(
    farm: Farm, request_: JobRequest, code: str, sentence_: str
) -> None:
    farm.stock("v1")
    farm.register("emulator-5554")
    (job_id,) = farm.submit(request_)
    prospect = prospect_of(farm, job_id)

    assert prospect.waiting == NobodyServes(code=code, sentence=sentence_)
    assert prospect.eta is not None
    assert prospect.eta.done_about_at is None


def test_a_farm_without_workers_has_none_with_the_target(farm: Farm) -> None:
    farm.stock("v1")
    (job_id,) = farm.submit(a_request())

    assert said(farm, job_id) == "No worker has target emulator."


def test_a_job_whose_workers_are_all_offline_says_so(farm: Farm) -> None:
    farm.stock("v1")
    farm.register("emulator-5554", "emulator-5556")
    (job_id,) = farm.submit(a_request())
    farm.clock.advance(91)

    assert said(farm, job_id) == "All 2 workers that meet it are offline."


def test_a_job_whose_only_worker_drains_says_so(farm: Farm) -> None:
    farm.stock("v1")
    (worker,) = farm.register("emulator-5554")
    farm.decide(partial(drain, worker_id=worker))
    (job_id,) = farm.submit(a_request())

    assert said(farm, job_id) == "The only worker that meets it is draining."


def test_a_job_whose_workers_are_kept_from_work_for_several_reasons_counts_them(farm: Farm) -> None:
    farm.stock("v1")
    first, _ = farm.register("emulator-5554", "emulator-5556")
    farm.decide(partial(drain, worker_id=first))
    (job_id,) = farm.submit(a_request())
    _lose_leases(farm, farm.workers()[1].worker_id, times=3)

    assert said(farm, job_id) == "None of the 2 workers that meet it can be counted on: 1 draining, 1 quarantined."


def _lose_leases(farm: Farm, worker: WorkerId, *, times: int) -> None:
    for letter in "bcdefg"[:times]:
        farm.submit(a_request(f"tests/{letter}.spec.js", priority=Priority.URGENT))
        farm.run_through(farm.claim_one(worker), Verdict.INFRA_ERROR, Fault.INFRASTRUCTURE)


def test_a_job_whose_worker_is_in_quarantine_waits_until_that_is_over(farm: Farm) -> None:
    farm.stock("v1")
    (worker,) = farm.register("emulator-5554")
    _lose_leases(farm, worker, times=3)
    (job_id,) = farm.submit(a_request())
    prospect = prospect_of(farm, job_id)

    assert prospect.waiting == NobodyServes(
        code="quarantined",
        sentence="The only worker that meets it is quarantined.",
        until_at=NOON + timedelta(minutes=5),
    )
    assert prospect.eta is not None
    assert prospect.eta.start_about_at is not None
    assert prospect.eta.start_about_at >= NOON + timedelta(minutes=5)


def test_a_job_that_was_lost_rests_before_it_is_tried_again(farm: Farm) -> None:
    farm.stock("v1")
    (worker,) = farm.register("emulator-5554")
    (job_id,) = farm.submit(a_request())
    farm.run_through(farm.claim_one(worker), Verdict.INFRA_ERROR, Fault.INFRASTRUCTURE)
    prospect = prospect_of(farm, job_id)

    assert prospect.waiting == Resting(until_at=NOON + timedelta(seconds=5))
    assert said(farm, job_id) == "It rests for about 5 s before it is tried again."
    assert prospect.eta is not None
    assert prospect.eta.done_about_at == NOON + timedelta(seconds=65)


def test_a_job_that_is_kept_for_another_device_says_for_how_long(farm: Farm) -> None:
    farm.stock("v1")
    worker, other = farm.register("emulator-5554", "emulator-5556")
    (job_id,) = farm.submit(a_request())
    farm.run_through(farm.claim_one(worker), Verdict.INFRA_ERROR, Fault.INFRASTRUCTURE)
    farm.clock.advance(6)
    farm.claim(worker)

    waiting = why(farm, job_id)
    assert isinstance(waiting, Kept)
    assert waiting.worker == next(each.name for each in farm.workers() if each.worker_id == worker)
    assert [job.job_id for job in farm.claim_one(other).jobs] == [job_id]
    assert why(farm, job_id) is None


def test_a_job_that_a_free_worker_will_take_has_nothing_in_its_way(farm: Farm) -> None:
    farm.stock("v1")
    farm.register("emulator-5554")
    (job_id,) = farm.submit(a_request())
    prospect = prospect_of(farm, job_id)

    assert prospect.waiting == Next()
    assert prospect.eta is not None
    assert prospect.eta.start_about_at == NOON + timedelta(seconds=60)
    assert prospect.eta.done_about_at == NOON + timedelta(seconds=120)


def test_a_job_is_behind_those_of_its_own_group(farm: Farm) -> None:
    a_busy_worker(farm)
    (first, second) = farm.submit(a_request("tests/b.spec.js"), a_request("tests/c.spec.js"))

    assert said(farm, first) == "Nothing is before it, but all workers that could run it are busy, for about 2 min."
    assert said(farm, second) == "It is behind 1 job of its own group, for about 3 min."
    assert why(farm, second) == InLine(
        jobs=1, groups=0, jobs_of_groups=0, at_least=False, until_at=NOON + timedelta(minutes=3)
    )


def test_a_job_that_nobody_serves_is_behind_the_groups_that_were_there_first(farm: Farm) -> None:
    a_busy_worker(farm)
    farm.submit(*(a_request(path, version="v2") for path in SPECS[:3]))
    (job_id,) = farm.submit(a_request("tests/b.spec.js", version="v3", priority=Priority.LOW))

    assert said(farm, job_id) == "It is behind 1 group with 3 jobs, for about 6 min."


def test_urgent_jobs_of_its_group_are_before_a_job_though_they_came_later(farm: Farm) -> None:
    a_busy_worker(farm)
    (job_id,) = farm.submit(a_request("tests/b.spec.js"))
    farm.submit(a_request("tests/c.spec.js", priority=Priority.URGENT))

    assert said(farm, job_id) == "It is behind 1 job of its own group, for about 3 min."


def test_a_job_that_is_not_worth_another_installation_says_when_its_workers_get_to_it(farm: Farm) -> None:
    farm.stock("v1")
    teach(farm, org="acme", lengths=dict.fromkeys(SPECS, 20.0), install_s=60)
    first, second = farm.register("emulator-5554", "emulator-5556")
    job_ids = farm.submit(*(a_request(path) for path in SPECS[:2]))
    farm.claim_one(first)
    prospect = prospect_of(farm, job_ids[1])

    assert farm.claim(second) == ()
    assert prospect.waiting == Satisfied(
        servers=1,
        last_start=timedelta(seconds=80),
        install=timedelta(seconds=60),
        worth=timedelta(seconds=90),
        starts_at=NOON + timedelta(seconds=80),
    )
    assert said(farm, job_ids[1]) == (
        "The worker that serves its group gets to it in about 80 s: "
        "another installation, of about 60 s, is not worth it."
    )


def test_a_leased_job_waits_for_nothing_and_knows_when_it_is_done(farm: Farm) -> None:
    farm.stock("v1")
    (worker,) = farm.register("emulator-5554")
    (job_id,) = farm.submit(a_request())
    farm.claim_one(worker)

    assert prospect_of(farm, job_id) == Prospect(
        at=NOON,
        eta=Eta(start_about_at=NOON + timedelta(seconds=60), done_about_at=NOON + timedelta(seconds=120)),
    )


def test_a_job_that_runs_longer_than_it_should_is_not_said_to_end_at_any_time(farm: Farm) -> None:
    farm.stock("v1")
    (worker,) = farm.register("emulator-5554")
    (job_id,) = farm.submit(a_request())
    lease = farm.claim_one(worker)
    farm.report(lease.token, installed(), started(job_id))
    farm.clock.advance(59)
    assert prospect_of(farm, job_id).eta == Eta(done_about_at=NOON + timedelta(seconds=60))
    farm.clock.advance(2)

    assert prospect_of(farm, job_id).eta == Eta(not_before_at=NOON + timedelta(seconds=61))


def test_a_job_that_is_final_has_nothing_ahead(farm: Farm) -> None:
    farm.stock("v1")
    (worker,) = farm.register("emulator-5554")
    (job_id,) = farm.submit(a_request())
    farm.run_through(farm.claim_one(worker))

    assert prospect_of(farm, job_id) == Prospect(at=NOON)


def test_all_that_was_decided_about_a_job_is_kept(farm: Farm) -> None:
    farm.stock("v1")
    worker, other = farm.register("emulator-5554", "emulator-5556")
    (job_id,) = farm.submit(a_request())
    farm.run_through(farm.claim_one(worker), Verdict.INFRA_ERROR, Fault.INFRASTRUCTURE)
    farm.clock.advance(6)
    farm.claim_one(other)
    decisions = farm.read(partial(explain_job, job_id=job_id)).decisions

    assert [(each.attempt, each.worker_id, each.job_ids) for each in decisions] == [
        (1, worker, (job_id,)),
        (2, other, (job_id,)),
    ]
    assert [each.ended_at for each in decisions] == [NOON, None]
    assert {each.reason for each in decisions} == {"no worker served this group, and it was the first in line"}
    assert decisions[0].choice == {"because": "unserved", "install_s": 60, "saves_s": None}
