"""A worker that a person takes out of work."""

import pytest

from qgjob.core.errors import NotFound
from qgjob.core.words import Target, WorkerId, WorkerStatus
from qgjob.service import ask, drain, fleet, protocol1
from tests.service.farm import SPECS, Farm, a_request


def test_a_draining_worker_finishes_what_it_has_and_gets_no_more(farm: Farm) -> None:
    farm.stock("v1")
    (worker,) = farm.register("emulator-5554")
    farm.submit(*(a_request(path) for path in SPECS[:2]))
    lease = farm.claim_one(worker)
    shown = farm.decide(lambda tx: drain.drain(tx, worker_id=worker))
    farm.run_through(lease)

    assert (shown.status, shown.current_jobs) == (WorkerStatus.DRAINING, tuple(job.job_id for job in lease.jobs))
    assert farm.job(lease.jobs[0].job_id).status.is_final
    assert farm.claim(worker) == ()
    assert farm.workers()[0].status is WorkerStatus.DRAINING


def test_it_drains_over_a_restart_of_its_agent_until_it_is_let_back_in(farm: Farm) -> None:
    farm.stock("v1")
    (worker,) = farm.register("emulator-5554")
    farm.submit(a_request())
    farm.decide(lambda tx: drain.drain(tx, worker_id=worker))
    farm.register("emulator-5554")
    assert farm.claim(worker) == ()

    shown = farm.decide(lambda tx: drain.resume(tx, worker_id=worker))
    assert shown.status is WorkerStatus.IDLE
    assert len(farm.claim(worker)) == 1


def test_a_worker_of_protocol_1_drains_as_well(farm: Farm) -> None:
    old = farm.decide(lambda tx: fleet.register_worker(tx, name="old", targets=[Target.EMULATOR], metadata={}))
    farm.submit(a_request(bundle=None))
    farm.decide(lambda tx: drain.drain(tx, worker_id=old))

    assert farm.decide(lambda tx: protocol1.heartbeat(tx, worker_id=old)).next_job is None


def test_draining_twice_is_draining_once_and_told_once(farm: Farm) -> None:
    (worker,) = farm.register("emulator-5554")
    first = farm.decide(lambda tx: drain.drain(tx, worker_id=worker))
    second = farm.decide(lambda tx: drain.drain(tx, worker_id=worker))

    assert first == second
    told = farm.read(lambda tx: ask.facts(tx, after=0, limit=100))
    assert [each.fact.kind for each in told if each.fact.worker_id == worker] == ["worker_draining"]


@pytest.mark.parametrize("deed", [drain.drain, drain.resume])
def test_an_unknown_worker_is_not_found(farm: Farm, deed: object) -> None:
    assert callable(deed)
    with pytest.raises(NotFound, match="Worker not found"):
        farm.decide(lambda tx: deed(tx, worker_id=WorkerId("none")))
