"""The model farm moment by moment: what it does is worked out by hand."""

from dataclasses import replace

from qgjob.service.check import broken
from qgjob.sim.agenda import Agenda
from qgjob.sim.baselines import POLICIES, policy_named
from qgjob.sim.farm import SimulatedFarm
from qgjob.sim.generate import ci_day
from qgjob.sim.happened import tell_nobody
from qgjob.sim.run import _Simulation, simulate
from qgjob.sim.trace import Install, Trace
from tests.sim.traces import a_job, a_trace, a_worker

Event = tuple[float, str, str, str]


def events_of(trace: Trace, policy: str = "warmsplit", *, one_job_a_lease: bool = False) -> list[Event]:
    events: list[Event] = []
    simulate(
        trace,
        policy_named(policy, {}, one_job_a_lease=one_job_a_lease),
        tell=lambda t, event, worker, _, about: events.append((round(t, 3), event, worker, about)),
    )
    return events


def test_a_version_is_installed_once_for_all_its_jobs() -> None:
    trace = a_trace([a_job("a", seconds=60), a_job("b", seconds=40)], history={"tests/a": 60, "tests/b": 40})

    assert events_of(trace) == [
        (0, "install_started", "p1", "v1"),
        (100, "install_done", "p1", "v1"),
        (100, "job_started", "p1", "a"),
        (160, "job_done", "p1", "a"),
        (160, "job_started", "p1", "b"),
        (200, "job_done", "p1", "b"),
    ]


def test_one_worker_does_two_versions_one_after_the_other() -> None:
    trace = a_trace([a_job("a", version="v1"), a_job("b", version="v2"), a_job("c", version="v1")])
    happened = simulate(trace, POLICIES["warmsplit"])

    assert happened.installs == 2
    assert happened.ended == {"a": 160, "c": 220, "b": 380}


def test_first_come_first_served_installs_for_whoever_is_next() -> None:
    jobs = [
        a_job("a", version="v1", run="r1"),
        a_job("b", version="v2", run="r2", submit_s=1),
        a_job("c", version="v1", run="r3", submit_s=2),
    ]
    happened = simulate(a_trace(jobs), POLICIES["fifo"])

    assert happened.installs == 3
    assert happened.ended == {"a": 160, "b": 320, "c": 480}


def test_a_whole_group_goes_to_one_worker_and_begins_at_a_tick() -> None:
    jobs = [a_job("a", submit_s=1), a_job("b", submit_s=1)]
    trace = a_trace(jobs, workers=[a_worker("p1"), a_worker("p2")])

    assert simulate(trace, POLICIES["whole-group"]).ended == {"a": 165, "b": 225}


def test_a_group_that_is_worth_another_installation_gets_a_second_worker() -> None:
    jobs = [a_job(name, seconds=200) for name in "abcd"]
    trace = a_trace(jobs, workers=[a_worker("p1"), a_worker("p2")], history={f"tests/{name}": 200 for name in "abcd"})
    happened = simulate(trace, POLICIES["warmsplit"])

    assert happened.installs == 2
    assert happened.ended == {"a": 300, "b": 300, "c": 500, "d": 500}


def test_short_jobs_share_a_lease_and_one_job_a_lease_can_be_asked_for() -> None:
    trace = a_trace([a_job(name, seconds=5) for name in "ab"], history={"tests/a": 5, "tests/b": 5})

    assert events_of(trace)[-1] == (110, "job_done", "p1", "b")
    assert events_of(trace, one_job_a_lease=True) == events_of(trace)


def test_an_upload_to_a_cloud_is_waited_for_once_by_all_its_workers() -> None:
    trace = a_trace(
        [a_job("a", seconds=300), a_job("b", seconds=300), a_job("c", seconds=300)],
        workers=[a_worker("c1"), a_worker("c2")],
        install=Install(seconds=20, estimate_s=20, upload_s=50),
        history={f"tests/{name}": 300 for name in "abc"},
    )

    assert events_of(trace)[:4] == [
        (0, "install_started", "c1", "v1"),
        (0, "install_started", "c2", "v1"),
        (70, "install_done", "c1", "v1"),
        (70, "job_started", "c1", "a"),
    ]


