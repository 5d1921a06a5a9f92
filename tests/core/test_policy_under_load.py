"""Whom a load keeps waiting: nobody without bound, whatever others submit."""

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from qgjob.core.policy import WarmSplit
from qgjob.core.words import Priority
from tests.core.model_farm import ModelFarm, Push

MINUTE = timedelta(minutes=1)
floods = st.lists(
    st.builds(
        Push,
        at=st.integers(0, 40).map(lambda minutes: minutes * MINUTE),
        org=st.just("flood"),
        version=st.sampled_from(["f1", "f2", "f3"]),
        jobs=st.integers(1, 60),
        each=st.integers(10, 120).map(lambda seconds: timedelta(seconds=seconds)),
        priority=st.sampled_from(Priority),
    ),
    min_size=1,
    max_size=12,
)


def wait_under(flood: list[Push], *, workers: int, at: timedelta) -> timedelta:
    """How long one test of a minute of another org waits that comes in the midst of it."""
    quiet = Push(at=at, org="quiet", version="q1", jobs=1, each=MINUTE)
    farm = ModelFarm(rule=WarmSplit(), workers=workers, install=MINUTE)
    farm.run([*flood, quiet])
    return farm.waits[quiet]


@settings(max_examples=60, deadline=None)
@given(flood=floods, workers=st.integers(1, 4), minute=st.integers(0, 40))
def test_a_quiet_org_is_served_in_bounded_time_however_much_another_submits(
    flood: list[Push], workers: int, minute: int
) -> None:
    """High work may be 30 minutes ahead, urgent work 10; what was due before is bounded by its age (40 minutes).

    A minute of installing comes to each minute of work at most; a worker leaves what it has just installed after 12.
    """
    assert wait_under(flood, workers=workers, at=minute * MINUTE) <= 2 * (30 + 10 + 40 + 2) * MINUTE + 15 * MINUTE


def test_a_flood_of_any_size_costs_a_quiet_org_the_same() -> None:
    """Its deadlines run away from it: ten times the jobs, and the other waits not a second longer."""

    def flood(jobs: int) -> list[Push]:
        return [Push(at=timedelta(0), org="flood", version="f1", jobs=jobs, each=MINUTE)]

    small = wait_under(flood(100), workers=2, at=30 * MINUTE)
    large = wait_under(flood(1000), workers=2, at=30 * MINUTE)

    assert (small, large) == (MINUTE, MINUTE)


def test_a_flood_of_urgent_jobs_costs_others_no_more_than_its_lane_takes() -> None:
    """Of 200 minutes of urgent work in pushes of two the first ten minutes go before all else, the rest does not."""
    flood = [
        Push(at=n * timedelta(seconds=1), org="flood", version="f1", jobs=2, each=MINUTE, priority=Priority.URGENT)
        for n in range(100)
    ]

    assert wait_under(flood, workers=1, at=2 * MINUTE) <= 45 * MINUTE


def test_a_heavier_org_gets_its_share() -> None:
    """Both have had a job to do when they submit an hour of work each: the one of weight 3 has it done first."""
    orgs = ("light", "heavy")
    first = [Push(at=timedelta(0), org=org, version=org, jobs=1, each=MINUTE) for org in orgs]
    light, heavy = (Push(at=MINUTE, org=org, version=org, jobs=60, each=MINUTE) for org in orgs)
    farm = ModelFarm(rule=WarmSplit(), workers=1, install=MINUTE, weights={"heavy": 3})
    farm.run([*first, light, heavy])

    assert (farm.waits[heavy] // MINUTE, farm.waits[light] // MINUTE) == (
        73,
        123,
    )  # the light one keeps its worker until that has paid off


def test_a_group_gets_as_many_workers_as_pay_off() -> None:
    """Of four idle ones that install in a minute: four for twenty minutes of work, three for four, one for one."""

    def installs(jobs: int, each: timedelta) -> int:
        farm = ModelFarm(rule=WarmSplit(), workers=4, install=MINUTE)
        farm.run([Push(at=timedelta(0), org="one", version="v", jobs=jobs, each=each)])
        return farm.installs

    assert [installs(20, MINUTE), installs(4, MINUTE), installs(2, MINUTE / 2)] == [4, 3, 1]
