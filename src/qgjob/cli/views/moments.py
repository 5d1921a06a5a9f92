"""Times and lengths of time for people.

What happened is told in UTC: reader, server and device rarely share a zone. What is expected is told as the reader's
own clock will show it.
"""

from datetime import UTC, datetime

from qgjob.core.lengths import about

_MINUTE_S = 60
_HOUR_S = 3600


def moment(iso: str | None) -> str:
    """Write a time of the wire as `2026-11-23 02:47:05 UTC`; a dash where there is none yet."""
    if iso is None:
        return "-"
    return f"{datetime.fromisoformat(iso).astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


def clock_time(iso: str) -> str:
    """Write only the time of day, for lines that follow one another closely."""
    return f"{datetime.fromisoformat(iso).astimezone(UTC):%H:%M:%S}"


def here_and_now() -> datetime:
    """Tell the time in the reader's own zone."""
    return datetime.now(tz=UTC).astimezone()


def ahead(iso: str, now: datetime) -> str:
    """Write a time that is expected: `in about 3 min (14:05:12 CET)`."""
    return f"in about {about(datetime.fromisoformat(iso) - now)} ({on_the_clock(iso, now)})"


def on_the_clock(iso: str, now: datetime) -> str:
    """Write a time to come as the reader's clock will show it: `14:05:12 CET`."""
    at = datetime.fromisoformat(iso).astimezone(now.tzinfo)
    day = "" if at.date() == now.date() else f"{at:%Y-%m-%d} "
    return f"{day}{at:%H:%M:%S %Z}"


def duration(seconds: float) -> str:
    """Write a length of time in the two largest units that say something: `4.2 s`, `3 min 05 s`, `2 h 10 min`."""
    if seconds < _MINUTE_S:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < _HOUR_S:
        return f"{whole // _MINUTE_S} min {whole % _MINUTE_S:02} s"
    return f"{whole // _HOUR_S} h {whole % _HOUR_S // _MINUTE_S:02} min"


def seconds_between(start_iso: str, end_iso: str) -> float:
    """Seconds from one time of the wire to another."""
    return (datetime.fromisoformat(end_iso) - datetime.fromisoformat(start_iso)).total_seconds()