def test_a_lost_worker_loses_its_job_and_its_installation() -> None:
    trace = a_trace([a_job("a", seconds=60)], workers=[a_worker("p1", "phone", (120, 140))])

    assert events_of(trace) == [
        (0, "install_started", "p1", "v1"),
        (100, "install_done", "p1", "v1"),
        (100, "job_started", "p1", "a"),
        (120, "worker_lost", "p1", ""),
        (140, "worker_back", "p1", ""),
        (155, "install_started", "p1", "v1"),
        (255, "install_done", "p1", "v1"),
        (255, "job_started", "p1", "a"),
        (315, "job_done", "p1", "a"),
    ]


def test_a_job_of_a_lost_worker_goes_on_elsewhere() -> None:
    trace = a_trace([a_job("a", seconds=60)], workers=[a_worker("p1", "phone", (120, 900)), a_worker("p2")])
    happened = simulate(trace, POLICIES["warmsplit"])

    assert happened.ended == {"a": 315}
    assert happened.started == {"a": 100}
    assert happened.installs == 2
    assert happened.gave_up == set()


def test_what_asks_for_either_of_two_classes_runs_on_both() -> None:
    trace = a_trace(
        [a_job("a", requirement="any", seconds=300), a_job("b", requirement="any", seconds=300)],
        workers=[a_worker("e1", "emulator"), a_worker("d1", "device")],
        requirements={name: frozenset(name.split()) for name in ("emulator", "device")}
        | {"any": frozenset({"emulator", "device"})},
        history={"tests/a": 300, "tests/b": 300},
    )

    assert simulate(trace, POLICIES["warmsplit"]).ended == {"a": 400, "b": 400}


def test_only_the_class_that_is_asked_for_serves() -> None:
    trace = a_trace(
        [a_job("a", requirement="device"), a_job("b", requirement="device")],
        workers=[a_worker("e1", "emulator"), a_worker("d1", "device")],
        requirements={name: frozenset({name}) for name in ("emulator", "device")},
    )

    assert {worker for _, _, worker, _ in events_of(trace)} == {"d1"}


def test_the_same_trace_comes_to_the_same_to_the_last_event() -> None:
    jobs = [a_job(f"{version}{number}", version=version) for version in ("v1", "v2", "v3") for number in range(6)]
    trace = a_trace(jobs, workers=[a_worker("p1"), a_worker("p2"), a_worker("p3")])

    assert events_of(trace) == events_of(trace)


def test_after_a_day_with_losses_every_sum_of_the_farm_is_what_a_recount_says() -> None:
    day = ci_day(seed=1)
    gone = tuple(
        replace(worker, down=((2000.0 + 50 * place, 2400.0 + 50 * place), (9000.0, 9020.0)))
        for place, worker in enumerate(day.workers)
    )
    trace = replace(day, workers=gone, jobs=day.jobs[:400])
    agenda = Agenda()
    farm = SimulatedFarm(trace, POLICIES["warmsplit"], now_s=lambda: agenda.now_s)
    happened = _Simulation(trace, POLICIES["warmsplit"], farm, agenda, tell_nobody).run()

    assert farm._store.write(broken) == ()
    assert len(happened.ended) == 400
    assert happened.gave_up == set()
    farm.close()


def test_a_job_that_was_a_part_of_a_file_is_done_like_any_other() -> None:
    trace = a_trace([a_job("a.spec.js:12", seconds=60)], history={"tests/a.spec.js:12": 60})

    assert simulate(trace, POLICIES["warmsplit"]).ended == {"a.spec.js:12": 160}
