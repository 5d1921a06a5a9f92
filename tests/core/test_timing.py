"""How long things last between the server and its workers: they fit together."""

from datetime import timedelta

from qgjob.core.timing import LEASE, OBEDIENCE, PROTOCOL1_LEASE, RENEW_EVERY, SILENT_AFTER


def test_a_lease_outlasts_two_renewals_that_get_lost() -> None:
    assert timedelta(seconds=60) <= LEASE <= timedelta(seconds=90)
    assert timedelta(seconds=15) <= RENEW_EVERY <= timedelta(seconds=20)
    assert 3 * RENEW_EVERY < LEASE


def test_a_worker_is_offline_no_sooner_than_its_lease_is_over() -> None:
    assert LEASE < SILENT_AFTER == timedelta(seconds=90)


def test_workers_of_protocol_1_have_five_minutes() -> None:
    assert timedelta(seconds=300) == PROTOCOL1_LEASE


def test_an_agent_has_time_to_hear_of_a_wish_to_stop_and_to_obey() -> None:
    assert RENEW_EVERY + timedelta(seconds=60) <= OBEDIENCE
