"""A farm's own past becomes a trace, on both databases."""

from datetime import timedelta

import pytest

from qgjob.core.errors import ConfigurationError
from qgjob.sim.baselines import POLICIES
from qgjob.sim.history import Past, past_of
from qgjob.sim.run import simulate
from qgjob.sim.trace import Install
from tests.service.farm import Farm, a_request, ended, installed, lease_ended, started


def past(farm: Farm, *, hours: float = 24) -> Past:
    return farm.read(lambda tx: past_of(tx, since=timedelta(hours=hours)))


def a_farm_that_ran(farm: Farm) -> None:
    """Two versions on one emulator, ten minutes apart; the second one's job is never run."""
    farm.stock("v1", "v2")
    (worker,) = farm.register("emulator-5554")
    farm.submit(a_request("tests/a.spec.js"), a_request("tests/b.spec.js"))
    for lease in farm.claim(worker):
        farm.run_through(lease, install_s=7)
    for lease in farm.claim(worker):
        farm.run_through(lease, install_s=9)
    farm.clock.advance(600)
    farm.submit(a_request("tests/a.spec.js", version="v2"))


def test_what_was_submitted_and_measured_is_in_the_trace(farm: Farm) -> None:
    a_farm_that_ran(farm)
    trace = past(farm).trace

    assert [(job.test, job.seconds, job.submit_s) for job in trace.jobs] == [
        ("tests/a.spec.js", 5, 0),
        ("tests/b.spec.js", 5, 0),
    ]
    assert len(trace.runs) == 1
    assert trace.classes == {"android/emulator virtual": 1}
    assert trace.installs == {"acme/v1": {"android/emulator virtual": Install(seconds=8, estimate_s=8)}}


def test_a_job_that_never_ran_is_left_out_and_said_to_be(farm: Farm) -> None:
    a_farm_that_ran(farm)

    assert past(farm).left_out == ("1 of 3 jobs never ran to an end, have no measured time and are left out.",)


def test_an_installation_that_was_never_measured_takes_the_mean_and_is_said_to(farm: Farm) -> None:
    a_farm_that_ran(farm)
    lease = farm.claim_one(farm.workers()[0].worker_id)
    (job,) = lease.jobs
    farm.report(lease.token, installed(reused=True), started(job.job_id), ended(job.job_id), lease_ended())
    found = past(farm)

    assert found.trace.installs["acme/v2"]["android/emulator virtual"].seconds == 8
    assert found.left_out == ("1 installations were never measured: the mean of their class stands for them.",)


def test_only_the_days_asked_for_count(farm: Farm) -> None:
    a_farm_that_ran(farm)
    farm.clock.advance(3 * 3600)

    with pytest.raises(ConfigurationError, match="No job that ran to its end was submitted since"):
        past(farm, hours=1)


def test_a_past_can_be_simulated(farm: Farm) -> None:
    a_farm_that_ran(farm)
    happened = simulate(past(farm).trace, POLICIES["warmsplit"])

    assert sorted(happened.ended.values()) == [13, 18]
    assert happened.installs == 1
