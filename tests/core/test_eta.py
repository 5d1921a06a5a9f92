"""When leased and waiting jobs are done, and what is said when that cannot be told."""

from datetime import UTC, datetime, timedelta

from qgjob.core.eta import Eta, LeftToDo, eta_of_waiting, etas_of_lease, together
from qgjob.core.forecast import Forecast, Turn
from qgjob.core.lengths import about
from qgjob.core.words import JobId

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def at(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def left(name: str, estimate: float, started: float | None = None) -> LeftToDo:
    return LeftToDo(
        job_id=JobId(name),
        estimate=timedelta(seconds=estimate),
        started_at=None if started is None else at(started),
    )


def test_jobs_of_a_lease_follow_one_another_behind_the_installation() -> None:
    etas = etas_of_lease([left("a", 10), left("b", 20)], busy_until_at=at(75), now=NOON)

    assert etas == {
        "a": Eta(start_about_at=at(45), done_about_at=at(55)),
        "b": Eta(start_about_at=at(55), done_about_at=at(75)),
    }


def test_what_runs_moves_the_others() -> None:
    etas = etas_of_lease([left("a", 10, started=-5), left("b", 20)], busy_until_at=at(75), now=NOON)

    assert etas == {"a": Eta(done_about_at=at(5)), "b": Eta(start_about_at=at(5), done_about_at=at(25))}


def test_behind_what_takes_too_long_only_the_earliest_is_known() -> None:
    etas = etas_of_lease([left("a", 10, started=-15), left("b", 20)], busy_until_at=at(75), now=NOON)

    assert etas == {"a": Eta(not_before_at=NOON), "b": Eta(not_before_at=at(20))}


def test_an_installation_that_takes_too_long_is_not_said_to_end() -> None:
    assert etas_of_lease([left("a", 10)], busy_until_at=at(5), now=NOON) == {"a": Eta(not_before_at=at(10))}


def told(*, upto: float | None, turn: tuple[float, float] | None = None) -> Forecast:
    turns = {}
    if turn is not None:
        starts_in, done_in = (timedelta(seconds=each) for each in turn)
        turns[JobId("a")] = Turn(leased_in=timedelta(0), starts_in=starts_in, done_in=done_in)
    return Forecast(turns=turns, upto=None if upto is None else timedelta(seconds=upto))


def test_a_waiting_job_with_a_turn_has_its_times() -> None:
    eta = eta_of_waiting(JobId("a"), timedelta(0), told(upto=1, turn=(40, 60)), at_least=False, now=NOON)

    assert eta == Eta(start_about_at=at(40), done_about_at=at(60))


def test_a_turn_behind_more_jobs_than_were_counted_is_only_the_earliest() -> None:
    eta = eta_of_waiting(JobId("a"), timedelta(0), told(upto=1, turn=(40, 60)), at_least=True, now=NOON)

    assert eta == Eta(not_before_at=at(60))


def test_without_a_turn_it_is_not_done_before_the_end_of_the_forecast_and_its_own_length() -> None:
    length = timedelta(seconds=7)

    assert eta_of_waiting(JobId("a"), length, told(upto=100), at_least=False, now=NOON) == Eta(not_before_at=at(107))
    assert eta_of_waiting(JobId("a"), length, told(upto=None), at_least=False, now=NOON) == Eta()


def test_several_are_done_with_the_last_of_them() -> None:
    assert together([Eta(done_about_at=at(5)), Eta(done_about_at=at(9))]) == Eta(done_about_at=at(9))


def test_several_of_which_one_is_unknown_are_not_done_before_the_latest_that_is_known() -> None:
    assert together([Eta(done_about_at=at(9)), Eta(not_before_at=at(5))]) == Eta(not_before_at=at(9))
    assert together([Eta(done_about_at=at(9)), Eta()]) == Eta(not_before_at=at(9))


def test_lengths_are_told_no_more_exactly_than_they_are_known() -> None:
    told_lengths = [about(timedelta(seconds=number)) for number in (-5, 0.4, 40, 119, 121, 3600, 7199, 9000)]

    assert told_lengths == ["0 s", "0 s", "40 s", "119 s", "2 min", "60 min", "2 h 0 min", "2 h 30 min"]
