"""Who meets what: the table says what the rule says, whatever comes first, a worker or a requirement."""

import os
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qgjob.core.agent import DeviceFacts
from qgjob.core.quarantine import Conduct
from qgjob.core.requirement import requirement_for
from qgjob.core.words import AgentId, Platform, Target, WorkerId
from qgjob.service import drain, fleet
from qgjob.service.check import broken
from qgjob.service.leasing.conduct import write_conduct
from qgjob.service.needs.standing import needs_met, workers_up
from qgjob.store import Transaction
from tests.databases import Databases
from tests.service.farm import Farm, a_request

EXAMPLES = int(os.environ.get("QGJOB_MACHINE_EXAMPLES", "0"))
ANYTHING = "emulator/any/bundle"
ANDROID = "emulator/android/bundle"


def met(farm: Farm, worker: WorkerId) -> list[str]:
    """All that the table says a worker meets, also what nothing waits for."""

    def ask(tx: Transaction) -> list[str]:
        number = tx.only("worker_by_id", worker_id=worker)["number"]
        return [row["needs"] for row in tx.rows("all_worker_needs") if row["worker_number"] == number]

    return farm.read(ask)


def up(farm: Farm, needs: str = ANDROID) -> int:
    return farm.read(partial(workers_up, needs=needs))


def test_a_worker_that_comes_meets_what_was_asked_for_before(farm: Farm) -> None:
    farm.stock("v1")
    farm.submit(a_request(), replace(a_request(), os_version=">=15"), replace(a_request(), tags=("lab",)))
    (plain,) = farm.register("emulator-5554")
    lab = farm.register("emulator-5556", agent=AgentId("other"), tags=["lab"])[0]

    assert met(farm, plain) == [ANDROID, ANYTHING]
    assert [key.count("/") for key in met(farm, lab)] == [2, 3, 2, 3]


def test_what_is_asked_for_first_is_met_by_the_workers_that_are_there(farm: Farm) -> None:
    farm.stock("v1")
    old, new = (
        farm.register("emulator-5554", os_version="12")[0],
        farm.register("emulator-5556", agent=AgentId("other"), os_version="14")[0],
    )
    farm.submit(replace(a_request(), os_version=">=13"))

    assert met(farm, old) == []
    assert len(met(farm, new)) == 2


def test_a_device_that_has_changed_meets_something_else_when_its_agent_registers_again(farm: Farm) -> None:
    farm.stock("v1")
    farm.submit(replace(a_request(), os_version="13"))
    (worker,) = farm.register("emulator-5554", os_version="13")
    assert len(met(farm, worker)) == 2
    farm.register("emulator-5554", os_version="14")

    assert met(farm, worker) == []


def test_a_group_that_needs_a_sharper_device_since_its_app_came_is_still_met(farm: Farm) -> None:
    farm.stock()
    (worker,) = farm.register("emulator-5554")
    farm.submit(a_request())
    assert farm.read(partial(needs_met, worker_id=worker)) == []
    farm.stock("v1")

    assert farm.read(partial(needs_met, worker_id=worker)) == [ANDROID]


def test_what_a_worker_meets_is_read_for_what_waits_alone(farm: Farm) -> None:
    farm.stock("v1")
    (worker,) = farm.register("emulator-5554")
    farm.submit(a_request())
    assert farm.read(partial(needs_met, worker_id=worker)) == [ANDROID]
    farm.run_through(farm.claim_one(worker))

    assert farm.read(partial(needs_met, worker_id=worker)) == []
    assert met(farm, worker) == [ANDROID, ANYTHING]


def test_a_job_goes_to_the_device_that_it_asks_for(farm: Farm) -> None:
    farm.stock("v1")
    asked = replace(a_request(), os_version=">=14", model="PIXEL 8", tags=("lab", "fast"))
    farm.submit(asked)
    (plain,) = farm.register("emulator-5554", tags=["lab"], model="Pixel 8")
    (right,) = farm.register("emulator-5556", agent=AgentId("other"), tags=["fast", "lab", "new"], model="Pixel 8")

    assert farm.claim(plain) == ()
    assert farm.claim_one(right, agent=AgentId("other")).jobs[0].test_path == asked.test_path


def test_jobs_that_ask_for_other_devices_are_groups_of_their_own(farm: Farm) -> None:
    farm.stock("v1")
    jobs = farm.submit(
        a_request(),
        replace(a_request(), os_version="14"),
        replace(a_request(), os_version=">=14,<15"),
        replace(a_request(), model="pixel 8"),
        replace(a_request(), model="Pixel 8"),
        replace(a_request(), pin="emulator-5554"),
        replace(a_request(), pin="emulator-5554", only=True),
    )
    groups = [farm.job(job).group_id for job in jobs]

    assert len(set(groups)) == 4
    assert groups[0] == groups[5]
    assert groups[1] == groups[2]
    assert groups[3] == groups[4]


