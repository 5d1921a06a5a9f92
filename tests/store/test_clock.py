"""Times as the store keeps them."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qgjob.store.clock import SteadyClock, from_micros, to_micros
from tests.store.clocks import NOON, HandClock


@given(at=st.datetimes(timezones=st.just(UTC)))
def test_a_time_survives_being_stored(at: datetime) -> None:
    assert from_micros(to_micros(at)) == at


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(TypeError):
        to_micros(datetime(2026, 11, 23))  # noqa: DTZ001  # what is refused


def test_a_length_of_time_is_stored_in_microseconds() -> None:
    assert to_micros(timedelta(milliseconds=1.5)) == 1500


def test_a_steady_clock_never_goes_backwards() -> None:
    hand = HandClock()
    steady = SteadyClock(hand)
    hand.advance(10)
    assert steady() == NOON + timedelta(seconds=10)
    hand.advance(-3600)
    assert steady() == NOON + timedelta(seconds=10)
    hand.advance(3601)
    assert steady() == NOON + timedelta(seconds=11)
