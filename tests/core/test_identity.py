"""Ids that sort by when they were made."""

from datetime import UTC, datetime, timedelta
from itertools import islice, repeat
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from qgjob.core.identity import ids_at

NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)


def test_an_id_is_a_version_7_uuid_with_its_milliseconds_in_front() -> None:
    (made,) = islice(ids_at(NOON, repeat(0)), 1)

    assert made == "01a22206-ca00-7000-8000-000000000000"
    assert UUID(made).version == 7
    assert int(made.replace("-", "")[:12], 16) == NOON.timestamp() * 1000


@given(noise=st.lists(st.integers(min_value=0), min_size=2, max_size=20), later_ms=st.integers(1, 10**9))
def test_ids_grow_within_a_call_and_from_one_millisecond_to_the_next(noise: list[int], later_ms: int) -> None:
    first = list(ids_at(NOON, iter(noise)))
    second = list(ids_at(NOON + timedelta(milliseconds=later_ms), iter(noise)))

    assert sorted({*first, *second}) == first + second


def test_more_than_a_millisecond_holds_run_into_the_next_and_stay_in_order() -> None:
    made = list(islice(ids_at(NOON, repeat(5)), 10_000))

    assert made == sorted(set(made))
