"""What the runs come to: medians with their spread, and ratios of runs that followed each other. Pure arithmetic."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bench.runner.plan import GOAL_RATIO, GOAL_SPEED, Speed
from bench.runner.run import Run
from bench.spread import Spread, spread


@dataclass(frozen=True, kw_only=True)
class Pair:
    """Two runs of one round at one speed, one after the other."""

    stock: Run
    qgjob: Run

    @property
    def ratio(self) -> float:
        """Wall time of qgjob as a part of stock's."""
        return self.qgjob.wall_s / self.stock.wall_s

    @property
    def ratio_without_start_up(self) -> float:
        """The same with the start of every program taken off both."""
        return self.qgjob.wall_without_start_up_s / self.stock.wall_without_start_up_s


def over(pairs: Sequence[Pair], measure: Callable[[Pair], float]) -> Spread:
    """Sum up a measure over rounds."""
    return spread([measure(pair) for pair in pairs])


def by_speed(pairs: Sequence[Pair]) -> dict[Speed, list[Pair]]:
    """Sort pairs by speed, in the order of their first."""
    sorted_pairs: dict[Speed, list[Pair]] = {}
    for pair in pairs:
        sorted_pairs.setdefault(pair.stock.speed, []).append(pair)
    return sorted_pairs


def what_bounds(pairs: Sequence[Pair]) -> str | None:
    """Say in a sentence where qgjob's time went when the goal was missed at its speed; None when it was met."""
    at_goal = by_speed(pairs)[GOAL_SPEED]
    reached = over(at_goal, lambda pair: pair.ratio).median
    if reached <= GOAL_RATIO:
        return None
    parts = {
        "starting programs": over(at_goal, lambda pair: pair.qgjob.start_up_s).median,
        "installing": over(at_goal, lambda pair: pair.qgjob.installing_s).median,
        "sessions and tests": over(at_goal, lambda pair: pair.qgjob.sessions_and_tests_s).median,
    }
    largest = max(parts, key=lambda part: parts[part])
    spent = ", ".join(f"{part} {seconds:.1f} s" for part, seconds in parts.items())
    return f"Missed: {reached:.3f} at {GOAL_SPEED.name} where {GOAL_RATIO} was wanted, bounded by {largest} ({spent})."
