"""What some rounds come to: the median with its spread, ratios of what followed each other, percentiles."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, kw_only=True)
class Spread:
    """The median of some rounds, the least and the greatest."""

    median: float
    least: float
    greatest: float


def spread(values: Sequence[float]) -> Spread:
    """Sum up at least one value."""
    return Spread(median=median(values), least=min(values), greatest=max(values))


def ratios(ours: Sequence[float], theirs: Sequence[float]) -> Spread:
    """Sum up ours / theirs, round by round: both were measured one after the other in each round."""
    return spread([one / other for one, other in zip(ours, theirs, strict=True)])


def percentile(values: Sequence[float], percent: float) -> float:
    """Return the least value that so many percent of all do not exceed (nearest rank)."""
    rank = max(1, math.ceil(len(values) * percent / 100))
    return sorted(values)[rank - 1]
