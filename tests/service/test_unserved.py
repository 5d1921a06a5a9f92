"""Jobs that nobody can serve say so when they are submitted, or are refused."""

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from qgjob.core.errors import NoWorker
from qgjob.core.job import JobRequest
from qgjob.core.quarantine import Conduct
from qgjob.core.requirement import requirement_for
from qgjob.core.unmet import Availability, Away, Unmet
from qgjob.core.words import JobStatus, Platform, Target
from qgjob.service import ask, drain, fleet, submit
from qgjob.service.leasing.conduct import write_conduct
from qgjob.service.needs.standing import why_unserved
from tests.service.farm import SPECS, Farm, a_request


def said(farm: Farm, *requests: JobRequest) -> list[tuple[int, str, str]]:
    """How many jobs nobody can serve, and why, in a word and in a sentence."""
    return [(each.jobs, each.why.code, each.why.sentence) for each in farm.submit_run(*requests).unserved]


def test_jobs_that_somebody_serves_come_without_a_word(farm: Farm) -> None:
    farm.stock("v1")
    farm.register("emulator-5554")

    assert said(farm, a_request(), replace(a_request(), os_version="14")) == []


def test_on_a_farm_without_workers_every_job_says_so(farm: Farm) -> None:
    farm.stock("v1")

    assert said(farm, a_request()) == [(1, "target", "No worker has target emulator.")]


def test_each_requirement_that_nobody_meets_is_told_once_with_what_there_is(farm: Farm) -> None:
    farm.stock("v1")
    farm.register("emulator-5554", tags=["lab"])
    requests = [
        a_request(),
        replace(a_request(SPECS[0]), os_version=">=15"),
        replace(a_request(SPECS[1]), os_version=">=15"),
        replace(a_request(), target=Target.DEVICE),
        replace(a_request(), tags=("fast",)),
        replace(a_request(), pin="emulator-9", only=True),
    ]

    assert said(farm, *requests) == [
        (
            2,
            "os_version",
            "No worker with target emulator and with platform android has OS version >=15: those have 14.",
        ),
        (1, "target", "No worker has target device: the others have emulator."),
        (
            1,
            "tags",
            "No worker with target emulator and with platform android has the tag fast: those have the tag lab.",
        ),
        (1, "device", "No worker is called 'emulator-9'."),
    ]


def test_a_job_without_an_app_waits_for_a_worker_with_a_project(farm: Farm) -> None:
    farm.stock()
    farm.register("emulator-5554")

    assert [code for _, code, _ in said(farm, a_request())] == ["project"]


def test_workers_that_meet_it_and_are_away_are_told(farm: Farm) -> None:
    farm.stock("v1")
    first, _ = farm.register("emulator-5554", "emulator-5556")
    farm.decide(partial(drain.drain, worker_id=first))
    assert said(farm, a_request()) == []
    farm.clock.advance(91)

    assert said(farm, a_request()) == [(1, "offline", "All 2 workers that meet it are offline.")]
    farm.register("emulator-5554")
    assert said(farm, a_request()) == [
        (1, "away", "None of the 2 workers that meet it can be counted on: 1 offline, 1 draining.")
    ]


def test_a_worker_in_quarantine_is_told_as_that_until_its_time_is_up(farm: Farm) -> None:
    farm.stock("v1")
    (worker,) = farm.register("emulator-5554")
    ill = Conduct(faults_in_a_row=3, until_at=farm.clock() + timedelta(seconds=60))
    farm.decide(lambda tx: write_conduct(tx, worker, ill))

    assert said(farm, a_request()) == [(1, "quarantined", "The only worker that meets it is quarantined.")]
    farm.clock.advance(60)
    assert said(farm, a_request()) == []


def test_only_on_a_device_that_is_away_says_that_of_the_device(farm: Farm) -> None:
    farm.stock("v1")
    farm.register("emulator-5554", "emulator-5556")
    farm.register("emulator-5554")

    assert said(farm, replace(a_request(), pin="emulator-5556", only=True)) == [
        (1, "offline", "The only worker that meets it is offline.")
    ]


def test_a_job_that_nobody_could_serve_runs_once_somebody_can(farm: Farm) -> None:
    farm.stock("v1")
    asked = replace(a_request(), os_version="15")
    (job,) = farm.submit(asked)
    (worker,) = farm.register("emulator-5554", os_version="15")

    assert farm.claim_one(worker).jobs[0].job_id == job


def test_with_require_worker_a_job_that_nobody_can_serve_is_refused_and_nothing_stored(farm: Farm) -> None:
    farm.stock("v1")
    farm.register("emulator-5554")
    with pytest.raises(NoWorker) as refusal:
        farm.write(
            lambda tx: submit.submit(
                tx, requests=[a_request(), replace(a_request(), platform=Platform.IOS)], require_worker=True
            )
        )

    assert refusal.value.message == (
        "Job 1: No worker with target emulator has platform ios: those have android. Nothing was submitted."
    )
    assert farm.read(ask.stats).jobs[JobStatus.PENDING] == 0
    assert farm.write(lambda tx: submit.submit(tx, requests=[a_request()], require_worker=True)).unserved == ()


def test_why_nobody_serves_a_requirement_can_be_asked_before_any_job_has_it(farm: Farm) -> None:
    farm.stock("v1")
    farm.register("emulator-5554")
    farm.decide(partial(fleet.register_worker, name="old", targets=[Target.DEVICE], metadata={}))
    farm.submit(a_request())
    plain = requirement_for(a_request())
    new = requirement_for(replace(a_request(), model="pixel 8"))

    assert farm.read(partial(why_unserved, requirement=plain)) is None
    assert (
        farm.read(partial(why_unserved, requirement=requirement_for(replace(a_request(), target=Target.DEVICE))))
        is None
    )
    assert isinstance(farm.read(partial(why_unserved, requirement=new)), Unmet)
    farm.clock.advance(91)
    assert farm.read(partial(why_unserved, requirement=plain)) == Away(workers={Availability.OFFLINE: 1})
