"""How the classes and requirements of a trace are said in the farm's own words."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product

from qgjob.core.errors import ConfigurationError
from qgjob.core.words import Platform, Target
from qgjob.sim.trace import Trace

Kind = tuple[Target, Platform]
"""What a simulated device of a class says that it is."""


@dataclass(frozen=True, kw_only=True)
class Words:
    """`kinds`: by class. `asks`: by requirement; platform None: either kind of the target."""

    kinds: Mapping[str, Kind]
    asks: Mapping[str, tuple[Target, Platform | None]]


def words_of(trace: Trace) -> Words:
    """Find words in which each requirement is met by its classes and by no others. Raises ConfigurationError."""
    there = trace.classes
    wanted = {name: frozenset(classes & there.keys()) for name, classes in trace.requirements.items()}
    pairs = {classes for classes in wanted.values() if len(classes) > 1}
    shared = [name for pair in pairs for name in pair]
    if any(len(pair) != len(Platform) for pair in pairs) or len(set(shared)) < len(shared):
        raise ConfigurationError(f"The requirements of {trace.name} are met by classes in a way that has no words yet.")
    kinds: dict[str, Kind] = {}
    targets = iter(Target)
    for pair in sorted(map(sorted, pairs)):
        target = next(targets, None)
        if target is not None:
            kinds |= {name: (target, platform) for name, platform in zip(pair, Platform, strict=True)}
    alone = iter(product(targets, Platform))
    for name in sorted(there.keys() - kinds.keys()):
        kind = next(alone, None)
        if kind is None:
            raise ConfigurationError(f"The trace {trace.name} has more classes of workers than there are words for.")
        kinds[name] = kind
    asks = {
        name: (kinds[min(classes)][0], kinds[min(classes)][1] if len(classes) == 1 else None)
        for name, classes in wanted.items()
        if classes
    }
    return Words(kinds=kinds, asks=asks)
