"""What is learnt from what devices did, and what a submission and a claim know of it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial

import pytest

from qgjob.core.agent import AgentFacts, DeviceFacts
from qgjob.core.lease import Lease
from qgjob.core.words import AgentId, Fault, JobId, OrgId, Platform, Target, Verdict, WorkerId
from qgjob.service import ask, fleet, protocol1
from qgjob.service.books import learning
from qgjob.store import Store, Transaction
from tests.databases import Databases
from tests.service.farm import AGENT, ORG, Farm, a_request, ended, installed, lease_ended, started

ANDROID, IOS = Platform.ANDROID, Platform.IOS
NOT_LEFT_TO_THE_OTHER_S = 3
"""A device that must install leaves new work for so long to one that need not."""


@pytest.fixture
def stocked(farm: Farm) -> Farm:
    farm.stock("v1", "v2")
    return farm


def estimated(farm: Farm, *job_ids: JobId) -> list[float]:
    """What the sums count for each of these jobs, in seconds."""
    rows = farm.read(lambda tx: [tx.only("job_by_id", job_id=job_id) for job_id in job_ids])
    return [row["estimate_us"] / 1_000_000 for row in rows]


def known_tests(farm: Farm, **of: str) -> list[tuple[str, Platform | None, float, int]]:
    page = farm.read(partial(ask.estimates_of_tests, org_id=ORG, test_path=of.get("test_path"), limit=500))
    return [
        (each.test_path, each.platform, each.estimate.took.total_seconds(), each.estimate.samples)
        for each in page.items
    ]


def known_installs(farm: Farm) -> list[tuple[str, float, int]]:
    page = farm.read(partial(ask.estimates_of_installs, org_id=ORG, package=None, limit=500))
    return [(each.worker_class.key, each.estimate.took.total_seconds(), each.estimate.samples) for each in page.items]


def device(serial: str, *, model: str = "virtual", platform: Platform = ANDROID) -> DeviceFacts:
    return DeviceFacts(
        serial=serial, target=Target.EMULATOR, platform=platform, os_version="14", model=model, installed=None
    )


def register(farm: Farm, *devices: DeviceFacts, agent: AgentId = AGENT) -> tuple[WorkerId, ...]:
    facts = AgentFacts(
        agent_id=agent,
        name="host",
        protocol=2,
        version="0.1.0",
        has_project=False,
        holding=frozenset(),
        devices=devices,
    )
    return tuple(worker_id for _, worker_id in farm.decide(partial(fleet.register_agent, facts=facts)))


def run(farm: Farm, lease: Lease, *, seconds: float, verdict: Verdict = Verdict.PASSED, install_s: float = 4) -> None:
    """Run the jobs of a lease, each for so long."""
    steps = [installed(seconds=install_s)]
    fault = None if verdict is Verdict.PASSED else Fault.TEST
    for job in lease.jobs:
        steps += [
            started(job.job_id, job.attempt),
            ended(job.job_id, job.attempt, verdict, fault, seconds=seconds),
        ]
    farm.report(lease.token, *steps, lease_ended())


def test_a_test_is_expected_to_take_what_it_took_the_newest_run_counting_half(stocked: Farm) -> None:
    (worker,) = stocked.register("emulator-5554")
    for seconds in (20, 10):
        stocked.submit(a_request())
        run(stocked, stocked.claim_one(worker), seconds=seconds)

    assert estimated(stocked, *stocked.submit(a_request())) == [15]
    assert known_tests(stocked) == [("tests/a.spec.js", ANDROID, 15, 2)]


def test_a_failed_run_teaches_only_where_it_took_longer(stocked: Farm) -> None:
    (worker,) = stocked.register("emulator-5554")
    for seconds, verdict in ((20, Verdict.PASSED), (4, Verdict.FAILED), (40, Verdict.TIMED_OUT)):
        stocked.submit(a_request(max_retries=0))
        run(stocked, stocked.claim_one(worker), seconds=seconds, verdict=verdict)

    assert known_tests(stocked) == [("tests/a.spec.js", ANDROID, 30, 2)]


def test_an_unknown_test_is_expected_to_take_what_its_suite_does_else_its_org_else_a_minute(farm: Farm) -> None:
    farm.stock("v1")
    (worker,) = farm.register("emulator-5554", has_project=True)
    first = farm.submit(a_request("pay/a.spec.js", bundle=None))
    for path, seconds in (("pay/a.spec.js", 10), ("pay/b.spec.js", 20), ("cart/a.spec.js", 60)):
        if path != "pay/a.spec.js":
            farm.submit(a_request(path, bundle=None))
        run(farm, farm.claim_one(worker), seconds=seconds)
    job_ids = farm.submit(
        *(a_request(path, bundle=None) for path in ("pay/new.spec.js", "cart/new.spec.js", "other/new.spec.js"))
    )
    elsewhere = farm.submit(a_request("pay/a.spec.js", bundle=None, org="rival"))

    assert estimated(farm, *first, *job_ids, *elsewhere) == [60, 15, 60, 30, 60]


def test_a_job_that_names_no_platform_and_an_attempt_on_a_device_that_does_meet(stocked: Farm) -> None:
    (worker,) = stocked.register("emulator-5554")
    stocked.submit(a_request(platform=None))
    run(stocked, stocked.claim_one(worker), seconds=8)

    assert estimated(stocked, *stocked.submit(a_request(platform=None), a_request(platform=ANDROID))) == [8, 8]


def test_what_one_platform_takes_says_nothing_of_the_other(farm: Farm) -> None:
    farm.stock("v1")
    (worker,) = farm.register("emulator-5554")
    farm.submit(a_request())
    run(farm, farm.claim_one(worker), seconds=8)

    assert estimated(farm, *farm.submit(a_request(platform=IOS))) == [60]


def test_a_protocol_1_worker_teaches_of_the_platform_of_the_app_where_that_has_one(stocked: Farm) -> None:
    old = stocked.write(partial(fleet.register_worker, name="old", targets=[Target.EMULATOR], metadata={}))
    stocked.submit(a_request("tests/a.spec.js"), a_request("tests/b.spec.js", version="never-uploaded"))
    for _ in range(2):
        job = stocked.decide(partial(protocol1.heartbeat, worker_id=old)).next_job
        assert job is not None
        change = partial(protocol1.change_job, job_id=job.job_id, worker_id=old)
        stocked.write(partial(change, status="running"))
        stocked.clock.advance(12)
        stocked.write(partial(change, status="completed"))
    again = stocked.submit(a_request("tests/a.spec.js"), a_request("tests/b.spec.js", version="never-uploaded"))

    assert set(known_tests(stocked)) == {("tests/a.spec.js", ANDROID, 12, 1), ("tests/b.spec.js", None, 12, 1)}
    assert estimated(stocked, *again) == [12, 12]


def test_a_job_keeps_the_estimate_that_it_was_submitted_with(stocked: Farm) -> None:
    (worker,) = stocked.register("emulator-5554")
    (first, second) = (*stocked.submit(a_request()), *stocked.submit(a_request()))
    run(stocked, stocked.claim_one(worker), seconds=5)

    assert estimated(stocked, first, second) == [60, 60]


def test_installations_are_learnt_by_model_and_the_newest_counts_three_tenths(stocked: Farm) -> None:
    fast, slow = register(stocked, device("one", model="Pixel 8"), device("two", model="Pixel 2"))
    for worker, seconds in ((fast, 10), (slow, 40)):
        stocked.submit(a_request())
        stocked.clock.advance(NOT_LEFT_TO_THE_OTHER_S)
        run(stocked, stocked.claim_one(worker), seconds=5, install_s=seconds)
    stocked.submit(a_request(version="v2"))
    run(stocked, stocked.claim_one(fast), seconds=5, install_s=20)

    assert known_installs(stocked) == [("emulator/android/Pixel 8", 13, 2), ("emulator/android/Pixel 2", 40, 1)]


def test_a_claim_goes_by_what_the_asking_workers_own_class_took(stocked: Farm) -> None:
    workers = register(
        stocked, device("one", model="Pixel 8"), device("two", model="Pixel 2"), device("three", model="Pixel 5")
    )
    for worker, seconds in zip(workers, (10, 40), strict=False):
        stocked.submit(a_request())
        stocked.clock.advance(NOT_LEFT_TO_THE_OTHER_S)
        run(stocked, stocked.claim_one(worker), seconds=5, install_s=seconds)

    def asked(tx: Transaction) -> list[float]:
        rows = tx.rows("groups_page", after=0, limit=1)
        found = {worker.worker_id: worker for worker in ask.workers(tx, limit=10).items}
        each = [learning.install_times(tx, found[worker_id], rows) for worker_id in workers]
        return [time.total_seconds() for times in each for time in times.values()]

    assert stocked.read(asked) == [10, 40, 25]


def test_estimates_survive_a_restart(databases: Databases) -> None:
    with databases() as database:
        one = Farm.on(database)
        one.stock("v1")
        (worker,) = one.register("emulator-5554")
        one.submit(a_request())
        run(one, one.claim_one(worker), seconds=8)
        one.store.close()
        one.store = Store.open(database, clock=one.clock)

        assert estimated(one, *one.submit(a_request(), a_request("tests/b.spec.js"))) == [8, 8]
        one.store.close()


def test_estimates_come_in_pages_and_of_one_test(stocked: Farm) -> None:
    (worker,) = stocked.register("emulator-5554")
    for name in "abc":
        stocked.submit(a_request(f"tests/{name}.spec.js"))
        run(stocked, stocked.claim_one(worker), seconds=8)
    first = stocked.read(partial(ask.estimates_of_tests, org_id=ORG, test_path=None, limit=2))
    second = stocked.read(
        partial(ask.estimates_of_tests, org_id=ORG, test_path=None, limit=2, cursor=first.next_cursor)
    )

    assert [each.test_path[6] for page in (first, second) for each in page.items] == ["a", "b", "c"]
    assert second.next_cursor is None
    assert known_tests(stocked, test_path="tests/b.spec.js") == [("tests/b.spec.js", ANDROID, 8, 1)]
    assert stocked.read(partial(ask.estimates_of_tests, org_id=OrgId("rival"), test_path=None, limit=2)).items == ()


@pytest.mark.exam
def test_replicas_that_learn_at_once_lose_nothing(databases: Databases) -> None:
    """Forty runs of one test over two connections: none is learnt past another, and sums are exact."""
    with databases() as database:
        one = Farm.on(database)
        two = Farm(store=Store.open(database, clock=one.clock), clock=one.clock) if isinstance(database, str) else one
        teach = partial(
            learning.from_attempt,
            org_id=ORG,
            test_path="tests/a.spec.js",
            target=Target.EMULATOR,
            platform=ANDROID,
            took=timedelta(seconds=10),
            verdict=Verdict.PASSED,
        )
        with ThreadPoolExecutor(8) as pool:
            done = [pool.submit(farm.write, teach) for _ in range(20) for farm in (one, two)]
            for each in done:
                each.result()
        assert known_tests(one) == [("tests/a.spec.js", ANDROID, 10, 40)]
        assert one.read(lambda tx: tx.rows("check_test_sums", limit=10)) == []
        for farm in {id(one): one, id(two): two}.values():
            farm.store.close()