def test_workers_are_up_while_they_can_be_counted_on(farm: Farm) -> None:
    farm.stock("v1")
    first, second, _ = farm.register("a", "b", "c")
    farm.decide(partial(fleet.register_worker, name="old", targets=[Target.EMULATOR], metadata={}))
    farm.submit(a_request())
    assert up(farm) == 4
    farm.decide(partial(drain.drain, worker_id=first))
    assert up(farm) == 3
    ill = Conduct(faults_in_a_row=3, until_at=farm.clock() + timedelta(minutes=5))
    farm.decide(lambda tx: write_conduct(tx, second, ill))
    assert up(farm) == 2
    farm.register("a", "b")
    assert up(farm) == 1


def test_silent_workers_are_not_up_and_those_of_protocol_1_may_be_silent_longer(farm: Farm) -> None:
    farm.stock("v1")
    farm.register("a")
    farm.decide(partial(fleet.register_worker, name="old", targets=[Target.EMULATOR], metadata={}))
    farm.submit(a_request())
    farm.clock.advance(90)
    assert up(farm) == 2
    farm.clock.advance(1)
    assert up(farm) == 1
    farm.clock.advance(210)

    assert up(farm) == 0


def test_a_silent_worker_is_up_as_long_as_it_holds_a_lease(farm: Farm) -> None:
    farm.stock("v1")
    (worker,) = farm.register("a")
    farm.submit(a_request())
    farm.claim_one(worker)
    farm.clock.advance(91)

    assert up(farm) == 1


DEVICES = st.lists(
    st.builds(
        DeviceFacts,
        serial=st.sampled_from(["a", "b", "c"]),
        target=st.sampled_from([Target.EMULATOR, Target.DEVICE]),
        platform=st.sampled_from(Platform),
        os_version=st.sampled_from(["", "12", "14", "14.1"]),
        model=st.sampled_from(["Pixel 8", "PIXEL 8", "Pixel 4"]),
        tags=st.sampled_from([frozenset[str](), frozenset({"lab"}), frozenset({"lab", "fast"})]),
    ),
    max_size=3,
    unique_by=lambda device: device.serial,
)
REQUESTS = st.builds(
    lambda **changes: replace(a_request(), **changes),
    target=st.sampled_from([Target.EMULATOR, Target.DEVICE]),
    platform=st.none() | st.sampled_from(Platform),
    app_version_id=st.sampled_from(["v1", "v2"]),
    os_version=st.none() | st.sampled_from(["14", "14.1", ">=13", "<14"]),
    model=st.none() | st.sampled_from(["pixel 8", "Pixel 4"]),
    tags=st.sampled_from([(), ("lab",), ("fast", "lab")]),
    pin=st.none() | st.just("a"),
).flatmap(lambda request: st.sampled_from([request, replace(request, only=request.pin is not None)]))
STEPS = st.lists(
    st.tuples(st.just("devices"), st.sampled_from(["agent-1", "agent-2"]), DEVICES, st.booleans())
    | st.tuples(st.just("jobs"), st.lists(REQUESTS, min_size=1, max_size=3))
    | st.tuples(st.just("app"), st.sampled_from(["v1", "v2"]))
    | st.tuples(st.just("old worker")),
    max_size=8,
)


@pytest.mark.exam
def test_the_table_is_what_the_rule_says_after_any_registrations_and_submissions(databases: Databases) -> None:
    """`check` compares every worker with every requirement by the rule, and fails on any pair too many or too few."""

    @settings(max_examples=EXAMPLES or 30, deadline=None, suppress_health_check=list(HealthCheck))
    @given(steps=STEPS)
    def hold(steps: Sequence[tuple[object, ...]]) -> None:
        with databases() as database:
            farm = Farm.on(database)
            try:
                farm.stock()
                for step in steps:
                    take(farm, *step)
                    assert farm.read(broken) == ()
            finally:
                farm.store.close()

    hold()


def take(farm: Farm, kind: object, *what: object) -> None:
    match kind, *what:
        case "devices", str(agent), list(devices), bool(has_project):
            farm.register_devices(*devices, agent=AgentId(agent), has_project=has_project)
        case "jobs", list(requests):
            farm.submit(*requests)
            known = {row["needs"] for row in farm.read(lambda tx: tx.rows("all_requirements"))}
            assert {requirement_for(request).key for request in requests} <= known
        case "app", str(version):
            farm.stock(version)
        case _:
            farm.decide(partial(fleet.register_worker, name="old", targets=[Target.EMULATOR], metadata={}))


def test_a_protocol_1_worker_serves_what_it_says_nothing_against(farm: Farm) -> None:
    farm.stock("v1")
    old = farm.decide(partial(fleet.register_worker, name="old", targets=[Target.EMULATOR], metadata={}))
    farm.submit(a_request(), replace(a_request(), platform=Platform.IOS), replace(a_request(), os_version="14"))

    assert sorted(met(farm, old)) == [
        ANDROID,
        ANYTHING,
        "emulator/ios/bundle",
        "emulator/ios/project",
    ]
