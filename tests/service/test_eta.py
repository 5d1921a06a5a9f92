"""When jobs and runs are expected to be done: what the farm then does, where all takes as long as it should."""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from itertools import chain, product
from random import Random

import pytest

from qgjob.core.job import JobRequest
from qgjob.core.words import OrgId, Priority, Sha256
from qgjob.service.apps import register_bundle
from qgjob.service.ask.eta import eta_of_job, eta_of_run
from tests.service.exact import ExactFarm, teach
from tests.service.farm import Farm, a_request

LENGTHS_S = {"v1": 8.0, "v2": 29.0, "v3": 45.0}
"""Of the tests of each app version: so the mean of a group is what each of its jobs takes."""
INSTALLS_S = {"acme": 20.0, "globex": 75.0}
NEAR = timedelta(milliseconds=2)
"""Sums are kept in milliseconds."""
MANY = Sha256("d" * 64)
PATHS = {version: [f"tests/{version}/{number}.spec.js" for number in range(100)] for version in LENGTHS_S}


def an_exact_farm(farm: Farm, workers: int) -> ExactFarm:
    lengths = {path: LENGTHS_S[version] for version, paths in PATHS.items() for path in paths}
    for org, install_s in INSTALLS_S.items():
        farm.stock(*LENGTHS_S, org=org)
        bundle = partial(register_bundle, org_id=OrgId(org), sha256=MANY, size_bytes=10)
        farm.write(partial(bundle, files=["package.json", *lengths]))
        teach(farm, org=org, lengths=lengths, install_s=install_s)
    serials = [f"emulator-{5554 + 2 * place}" for place in range(workers)]
    return ExactFarm(farm, farm.register(*serials), lengths, INSTALLS_S)


def some_runs(dice: Random) -> Iterator[list[JobRequest]]:
    """Ask for a number of tests of each of some app versions."""
    groups = list(product(sorted(INSTALLS_S), sorted(LENGTHS_S)))
    for org, version in dice.sample(groups, dice.randint(1, len(groups))):
        priority = dice.choice([Priority.NORMAL, Priority.NORMAL, Priority.HIGH, Priority.URGENT])
        paths = dice.sample(PATHS[version], dice.randint(1, 15))
        yield [a_request(path, org=org, version=version, priority=priority, bundle=MANY) for path in paths]


@pytest.mark.parametrize("seed", range(6))
def test_jobs_start_and_end_when_the_forecast_says_so(farm: Farm, seed: int) -> None:
    dice = Random(seed)
    exact = an_exact_farm(farm, workers=dice.randint(1, 4))
    job_ids = [job_id for requests in some_runs(dice) for job_id in farm.submit(*requests)]
    exact.let_ask()
    for _ in range(dice.randint(0, 5)):
        exact.step()
    etas = {job_id: farm.read(partial(eta_of_job, job_id=job_id)) for job_id in job_ids}
    while exact.step():
        pass

    told = {job_id: eta.done_about_at for job_id, eta in etas.items() if eta is not None}
    assert told
    assert {
        job_id: (at, exact.ends[job_id])
        for job_id, at in told.items()
        if at is None or abs(at - exact.ends[job_id]) > NEAR
    } == {}


@pytest.mark.parametrize("seed", range(3))
def test_a_run_is_done_when_the_last_of_its_jobs_is(farm: Farm, seed: int) -> None:
    """Of one with jobs of several groups, in which others wait as well."""
    dice = Random(seed)
    exact = an_exact_farm(farm, workers=3)
    acme = [requests for requests in some_runs(dice) if requests[0].org_id == "acme"]
    mine = farm.submit_run(*chain.from_iterable(acme), a_request(PATHS["v1"][0], bundle=MANY))
    for requests in some_runs(Random(seed + 10)):
        if requests[0].org_id != "acme":
            farm.submit(*requests)
    exact.let_ask()
    for _ in range(dice.randint(0, 3)):
        exact.step()
    eta = farm.read(partial(eta_of_run, run_id=mine.run_id))
    while exact.step():
        pass

    done_at = max(exact.ends[job_id] for job_id in mine.job_ids)
    assert eta is not None
    assert eta.done_about_at is not None
    assert abs(eta.done_about_at - done_at) <= NEAR
    assert farm.read(partial(eta_of_run, run_id=mine.run_id)) is None
