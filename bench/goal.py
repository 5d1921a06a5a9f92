"""A goal, a figure, and whether the one is met by the other. Pure arithmetic."""

from dataclasses import dataclass

from bench.spread import Spread


@dataclass(frozen=True, kw_only=True)
class Goal:
    """`least`: the figure should be at least this. `most`: at most this. One of them."""

    least: float | None = None
    most: float | None = None

    def is_met_by(self, value: float) -> bool:
        """Compare."""
        return (self.least is None or value >= self.least) and (self.most is None or value <= self.most)

    def __str__(self) -> str:
        return f">= {self.least:g}" if self.least is not None else f"<= {self.most:g}"


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One line of a benchmark's table: `work` on `database`, compared `against` something in a `unit`.

    `unit` "x" is a ratio. `goal` None: shown for what it is. `bounds` says what bounds it where the goal was missed.
    """

    work: str
    database: str
    against: str
    unit: str
    measured: Spread
    goal: Goal | None = None
    bounds: str | None = None

    @property
    def verdict(self) -> str:
        """Judge the median."""
        if self.goal is None:
            return ""
        return "met" if self.goal.is_met_by(self.measured.median) else "missed"
