"""Jobs with the same cases end on three replicas at once, while somebody mutes and unmutes them.

On every PostgreSQL that this machine has.
"""

import random
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from functools import partial

import psycopg
import pytest

from local_postgres import LocalPostgres
from qgjob.core.errors import NotFound
from qgjob.core.lease import Lease
from qgjob.core.words import AgentId, CaseOutcome, Fault, Verdict
from qgjob.service import ask, mutes
from qgjob.service.check import broken
from qgjob.store import Store, Transaction, system_clock
from tests.databases import databases_of
from tests.service.case_runs import FAILED, PASSED
from tests.service.farm import ORG, Farm, a_case, a_request, case_ended, ended, installed, lease_ended, started

pytestmark = pytest.mark.exam

AGENTS = 6
JOBS = 48
CASES = ("adds", "browses", "pays", "returns", "searches", "signs in")


@pytest.fixture
def url(every_postgres: LocalPostgres) -> Iterator[str]:
    with databases_of(every_postgres)() as url:
        yield str(url)


@pytest.fixture
def replicas(url: str) -> Iterator[list[Farm]]:
    farms = [Farm(store=Store.open(url)) for _ in range(3)]
    yield farms
    for farm in farms:
        farm.store.close()


def work(replicas: list[Farm], number: int) -> None:
    """Run what waits, the cases of each job in an order of its own, and report it all at once, anywhere."""
    dice, agent = random.Random(number), AgentId(f"agent-{number}")
    workers = dice.choice(replicas).register(f"{number}", agent=agent)
    while leases := dice.choice(replicas).claim(*workers, agent=agent):
        for lease in leases:
            report(dice, replicas, lease, agent)


def report(dice: random.Random, replicas: list[Farm], lease: Lease, agent: AgentId) -> None:
    steps = [installed()]
    for job in lease.jobs:
        cases = [a_case(name, dice.choice([PASSED, FAILED])) for name in dice.sample(CASES, len(CASES))]
        ok = all(each.ok for each in cases)
        steps += [
            started(job.job_id, job.attempt),
            *(case_ended(job.job_id, job.attempt, each) for each in cases),
            ended(
                job.job_id,
                job.attempt,
                Verdict.PASSED if ok else Verdict.FAILED,
                None if ok else Fault.TEST,
                seconds=0.1,
            ),
        ]
    numbered = [step(seq, system_clock()) for seq, step in enumerate([*steps, lease_ended()], start=1)]
    dice.choice(replicas).report_as_is(lease.token, *numbered, agent=agent)


def mute_and_unmute(replicas: list[Farm], number: int) -> None:
    dice = random.Random(1000 + number)
    for _ in range(30):
        farm, case_id = dice.choice(replicas), dice.choice(CASES)
        until_at = system_clock() + timedelta(days=1)
        farm.decide(partial(mutes.mute, org_id=ORG, case_id=case_id, owner="ada", until_at=until_at, reason=None))
        with suppress(NotFound):
            farm.decide(partial(mutes.unmute, org_id=ORG, case_id=dice.choice(CASES)))


def deadlocks(url: str) -> int:
    """Count the deadlocks that PostgreSQL has found in this database; what happened is known when all have left."""
    with psycopg.connect(url, autocommit=True) as raw:
        row = raw.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()").fetchone()
        assert row is not None
        return int(row[0])


def results(tx: Transaction) -> Counter[str]:
    return Counter(row["case_id"] for row in tx._connection.rows("SELECT case_id FROM case_results", {}))


def test_no_result_is_lost_and_nobody_waits_in_a_circle(url: str, replicas: list[Farm]) -> None:
    before = deadlocks(url)
    replicas[0].stock("v1")
    run = replicas[0].submit_run(
        *(a_request(f"tests/{'abcdefghij'[n % 10]}.spec.js", max_retries=0) for n in range(JOBS))
    )
    with ThreadPoolExecutor(AGENTS + 2) as threads:
        working = [threads.submit(work, replicas, number) for number in range(AGENTS)]
        muting = [threads.submit(mute_and_unmute, replicas, number) for number in range(2)]
        for each in (*working, *muting):
            each.result()
    work(replicas, AGENTS)
    known = replicas[1].read(lambda tx: [ask.case_history(tx, org_id=ORG, case_id=case_id) for case_id in CASES])

    assert replicas[1].read(results) == dict.fromkeys(CASES, JOBS)
    assert [each.case.counts.total for each in known] == [30] * len(CASES)
    assert replicas[0].read(partial(ask.is_over, run_id=run.run_id))
    assert replicas[2].read(broken) == ()
    assert {past.outcome for each in known for past in each.past} == {CaseOutcome.PASSED, CaseOutcome.FAILED}
    for farm in replicas:
        farm.store.close()
    assert deadlocks(url) == before
