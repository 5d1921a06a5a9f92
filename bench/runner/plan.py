"""What one call of the benchmark measures: how many cases, how often, at which modelled speeds of the device."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Speed:
    """How fast the virtual device installs; None: at once."""

    name: str
    mb_per_s: float | None


SPEEDS = (
    Speed(name="2 MB/s", mb_per_s=2.0),
    Speed(name="20 MB/s", mb_per_s=20.0),
    Speed(name="instant", mb_per_s=None),
)
GOAL_SPEED = SPEEDS[0]
GOAL_RATIO = 0.5
"""The wall time of qgjob should be at most this part of stock Appwright's at `GOAL_SPEED`."""


@dataclass(frozen=True, kw_only=True)
class Plan:
    """`cases`: at least so many run, in whole spec files. `rounds`: how often each way runs them at each speed."""

    cases: int = 6
    rounds: int = 2
