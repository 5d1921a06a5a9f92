"""Whatever is broken is made good again, also when the storm ends in the middle of it."""

import asyncio
import random
from collections.abc import Iterator

import pytest

from chaos.farm import Farm
from chaos.harms import inflict
from chaos.line import HttpLine
from chaos.plan import Fault, Harm, Victim
from local_postgres import LocalPostgres, a_postgres

pytestmark = [pytest.mark.anyio, pytest.mark.exam]


@pytest.fixture
def own_server() -> Iterator[LocalPostgres]:
    with a_postgres(fsync=False) as server:
        yield server


def a_farm_on(postgres: LocalPostgres) -> Farm:
    unused = HttpLine(list, random.Random(1), echoes=0.0)
    return Farm(servers=(), agents=(), users_line=unused, postgres=postgres, database=postgres.url())


@pytest.mark.parametrize("harm", [Harm.RESTART_FAST, Harm.RESTART_IMMEDIATE, Harm.KILL, Harm.FREEZE])
@pytest.mark.parametrize("storm_ends_after_s", [0.0, 0.02, 0.3])
async def test_postgres_serves_again_whenever_the_storm_ends(
    own_server: LocalPostgres, harm: Harm, storm_ends_after_s: float
) -> None:
    fault = Fault(at_s=0, victim=Victim.POSTGRES, number=0, harm=harm, lasts_s=60)
    hurting = asyncio.create_task(inflict(a_farm_on(own_server), fault))
    await asyncio.wait([hurting], timeout=storm_ends_after_s)
    hurting.cancel()
    await asyncio.wait([hurting])
    assert own_server.running
    assert (await asyncio.to_thread(own_server.create_database)).startswith("postgresql://")
