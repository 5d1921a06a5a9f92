"""One measured run: all cases once, one of the two ways, at one speed. Every number is from a device or a clock."""

from dataclasses import dataclass
from enum import StrEnum

from bench.runner.plan import Speed


class Way(StrEnum):
    """How the cases are run."""

    STOCK = "stock"
    QGJOB = "qgjob"


@dataclass(frozen=True, kw_only=True)
class DeviceCounts:
    """What the device counted in a run: installs of the app under test and of Appium's helper apps, and sessions."""

    installs: int
    sessions: int
    helper_installs: int


@dataclass(frozen=True, kw_only=True)
class Run:
    """`wall_s`: what a person waits for. `start_up_s`: the part of it in which programs start, before a first session.

    `installing_s`: the device's own time for installing the app. `before_s`: what had to start before, not in `wall_s`.
    `processes`: how many Playwright processes it took.
    """

    way: Way
    speed: Speed
    round: int
    cases: int
    processes: int
    wall_s: float
    start_up_s: float
    installing_s: float
    before_s: float
    counts: DeviceCounts

    @property
    def wall_without_start_up_s(self) -> float:
        """Installing, sessions and tests alone."""
        return self.wall_s - self.start_up_s

    @property
    def sessions_and_tests_s(self) -> float:
        """What is left when nothing starts and nothing is installed."""
        return self.wall_s - self.start_up_s - self.installing_s
