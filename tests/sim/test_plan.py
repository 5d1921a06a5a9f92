"""What a plan says of a run, beside what a simulated farm then makes of it."""

from collections.abc import Callable, Sequence
from functools import partial

import pytest

from qgjob.core.words import JobId
from qgjob.service.ask.plan import Plan, plan_run
from qgjob.sim.agenda import Agenda
from qgjob.sim.baselines import POLICIES, Policy
from qgjob.sim.farm import SimulatedFarm
from qgjob.sim.happened import tell_nobody
from qgjob.sim.run import _Simulation
from qgjob.sim.trace import Trace, TraceJob
from tests.sim.traces import a_job, a_trace, a_worker

TOLERANCE = 0.1
"""Of the time that a run takes: a plan packs leases by the mean of what waits together."""
LENGTHS_S = (4, 7, 12, 20, 35)


class Planning(SimulatedFarm):
    """Plans each run in the moment in which it is submitted."""

    def __init__(self, trace: Trace, policy: Policy, *, now_s: Callable[[], float]) -> None:
        super().__init__(trace, policy, now_s=now_s)
        self.plans: dict[str, Plan] = {}

    def submit(self, jobs: Sequence[TraceJob]) -> Sequence[JobId]:
        for org, version in dict.fromkeys((job.org, job.app_version) for job in jobs):
            self._upload(org, version)
        requests = [self._request(job) for job in jobs]
        self.plans[jobs[0].run] = self._write(partial(plan_run, requests=requests))
        return super().submit(jobs)


def some_jobs(version: str, number: int, *, submit_s: float = 0) -> list[TraceJob]:
    return [
        a_job(f"{version}-{place}", version=version, submit_s=submit_s, seconds=LENGTHS_S[place % len(LENGTHS_S)])
        for place in range(number)
    ]


@pytest.mark.parametrize("workers", [1, 3, 5])
def test_a_run_takes_about_what_its_plan_said(workers: int) -> None:
    """The first comes to an idle farm, the second while that is at work on the first; nothing comes after it."""
    jobs = [*some_jobs("v1", 42), *some_jobs("v2", 30, submit_s=150)]
    trace = a_trace(
        jobs,
        workers=[a_worker(f"p{number}") for number in range(workers)],
        history={job.test: job.seconds for job in jobs},
    )
    agenda = Agenda()
    farm = Planning(trace, POLICIES["warmsplit"], now_s=lambda: agenda.now_s)
    happened = _Simulation(trace, POLICIES["warmsplit"], farm, agenda, tell_nobody).run()
    farm.close()

    last = farm.plans["run of v2"]
    took_s = max(happened.ended[job.job] for job in jobs if job.app_version == "v2") - 150
    assert last.done_in is not None
    assert last.done_in.total_seconds() == pytest.approx(took_s, rel=TOLERANCE)
    first = farm.plans["run of v1"]
    assert (first.workers, first.installs) == (workers, workers)
    assert first.installs is not None
    assert last.installs is not None
    assert first.installs + last.installs == happened.installs
