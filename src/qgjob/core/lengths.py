"""Lengths of time that are estimates, in words: no more exactly than they are known."""

from datetime import timedelta

_MINUTE_S = 60
_HOUR_MIN = 60


def about(length: timedelta) -> str:
    """Write a length of time in seconds up to two minutes, in minutes up to two hours; what is over is 0 s."""
    seconds = max(0, round(length.total_seconds()))
    if seconds < 2 * _MINUTE_S:
        return f"{seconds} s"
    minutes = round(seconds / _MINUTE_S)
    return f"{minutes} min" if minutes < 2 * _HOUR_MIN else f"{minutes // _HOUR_MIN} h {minutes % _HOUR_MIN} min"
