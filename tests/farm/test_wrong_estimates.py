"""Estimates that are wrong change when things run, and nothing that comes of them."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qgjob.core.lease import Lease
from qgjob.core.words import CaseStatus, Fault, JobId, Verdict, WorkerId
from qgjob.service.check import broken
from tests.databases import Databases
from tests.service.farm import (
    SPECS,
    Farm,
    Step,
    a_case,
    a_request,
    case_ended,
    ended,
    installed,
    lease_ended,
    started,
)

PASSED, FAILED = (Verdict.PASSED, None), (Verdict.FAILED, Fault.TEST)
LOST = (Verdict.INFRA_ERROR, Fault.INFRASTRUCTURE)
ATTEMPTS: Mapping[str, Sequence[tuple[Verdict, Fault | None]]] = {
    "passes": [PASSED],
    "passes when tried again": [FAILED, PASSED],
    "fails": [FAILED, FAILED],
    "is lost once": [LOST, PASSED],
}
"""How each attempt of a test ends, whoever runs it and whenever."""
COMES_OUT = {
    "passes": Verdict.PASSED,
    "passes when tried again": Verdict.FLAKY,
    "fails": Verdict.FAILED,
    "is lost once": Verdict.PASSED,
}
TRUE_INSTALL_S = 4.0
ANY_TIME_S = 20.0

habits = st.dictionaries(st.sampled_from(SPECS), st.sampled_from(sorted(ATTEMPTS)), min_size=1)
wrong_by = st.sampled_from([0.1, 1.0, 10.0])


def true_seconds(path: str) -> float:
    """Each spec takes another time: 5 to 50 seconds."""
    return 5.0 * (1 + SPECS.index(path))


def run(farm: Farm, lease: Lease, habits: Mapping[str, str], *, wrong: Mapping[str, float], install_s: float) -> None:
    """Report a lease whose tests come out as is their habit, and took so many times what they take."""
    steps: list[Step] = [installed(seconds=install_s)]
    for job in lease.jobs:
        verdict, fault = ATTEMPTS[habits[job.test_path]][job.attempt - 1]
        status = CaseStatus.PASSED if verdict is Verdict.PASSED else CaseStatus.FAILED
        seconds = true_seconds(job.test_path) * wrong.get(job.test_path, 1)
        steps += [
            started(job.job_id, job.attempt),
            case_ended(job.job_id, job.attempt, a_case(job.test_path, status)),
            ended(job.job_id, job.attempt, verdict, fault, seconds=seconds),
        ]
    farm.report(lease.token, *steps, lease_ended())


def work_off(farm: Farm, workers: tuple[WorkerId, ...], job_ids: tuple[JobId, ...], habits: Mapping[str, str]) -> None:
    """Let the workers run everything, each lease for as long as it truly takes."""
    busy: dict[WorkerId, tuple[timedelta, Lease]] = {}
    at = timedelta(0)
    while not all(farm.job(job_id).status.is_final for job_id in job_ids):
        free = [worker for worker in workers if worker not in busy]
        for lease in farm.claim(*free) if free else ():
            took = TRUE_INSTALL_S + sum(true_seconds(job.test_path) for job in lease.jobs)
            busy[lease.worker_id] = at + timedelta(seconds=took), lease
        until = min((until for until, _ in busy.values()), default=at + timedelta(seconds=ANY_TIME_S))
        farm.clock.advance((until - at).total_seconds())
        at = until
        for lease in [lease for ends_at, lease in busy.values() if ends_at == at]:
            del busy[lease.worker_id]
            run(farm, lease, habits, wrong={}, install_s=TRUE_INSTALL_S)


def teach(farm: Farm, worker: WorkerId, wrong: Mapping[str, float], *, install_s: float) -> None:
    """Let the farm learn something wrong of each of these tests, and of the app."""
    farm.submit(*(a_request(path) for path in wrong))
    while leases := farm.claim(worker):
        run(farm, leases[0], dict.fromkeys(SPECS, "passes"), wrong=wrong, install_s=install_s)


@pytest.mark.exam
def test_estimates_that_are_wrong_by_ten_times_change_nothing_but_speed(databases: Databases) -> None:
    with databases() as database:
        examples = 15 if isinstance(database, Path) else 4

    @settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck))
    @given(
        pushes=st.lists(habits, min_size=1, max_size=3),
        wrong=st.dictionaries(st.sampled_from(SPECS), wrong_by, min_size=1),
        wrong_install=wrong_by,
        devices=st.integers(1, 3),
    )
    def comes_out_as_ever(
        pushes: list[dict[str, str]], wrong: dict[str, float], wrong_install: float, devices: int
    ) -> None:
        with databases() as database:
            farm = Farm.on(database)
            farm.stock("v1", "v2", "v3")
            workers = farm.register(*(f"emulator-{number}" for number in range(devices)))
            teach(farm, workers[0], wrong, install_s=TRUE_INSTALL_S * wrong_install)
            habits_of = {path: habit for push in pushes for path, habit in push.items()}
            asked = [(path, f"v{number}") for number, push in enumerate(pushes, start=1) for path in push]
            job_ids = farm.submit(*(a_request(path, version=version, max_retries=1) for path, version in asked))
            work_off(farm, workers, job_ids, habits_of)

            verdicts = [farm.job(job_id).verdict for job_id in job_ids]
            assert verdicts == [COMES_OUT[habits_of[path]] for path, _ in asked]
            assert farm.read(broken) == ()
            farm.store.close()

    comes_out_as_ever()
