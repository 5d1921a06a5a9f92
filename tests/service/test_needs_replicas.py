"""A worker and a requirement that come at the same moment on two replicas find each other."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import partial
from threading import Event

import pytest

from local_postgres import LocalPostgres
from qgjob.core.agent import AgentFacts, DeviceFacts
from qgjob.core.words import AgentId, Platform, Target
from qgjob.service import fleet, submit
from qgjob.service.check import broken
from qgjob.store import Store, Transaction
from tests.databases import databases_of
from tests.service.farm import Farm, a_request

pytestmark = pytest.mark.exam

SOON_S = 20


@pytest.fixture
def replicas(every_postgres: LocalPostgres) -> Iterator[list[Farm]]:
    with databases_of(every_postgres)() as url:
        farms = [Farm(store=Store.open(url)) for _ in range(2)]
        farms[0].stock("v1")
        yield farms
        for farm in farms:
            farm.store.close()


@dataclass
class Held:
    """A verb whose transaction stays open until it is let go."""

    verb: Callable[[Transaction], object]
    done: Event = field(default_factory=Event)
    may_end: Event = field(default_factory=Event)

    def __call__(self, tx: Transaction) -> object:
        answer = self.verb(tx)
        self.done.set()
        assert self.may_end.wait(SOON_S)
        return answer


def a_registration(number: int = 1) -> Callable[[Transaction], object]:
    device = DeviceFacts(
        serial="a", target=Target.EMULATOR, platform=Platform.ANDROID, os_version="14", model="virtual"
    )
    facts = AgentFacts(
        agent_id=AgentId(f"agent-{number}"),
        name="host",
        protocol=2,
        version="0.1.0",
        has_project=False,
        holding=frozenset(),
        devices=(device,),
    )
    return partial(fleet.register_agent, facts=facts)


def a_submission(os_version: str = ">=13") -> Callable[[Transaction], object]:
    return partial(submit.submit, requests=[replace(a_request(), os_version=os_version)])


def test_a_worker_that_registers_while_a_requirement_is_being_made_meets_it(replicas: list[Farm]) -> None:
    here, there = replicas
    submission = Held(a_submission())
    making = here.store.write(submission)
    assert submission.done.wait(SOON_S)
    trying = Held(a_registration())
    trying.may_end.set()
    registering = there.store.decide(trying)
    trying_for_a_while(registering)
    submission.may_end.set()

    making.result(SOON_S)
    registering.result(SOON_S)
    assert here.read(broken) == ()
    assert len(here.read(lambda tx: tx.rows("all_worker_needs"))) == 2


def test_a_requirement_that_is_made_while_a_worker_registers_is_met_by_it(replicas: list[Farm]) -> None:
    here, there = replicas
    registration = Held(a_registration())
    registering = here.store.decide(registration)
    assert registration.done.wait(SOON_S)
    making = there.store.write(a_submission())
    trying_for_a_while(making)
    registration.may_end.set()

    registering.result(SOON_S)
    making.result(SOON_S)
    assert here.read(broken) == ()
    assert len(here.read(lambda tx: tx.rows("all_worker_needs"))) == 2


def test_two_replicas_that_make_the_same_requirement_make_it_once(replicas: list[Farm]) -> None:
    here, there = replicas
    here.decide(a_registration())
    first = Held(a_submission())
    making = here.store.write(first)
    assert first.done.wait(SOON_S)
    again = there.store.write(a_submission())
    trying_for_a_while(again)
    first.may_end.set()

    making.result(SOON_S)
    again.result(SOON_S)
    assert here.read(broken) == ()


def test_many_workers_and_requirements_at_once_all_find_each_other(replicas: list[Farm]) -> None:
    with ThreadPoolExecutor(8) as threads:
        deeds = [
            threads.submit(replicas[number % 2].decide, a_registration(number))
            if number % 4 < 2
            else threads.submit(replicas[number % 2].write, a_submission(f">={number}"))
            for number in range(40)
        ]
        for deed in deeds:
            deed.result(SOON_S)

    assert replicas[0].read(broken) == ()


def trying_for_a_while(deed: Future[object]) -> None:
    """Give it the time to get in the other's way, if nothing held it back: it is not done as long as that is there."""
    with pytest.raises(TimeoutError):
        deed.result(0.5)
