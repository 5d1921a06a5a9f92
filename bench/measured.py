"""All that a benchmark has measured, for its report."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bench.goal import Figure
from bench.program import Measures


@dataclass(frozen=True, kw_only=True)
class Measured:
    """`compared`: in plain words, what is beside what. `runs`: what each program said, by its name, in order."""

    compared: str
    set_up: Mapping[str, str]
    figures: Sequence[Figure]
    runs: Mapping[str, Sequence[Measures]]
