"""What a run would come to if it were submitted now, beside what then becomes of it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from functools import partial
from time import thread_time

import pytest

from qgjob.core.errors import InvalidRequest
from qgjob.core.job import JobRequest
from qgjob.core.words import OrgId, Platform, Priority, Sha256
from qgjob.service.apps import register_bundle
from qgjob.service.ask import ahead
from qgjob.service.ask.eta import eta_of_run
from qgjob.service.ask.plan import Plan, plan_run
from qgjob.store import Transaction
from tests.service.exact import ExactFarm, teach
from tests.service.farm import ORG, Farm, a_request

TESTS = [f"tests/{number}.spec.js" for number in range(42)]
ALL = Sha256("e" * 64)
TEST_S, INSTALL_S = 10.0, 30.0
TABLES = ("jobs", "runs", "groups", "requirements", "worker_needs", "ready", "facts", "open_runs", "answers", "leases")


def taught(farm: Farm, workers: int) -> ExactFarm:
    """A farm that knows how long its tests and apps take."""
    farm.stock("v1", "v2")
    files = ["package.json", *TESTS]
    farm.write(partial(register_bundle, org_id=ORG, sha256=ALL, size_bytes=10, files=files))
    lengths = dict.fromkeys(TESTS, TEST_S)
    teach(farm, org=ORG, lengths=lengths, install_s=INSTALL_S)
    serials = [f"emulator-{5554 + 2 * place}" for place in range(workers)]
    return ExactFarm(farm, farm.register(*serials) if serials else (), lengths, {ORG: INSTALL_S})


def asked(paths: list[str] = TESTS, *, version: str = "v1", bundle: Sha256 | None = ALL) -> list[JobRequest]:
    return [a_request(path, version=version, bundle=bundle) for path in paths]


def planned(farm: Farm, requests: list[JobRequest]) -> Plan:
    return farm.read(partial(plan_run, requests=requests))


def seconds(plan: Plan) -> tuple[int, int | None, int | None, float | None, float | None]:
    done, not_before = (None if each is None else each.total_seconds() for each in (plan.done_in, plan.not_before_in))
    return plan.jobs, plan.workers, plan.installs, done, not_before


def counted(farm: Farm) -> Mapping[str, int]:
    """The rows of every table that a submission writes to."""

    def count(tx: Transaction) -> dict[str, int]:
        ask_for = tx._connection.rows  # no statement of ours counts whole tables
        return {table: ask_for(f"SELECT COUNT(*) AS n FROM {table}", {})[0]["n"] for table in TABLES}

    return farm.read(count)


def let_happen(exact: ExactFarm, requests: list[JobRequest]) -> tuple[int, float]:
    """Submit a run and let it come to its end: how many worked on it, and how long it took."""
    farm, began_at = exact.farm, exact.farm.clock()
    job_ids = farm.submit(*requests)
    exact.let_ask()
    while any(farm.job(job_id).completed_at is None for job_id in job_ids):
        assert exact.step()
    workers = {farm.job(job_id).worker_id for job_id in job_ids}
    return len(workers), (max(exact.ends[job_id] for job_id in job_ids) - began_at).total_seconds()


def test_an_idle_farm_of_five_with_forty_two_equal_jobs(farm: Farm) -> None:
    """Five install at once for 30 s. A lease takes three jobs of 10 s: 14 leases in three rounds."""
    exact = taught(farm, 5)

    assert seconds(planned(farm, asked())) == (42, 5, 5, 120, None)
    assert let_happen(exact, asked()) == (5, 120)


def test_a_worker_that_holds_the_app_needs_no_installation(farm: Farm) -> None:
    exact = taught(farm, 1)
    let_happen(exact, asked(TESTS[20:21]))

    assert seconds(planned(farm, asked(TESTS[:3]))) == (3, 1, 0, 30, None)
    assert let_happen(exact, asked(TESTS[:3])) == (1, 30)


def test_what_is_not_uploaded_is_supposed_to_come_and_to_take_what_the_org_s_apps_do(farm: Farm) -> None:
    taught(farm, 2)

    unknown = Sha256("f" * 64)
    assert seconds(planned(farm, asked(TESTS[:6], version="new", bundle=unknown))) == (6, 2, 2, 60, None)
    assert seconds(planned(farm, asked(TESTS[:6], version="new", bundle=None))) == (6, 2, 2, 60, None)


def test_what_nobody_serves_has_no_end_and_says_why(farm: Farm) -> None:
    taught(farm, 2)
    fold = [replace(each, model="Fold") for each in asked(TESTS[:3])]
    plan = planned(farm, [*fold, *asked(TESTS[:1])])

    assert seconds(plan) == (4, 1, 1, None, 40)
    assert [(each.jobs, each.why.code) for each in plan.unserved] == [(3, "model")]
    assert seconds(planned(farm, fold)) == (3, 0, 0, None, None)


def test_a_requirement_that_nobody_has_asked_for_yet_is_met_by_who_meets_it(farm: Farm) -> None:
    taught(farm, 3)
    asking = [replace(each, os_version=">=14", platform=Platform.ANDROID) for each in asked(TESTS[:9])]

    assert seconds(planned(farm, asking)) == (9, 3, 3, 60, None)


def test_on_a_busy_farm_a_run_waits_for_its_turn(farm: Farm) -> None:
    exact = taught(farm, 2)
    other = [a_request(path, version="v2", bundle=ALL) for path in TESTS[20:32]]
    farm.submit(*other)
    exact.let_ask()
    for _ in range(3):
        exact.step()
    plan = planned(farm, asked(TESTS[:12]))
    happened = let_happen(exact, asked(TESTS[:12]))

    assert seconds(plan) == (12, 2, 2, happened[1], None)
    assert happened[0] == 2


def test_behind_work_in_its_own_group_it_is_done_after_that(farm: Farm) -> None:
    exact = taught(farm, 1)
    farm.submit(*asked(TESTS[:6]))
    exact.let_ask()
    plan = planned(farm, asked(TESTS[6:12]))

    assert seconds(plan) == (6, 1, 0, 150, None)
    assert let_happen(exact, asked(TESTS[6:12])) == (1, 150)


def test_urgent_jobs_of_a_plan_come_before_what_waits(farm: Farm) -> None:
    exact = taught(farm, 1)
    farm.submit(*asked(TESTS[:6]))
    exact.let_ask()
    urgent = [replace(each, priority=Priority.URGENT) for each in asked(TESTS[6:9])]

    assert seconds(planned(farm, urgent)) == (3, 1, 0, 90, None)
    assert let_happen(exact, urgent) == (1, 90)


def test_a_plan_is_refused_as_the_run_would_be(farm: Farm) -> None:
    taught(farm, 1)
    with pytest.raises(InvalidRequest) as refusal:
        planned(farm, [*asked(TESTS[:1]), *asked(["tests/none.spec.js"]), replace(asked(TESTS[:1])[0], grep="a\nb")])

    assert [(each.item, each.field) for each in refusal.value.problems] == [(1, "test_path"), (2, "grep")]
    with pytest.raises(InvalidRequest, match="leads out of the project"):
        planned(farm, asked(["../etc/passwd"], bundle=None))
    with pytest.raises(InvalidRequest, match="one org"):
        planned(farm, [*asked(TESTS[:1]), replace(asked(TESTS[:1])[0], org_id=OrgId("globex"))])


def test_a_plan_leaves_nothing_behind(farm: Farm) -> None:
    taught(farm, 2)
    before = counted(farm)
    planned(farm, [replace(each, os_version=">=13", deadline_in_s=60) for each in asked()])

    assert counted(farm) == before
    assert before["jobs"] == 0 < before["facts"]


def test_ten_thousand_jobs_are_looked_at_as_far_as_choices_are_paid_for(farm: Farm) -> None:
    taught(farm, 5)
    requests = asked((TESTS * 239)[:10_000])

    def timed(tx: Transaction) -> tuple[Plan, float]:
        began_s = thread_time()
        return plan_run(tx, requests=requests), thread_time() - began_s

    plan, cost_s = farm.read(timed)
    assert cost_s < 2, "more than may be spent at once (server/allowance.py)"
    assert plan.jobs == 10_000
    assert (plan.workers, plan.installs, plan.done_in) == (5, 5, None)
    assert plan.not_before_in is not None
    assert plan.not_before_in >= timedelta(minutes=30)


def test_more_groups_than_are_looked_at_have_no_end_that_can_be_told(farm: Farm) -> None:
    taught(farm, 2)
    requests = [each for number in range(300) for each in asked(TESTS[:1], version=f"v{number}")]
    plan = planned(farm, requests)

    assert (plan.jobs, plan.done_in) == (300, None)
    assert plan.not_before_in is not None


def test_a_farm_that_is_too_large_to_look_ahead_is_said_to_be(farm: Farm, monkeypatch: pytest.MonkeyPatch) -> None:
    taught(farm, 3)
    monkeypatch.setattr(ahead, "MOST_WORKERS", 2)

    assert seconds(planned(farm, asked(TESTS[:3]))) == (3, None, None, None, None)


def test_the_plan_of_a_run_is_what_its_forecast_says_when_it_is_submitted(farm: Farm) -> None:
    taught(farm, 3)
    plan = planned(farm, asked())
    run = farm.submit_run(*asked())
    eta = farm.read(partial(eta_of_run, run_id=run.run_id))

    assert plan.done_in is not None
    assert eta is not None
    assert eta.done_about_at == farm.clock() + plan.done_in
