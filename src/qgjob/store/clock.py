"""Time as the store knows it: aware UTC values outside, whole microseconds since 1970 inside."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import lru_cache

Clock = Callable[[], datetime]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def system_clock() -> datetime:
    """Tell the time of this machine."""
    return datetime.now(UTC)


@lru_cache(maxsize=1024)
def to_micros(value: datetime | timedelta) -> int:
    """Count the microseconds since 1970, or of a length of time. Refuses a naive time with a TypeError.

    The few times of a group of verbs are written in every row of it, so the latest are remembered.
    """
    length = value - _EPOCH if isinstance(value, datetime) else value
    return length // _MICROSECOND


def to_millis(value: datetime) -> int:
    """Count the whole milliseconds since 1970: for sums of many times, which as microseconds leave 64 bits."""
    return to_micros(value) // 1000


def from_micros(micros: int) -> datetime:
    """Read a stored time: aware, in UTC."""
    return _EPOCH + timedelta(microseconds=micros)


class SteadyClock:
    """A clock that never goes backwards: while the one below it does, it stands still. For one thread."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last = _EPOCH

    def __call__(self) -> datetime:
        """Tell the time, or the latest time told so far."""
        self._last = max(self._last, self._clock())
        return self._last
