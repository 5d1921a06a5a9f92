"""Verbs of many agents and people on three replicas at once: every job runs once, and every sum is right afterwards.

On every PostgreSQL that this machine has.
"""

import random
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial

import pytest

from local_postgres import LocalPostgres
from qgjob.core.errors import Conflict
from qgjob.core.lease import Lease
from qgjob.core.words import AgentId, JobId, JobStatus, Priority, WorkerId
from qgjob.service import ask, cancel, sweep
from qgjob.service.ask import JobFilter
from qgjob.service.check import broken
from qgjob.service.leasing import warm
from qgjob.service.submit import Submitted
from qgjob.store import Store, system_clock
from tests.databases import databases_of
from tests.service.farm import (
    ANSWER_WITHIN_S,
    SPECS,
    Farm,
    a_case,
    a_request,
    case_ended,
    ended,
    installed,
    lease_ended,
    started,
)

pytestmark = pytest.mark.exam

PUSHES = 12
AGENTS = 5


@pytest.fixture
def replicas(every_postgres: LocalPostgres) -> Iterator[list[Farm]]:
    with databases_of(every_postgres)() as url:
        farms = [Farm(store=Store.open(url)) for _ in range(3)]
        yield farms
        for farm in farms:
            farm.store.close()


@dataclass
class Host:
    """An agent with two devices that asks whichever replica it comes to, every time another."""

    replicas: list[Farm]
    number: int
    ran: list[tuple[JobId, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.dice = random.Random(self.number)
        self.agent = AgentId(f"agent-{self.number}")

    @property
    def anywhere(self) -> Farm:
        return self.dice.choice(self.replicas)

    def work(self) -> list[tuple[JobId, int]]:
        """Work until nothing waits; which jobs it ran, and as which attempts."""
        workers = self.anywhere.register(f"{self.number}a", f"{self.number}b", agent=self.agent)
        while leases := self.anywhere.claim(*workers, agent=self.agent):
            for lease in leases:
                self._run(lease)
        return self.ran

    def work_off(self) -> list[tuple[JobId, int]]:
        """Work until nothing waits at all: what has just come is left for a moment to devices that have gone home."""
        give_up_s = time.monotonic() + warm.COMES_WITHIN.total_seconds() + ANSWER_WITHIN_S
        while self.anywhere.read(ask.stats).jobs[JobStatus.PENDING]:
            assert time.monotonic() < give_up_s
            self.work()
        return self.ran

    def _run(self, lease: Lease) -> None:
        self.anywhere.renew(lease.token, agent=self.agent)
        steps = [installed()]
        for job in lease.jobs:
            steps += [
                started(job.job_id, job.attempt),
                case_ended(job.job_id, job.attempt, a_case(job.test_path)),
                ended(job.job_id, job.attempt),
            ]
            self.ran.append((job.job_id, job.attempt))
        numbered = [step(seq, system_clock()) for seq, step in enumerate([*steps, lease_ended()], start=1)]
        half = len(numbered) // 2
        for part in (numbered[:half], numbered[half:]):
            self.anywhere.report_as_is(lease.token, *part, agent=self.agent)


def push_and_think_better(replicas: list[Farm], number: int) -> list[JobId]:
    """Submit a run, and cancel one job of it, wherever that job is by then."""
    dice = random.Random(1000 + number)
    paths = dice.sample(SPECS, dice.randint(2, 10))
    requests = [a_request(path, version=f"v{number % 3 + 1}", priority=dice.choice(list(Priority))) for path in paths]
    job_ids = dice.choice(replicas).submit(*requests)
    with suppress(Conflict):
        dice.choice(replicas).write(partial(cancel.cancel, job_id=dice.choice(job_ids)))
    dice.choice(replicas).write(sweep.sweep)
    return list(job_ids)


def test_many_agents_on_three_replicas_run_every_job_exactly_once(replicas: list[Farm]) -> None:
    replicas[0].stock("v1", "v2", "v3")
    hosts = [Host(replicas, number) for number in range(AGENTS)]
    with ThreadPoolExecutor(PUSHES + AGENTS) as threads:
        pushes = [threads.submit(push_and_think_better, replicas, number) for number in range(PUSHES)]
        work = [threads.submit(host.work) for host in hosts]
        submitted = [job_id for push in pushes for job_id in push.result()]
        ran = [each for done in work for each in done.result()]
    ran += Host(replicas, AGENTS).work_off()  # what was pushed after the others had gone home

    jobs = replicas[0].read(partial(ask.jobs, filters=JobFilter(), limit=500)).items
    twice = [job_id for job_id, times in Counter(job_id for job_id, _ in ran).items() if times > 1]
    assert twice == []
    assert sorted(job.job_id for job in jobs) == sorted(submitted)
    assert {job.status for job in jobs} <= {JobStatus.COMPLETED, JobStatus.CANCELLED}
    assert {job.job_id for job in jobs if job.status is JobStatus.COMPLETED} <= {job_id for job_id, _ in ran}
    assert replicas[1].read(broken) == ()


def test_workers_that_ask_three_replicas_at_once_never_share_a_job(replicas: list[Farm]) -> None:
    versions = [f"v{number}" for number in range(len(SPECS))]
    replicas[0].stock(*versions)
    workers = replicas[0].register(*(f"emulator-{number}" for number in range(12)))
    replicas[0].submit(*(a_request(path, version=version) for path, version in zip(SPECS, versions, strict=True)))

    def ask_for_work(number: int, worker: WorkerId) -> tuple[Lease, ...]:
        return replicas[number % 3].claim(worker)

    with ThreadPoolExecutor(len(workers)) as threads:
        answers = [threads.submit(ask_for_work, number, worker) for number, worker in enumerate(workers)]
        leases = [lease for answer in answers for lease in answer.result()]

    leased = [job.job_id for lease in leases for job in lease.jobs]
    assert len(leased) == len(set(leased)) == len(SPECS)
    assert replicas[2].read(broken) == ()


def push_to_a_branch(replicas: list[Farm], number: int) -> list[Submitted]:
    """Submit a few runs, one after another, each in the place of the one before, and a job alone."""
    dice = random.Random(2000 + number)
    pushed = []
    for path in dice.sample(SPECS, 4):
        requests = [a_request(each, version=f"v{number % 3 + 1}") for each in dice.sample(SPECS, dice.randint(1, 6))]
        pushed.append(dice.choice(replicas).submit_run(*requests, supersede=f"branch-{number % 2}"))
        dice.choice(replicas).submit_alone(a_request(path, version="v1"))
    return pushed


def test_runs_that_supersede_each_other_on_three_replicas_leave_the_newest_of_each_branch(
    replicas: list[Farm],
) -> None:
    replicas[0].stock("v1", "v2", "v3")
    with ThreadPoolExecutor(PUSHES + AGENTS) as threads:
        pushes = [threads.submit(push_to_a_branch, replicas, number) for number in range(PUSHES)]
        work = [threads.submit(Host(replicas, number).work) for number in range(AGENTS)]
        pushed = {number: push.result() for number, push in enumerate(pushes)}
        ran = [each for done in work for each in done.result()]
    assert replicas[1].read(broken) == ()
    Host(replicas, AGENTS).work_off()

    runs = {run.run_id: run for run in replicas[0].read(partial(ask.runs, org_id=None, limit=500)).items}
    order = list(runs)[::-1]
    assert {run.status for run in runs.values()} == {JobStatus.COMPLETED}
    for branch in (0, 1):
        of_branch = [each.run_id for number in pushed if number % 2 == branch for each in pushed[number]]
        *older, newest = sorted(of_branch, key=order.index)
        assert (runs[newest].superseded_by, runs[newest].passed) == (None, runs[newest].jobs)
        assert all(runs[run_id].superseded_by or runs[run_id].passed == runs[run_id].jobs for run_id in older)
    assert [job_id for job_id, times in Counter(job_id for job_id, _ in ran).items() if times > 1] == []
    assert replicas[2].read(broken) == ()
