"""Who is woken by what: held claims by work, held streams by facts, nobody for nothing."""

import pytest

from qgjob.core.words import Fault, Verdict
from qgjob.service import sweep
from qgjob.store import ENDS, FACTS, WORK
from tests.service.farm import Farm, a_case, a_request, case_ended, ended, installed, lease_ended, started


class Ear:
    """Hears the topics of commits."""

    def __init__(self, farm: Farm) -> None:
        self._farm = farm
        self._heard: list[frozenset[str]] = []
        farm.store.on_commit(self._heard.append)

    def heard(self) -> list[frozenset[str]]:
        """All since the last time. Topics are told after the answer, but before the writer takes the next verb."""
        self._farm.write(lambda _: None)
        self._farm.decide(lambda _: None)
        heard, self._heard[:] = list(self._heard), []
        return heard


@pytest.fixture
def ear(farm: Farm) -> Ear:
    farm.stock("v1")
    farm.register("emulator-5554")
    ear = Ear(farm)
    ear.heard()
    return ear


def test_submitting_wakes_claims_and_streams(farm: Farm, ear: Ear) -> None:
    farm.submit(a_request())

    assert ear.heard() == [frozenset({WORK, FACTS})]


def test_uploading_an_app_wakes_claims(farm: Farm, ear: Ear) -> None:
    farm.stock("v2")

    assert ear.heard()[0] == {WORK, FACTS}


def test_progress_wakes_streams_and_the_end_of_a_job_who_waits_for_its_run(farm: Farm, ear: Ear) -> None:
    (job_id,) = farm.submit(a_request())
    lease = farm.claim_one(farm.workers()[0].worker_id)
    ear.heard()
    farm.report(lease.token, installed(), started(job_id), case_ended(job_id, 1, a_case()))
    assert ear.heard() == [frozenset({FACTS})]
    farm.report(lease.token, ended(job_id))

    assert ear.heard() == [frozenset({FACTS, ENDS})]


def test_the_end_of_a_lease_wakes_claims_since_its_group_may_need_another_worker(farm: Farm, ear: Ear) -> None:
    farm.submit(a_request())
    lease = farm.claim_one(farm.workers()[0].worker_id)
    farm.report(lease.token, started(lease.jobs[0].job_id), ended(lease.jobs[0].job_id))
    ear.heard()
    farm.report(lease.token, lease_ended())

    assert ear.heard() == [frozenset({WORK, FACTS})]


def test_a_sweep_wakes_claims_only_when_it_found_something(farm: Farm, ear: Ear) -> None:
    farm.submit(a_request())
    farm.run_through(farm.claim_one(farm.workers()[0].worker_id), Verdict.INFRA_ERROR, Fault.INFRASTRUCTURE)
    ear.heard()
    farm.write(sweep.sweep)
    assert ear.heard() == []
    farm.clock.advance(5)
    farm.write(sweep.sweep)

    assert ear.heard() == [frozenset({WORK})]


def test_a_renewal_and_an_empty_claim_wake_nobody(farm: Farm, ear: Ear) -> None:
    farm.claim(farm.workers()[0].worker_id)
    farm.renew()

    assert ear.heard() == []
