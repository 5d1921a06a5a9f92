"""A run is drawn from its seed and nothing else."""

import pytest

from chaos.plan import STORM_S, Database, Harm, Victim, draw

OF_POSTGRES = {Victim.POSTGRES, Victim.POSTGRES_LINE}


@pytest.mark.parametrize("database", list(Database))
def test_the_same_seed_is_the_same_run(database: Database) -> None:
    assert draw(7, database) == draw(7, database)
    assert draw(7, database) != draw(8, database)


def test_sqlite_has_one_server_and_postgres_some_replicas() -> None:
    assert {draw(seed, Database.SQLITE).servers for seed in range(50)} == {1}
    assert {draw(seed, Database.POSTGRES).servers for seed in range(50)} == {2, 3}


def test_every_fault_hits_something_that_is_there_during_the_storm() -> None:
    for seed in range(100):
        plan = draw(seed, Database.POSTGRES)
        counts = {Victim.SERVER: plan.servers, Victim.DEVICE: plan.agents * plan.devices_each}
        counts |= {Victim.POSTGRES_LINE: plan.servers, Victim.USER_LINE: 1, Victim.POSTGRES: 1}
        for fault in plan.faults:
            assert 0 <= fault.at_s <= STORM_S
            assert fault.number < counts.get(fault.victim, plan.agents)


def test_in_a_hundred_runs_everything_is_hurt_in_every_way() -> None:
    faults = [fault for seed in range(100) for fault in draw(seed, Database.POSTGRES).faults]
    assert {fault.victim for fault in faults} == set(Victim)
    assert {fault.harm for fault in faults} == set(Harm)


def test_without_postgres_nobody_hurts_it() -> None:
    victims = {fault.victim for seed in range(100) for fault in draw(seed, Database.SQLITE).faults}
    assert victims == set(Victim) - OF_POSTGRES


def test_a_fault_is_told_in_a_line() -> None:
    fault = draw(1, Database.SQLITE).faults[0]
    assert str(fault) == " 0.20 s  server 1: kill -9 for 1.42 s"
