"""The same work on other workers: how many of each class, or a range of one of them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from qgjob.core.errors import ConfigurationError
from qgjob.sim.trace import Trace, TraceWorker

MOST_SIZES = 50
_ASKED = re.compile(r"(?P<name>[^=,]+)=(?P<least>\d+)(?:\.\.(?P<most>\d+))?")

Size = Mapping[str, int]
"""How many workers of each class."""


def sizes_of(text: str) -> tuple[Size, ...]:
    """Read `emulator=12,device=4`, or `emulator=4..16,device=4`: one size for each number of a range.

    Raises ConfigurationError for what is neither, and for more than one range.
    """
    numbers: dict[str, range] = {}
    for part in text.split(","):
        asked = _ASKED.fullmatch(part.strip())
        if asked is None:
            raise ConfigurationError(f"{part!r} does not say how many workers: write CLASS=NUMBER or CLASS=FROM..TO.")
        least = int(asked["least"])
        numbers[asked["name"]] = range(least, int(asked["most"] or least) + 1)
    ranges = [name for name, several in numbers.items() if len(several) != 1]
    if len(ranges) > 1 or any(not several or len(several) > MOST_SIZES for several in numbers.values()):
        raise ConfigurationError(
            f"{text!r}: give one range at most, from less to more, of {MOST_SIZES} numbers at most."
        )
    lengths = numbers[ranges[0]] if ranges else range(1)
    return tuple(
        {name: length if name in ranges else several[0] for name, several in numbers.items()} for length in lengths
    )


def on_workers(trace: Trace, size: Size) -> Trace:
    """Have the work of a trace done by other workers, none of which is ever gone.

    A class may be named by a part of its name that no other has. Raises ConfigurationError for one that is not there.
    """
    classes = {_class_named(trace, name): workers for name, workers in size.items()}
    return replace(trace, workers=tuple(_workers(classes)))


def name_of(size: Size) -> str:
    """Say a size as it is asked for."""
    return ",".join(f"{name}={workers}" for name, workers in size.items())


def _workers(classes: Size) -> Iterator[TraceWorker]:
    for name, workers in classes.items():
        for number in range(1, workers + 1):
            yield TraceWorker(name=f"simulated-{name}-{number}", worker_class=name)


def _class_named(trace: Trace, name: str) -> str:
    known = sorted({each for classes in trace.requirements.values() for each in classes})
    found = [each for each in known if name == each] or [each for each in known if name in each]
    if len(found) != 1:
        raise ConfigurationError(f"{name!r} names no class of {trace.name}, or several: it has {', '.join(known)}.")
    return found[0]
