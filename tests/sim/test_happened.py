"""What is told of a simulation while it goes on."""

from qgjob.sim.happened import MANY_JOBS, aloud, tell_nobody


def test_a_long_simulation_says_after_each_tenth_how_far_it_is() -> None:
    said: list[str] = []
    tell = aloud(tell_nobody, jobs=MANY_JOBS, say=said.append)
    for number in range(MANY_JOBS):
        tell(float(number), "job_started", "w", "job", str(number))
        tell(float(number), "job_done", "w", "job", str(number))

    assert len(said) == 10
    assert said[0] == "simulated 500 of 5,000 jobs, until 499 s of virtual time"
    assert said[-1] == "simulated 5,000 of 5,000 jobs, until 4,999 s of virtual time"


def test_a_short_one_says_nothing() -> None:
    assert aloud(tell_nobody, jobs=MANY_JOBS - 1, say=print) is tell_nobody
