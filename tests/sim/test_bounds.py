from qgjob.sim.bounds import alone_s, least_makespan_s
from tests.sim.traces import a_job, a_trace, a_worker


def test_alone_every_worker_installs_and_none_is_idle_before_the_last_job() -> None:
    jobs = [a_job("a", seconds=60), a_job("b", seconds=100), a_job("c", seconds=80)]

    assert alone_s(a_trace(jobs), jobs) == 340
    assert alone_s(a_trace(jobs, workers=[a_worker("p1"), a_worker("p2")]), jobs) == 220
    assert alone_s(a_trace(jobs, workers=[a_worker(f"p{n}") for n in range(3)]), jobs) == 200


def test_one_worker_installs_each_version_once() -> None:
    assert round(least_makespan_s(a_trace([a_job("a"), a_job("b", version="v2"), a_job("c")])), 6) == 380


def test_a_version_that_needs_two_workers_to_be_done_in_time_is_installed_twice() -> None:
    jobs = [a_job(name, seconds=200) for name in "abcd"]

    assert round(least_makespan_s(a_trace(jobs, workers=[a_worker("p1"), a_worker("p2")])), 6) == 500


def test_what_comes_late_cannot_be_done_before_it_comes() -> None:
    jobs = [a_job("a", seconds=10), a_job("b", version="v2", submit_s=1000, seconds=50)]

    assert least_makespan_s(a_trace(jobs, workers=[a_worker(f"p{n}") for n in range(9)])) == 1150


def test_the_work_of_one_class_is_not_spread_over_others() -> None:
    jobs = [a_job(name, requirement="device", seconds=100) for name in "abc"]
    trace = a_trace(
        jobs,
        workers=[a_worker("d1", "device"), *(a_worker(f"e{n}", "emulator") for n in range(5))],
        requirements={name: frozenset({name}) for name in ("device", "emulator")},
    )

    assert round(least_makespan_s(trace), 6) == 400
