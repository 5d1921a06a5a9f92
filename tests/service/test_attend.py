"""A time in which no server swept costs nobody a lease; a server that joins a living farm prolongs none."""

from datetime import timedelta
from functools import partial
from threading import Event

import pytest

from local_postgres import LocalPostgres
from qgjob.core.timing import LEASE
from qgjob.core.words import JobStatus, LeaseToken, Target
from qgjob.service import protocol1
from qgjob.service.attend import Attended, attend
from qgjob.service.fleet import register_worker
from qgjob.service.sweep import Swept
from qgjob.store import Store, Transaction
from qgjob.store.clock import from_micros
from tests.databases import Databases, databases_of
from tests.service.farm import Farm, a_request, started

QUIET = Attended(swept=Swept(leases_ended=0, jobs_woken=0), away=timedelta(0))


def a_lease(farm: Farm) -> LeaseToken:
    """A lease whose job runs, on a farm that has just been attended to."""
    farm.write(attend)
    farm.stock("v1")
    (worker,) = farm.register("emulator-5554")
    (job_id,) = farm.submit(a_request())
    token = farm.claim_one(worker).token
    farm.report(token, started(job_id))
    return token


def live(farm: Farm, seconds: int) -> int:
    """Let time pass on a farm that is attended to; how many leases ended."""
    ended = 0
    for _ in range(seconds):
        farm.clock.advance(1)
        attended = farm.write(attend)
        assert attended is not None
        assert attended.away == timedelta(0)
        ended += attended.swept.leases_ended
    return ended


def left(farm: Farm, token: LeaseToken) -> timedelta:
    deadline_at: int = farm.read(lambda tx: tx.only("lease_by_token", token=token))["deadline_at"]
    return from_micros(deadline_at) - farm.clock.now


def test_a_lease_has_as_long_after_an_outage_as_it_had_before(farm: Farm) -> None:
    token = a_lease(farm)
    live(farm, 10)
    farm.clock.advance(3600)
    attended = farm.write(attend)

    assert attended == Attended(swept=Swept(leases_ended=0, jobs_woken=0, leases_late=1), away=timedelta(hours=1))
    assert left(farm, token) == timedelta(seconds=65)
    assert farm.renew(token) == (True,)


def test_an_agent_that_died_in_an_outage_is_lost_soon_after(farm: Farm) -> None:
    a_lease(farm)
    live(farm, 70)
    farm.clock.advance(3600)
    farm.write(attend)

    assert live(farm, 5) == 0
    assert live(farm, 1) == 1


def test_a_server_that_joins_a_living_farm_prolongs_nothing(farm: Farm) -> None:
    token = a_lease(farm)
    live(farm, 60)
    farm.clock.advance(15)

    assert farm.write(attend) == QUIET
    assert left(farm, token) == timedelta(0)


def test_a_lease_that_was_renewed_before_the_first_sweep_gets_no_more_than_a_whole_length(farm: Farm) -> None:
    token = a_lease(farm)
    farm.clock.advance(3600)
    assert farm.renew(token) == (True,)
    farm.write(attend)

    assert left(farm, token) == LEASE


def test_a_clock_that_is_put_back_leaves_leases_what_they_had(databases: Databases) -> None:
    with databases() as database:
        before = Farm.on(database)
        token = a_lease(before)
        live(before, 10)
        before.store.close()
        before.clock.advance(-3600)
        after = Farm(store=Store.open(database, clock=before.clock), clock=before.clock)
        attended = after.write(attend)
        remaining = left(after, token)
        after.store.close()

    assert attended == Attended(swept=Swept(leases_ended=0, jobs_woken=0), away=-timedelta(hours=1))
    assert remaining == timedelta(seconds=65)


def test_a_worker_of_protocol_1_keeps_its_longer_lease(farm: Farm) -> None:
    farm.write(attend)
    farm.submit(a_request(bundle=None))
    worker = farm.decide(partial(register_worker, name="W", targets=frozenset({Target.EMULATOR}), metadata={}))
    job = farm.decide(partial(protocol1.heartbeat, worker_id=worker)).next_job
    live(farm, 250)
    farm.clock.advance(3600)
    farm.write(attend)

    assert job is not None
    assert live(farm, 50) == 0
    assert farm.job(job.job_id).status is JobStatus.QUEUED
    assert live(farm, 1) == 1


def test_a_farm_that_was_never_attended_to_gives_every_lease_its_whole_length(farm: Farm) -> None:
    farm.stock("v1")
    (worker,) = farm.register("emulator-5554")
    farm.submit(a_request())
    token = farm.claim_one(worker).token
    farm.clock.advance(1000)
    farm.write(attend)

    assert left(farm, token) == LEASE


@pytest.mark.exam
def test_while_one_replica_is_at_it_another_leaves_it_alone(postgres: LocalPostgres) -> None:
    begun, go_on = Event(), Event()

    def slowly(tx: Transaction) -> Attended | None:
        attended = attend(tx)
        begun.set()
        go_on.wait(20)
        return attended

    with databases_of(postgres)() as url:
        first, second = Store.open(url), Store.open(url)
        first.write(attend).result(20)
        slow = first.write(slowly)
        begun.wait(20)
        meanwhile = second.write(attend).result(20)
        go_on.set()
        after = slow.result(20), second.write(attend).result(20)
        first.close()
        second.close()

    assert meanwhile is None
    assert after == (QUIET, QUIET)
